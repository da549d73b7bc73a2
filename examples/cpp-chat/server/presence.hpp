// Tells rooms who is in them. Changes are gathered for a moment, so that a hundred people who
// reconnect at once cause one list per room and not a hundred. Runs on: the I/O thread.
#pragma once

#include <beastio/socketio.hpp>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rooms.hpp"
#include "wire.hpp"

namespace chat {

class Presence {
 public:
  Presence(beastio::socketio::Server& io, const Rooms& rooms) : io_(io), rooms_(rooms) {}

  /// The people of these rooms have changed.
  void changed(const std::vector<std::string>& names) {
    changed_.insert(names.begin(), names.end());
    if (std::exchange(isTimerSet_, true)) return;
    io_.after(kGather, [this] { publish(); });
  }

 private:
  static constexpr std::chrono::milliseconds kGather{40};

  void publish() {
    isTimerSet_ = false;
    for (const auto& name : std::exchange(changed_, {})) {
      io_.to(name).emit("people", PeopleNotice{name, rooms_.people(name)});
    }
    io_.emit("directory", rooms_.directory());
  }

  beastio::socketio::Server& io_;
  const Rooms& rooms_;
  std::set<std::string> changed_;
  bool isTimerSet_ = false;
};

}  // namespace chat
