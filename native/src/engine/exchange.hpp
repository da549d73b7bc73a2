// A polling request on its way through the door, whichever way it came. Runs on: the I/O thread of
// its session.
#pragma once

#include <string_view>

#include "engine/door.hpp"
#include "session/channel.hpp"

namespace beastio::engine {

/// A request that a session may keep waiting. Forgets itself in the thread's list of polls.
class Door::Exchange : public session::HttpExchange {
 public:
  Exchange(Polls& polls, RequestId id) : polls_(polls), id_(id) {}
  ~Exchange() override { polls_.erase(id_); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  RequestId id() const override { return id_; }
  /// It is a handshake, and has opened this session.
  virtual void onOpened(std::string_view) {}

 private:
  Polls& polls_;
  RequestId id_;
};

}  // namespace beastio::engine
