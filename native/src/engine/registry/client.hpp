// What an I/O thread keeps of one Engine.IO client: its session and the rooms it is in.
// Runs on: the I/O thread. Owner: its SessionTable.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "beastio/host/batch.hpp"
#include "session/session.hpp"
#include "session/timer-queue.hpp"

namespace beastio::engine {

/// One entry of a client's list of rooms.
struct Membership {
  RoomId room = 0;
  std::size_t position = 0;  ///< where the room's list of members has the client
};

struct Client final : session::TimerClient {
  Client(session::TimerQueue& queue, session::SessionHost& host, SessionId id, std::string sid,
         session::Dialect dialect)
      : TimerClient(queue), session(host, id, std::move(sid), std::move(dialect)) {}

  /// Replaces the place of that series.
  void skipUpTo(Place place) {
    if (!had) had = std::make_unique<std::vector<Place>>();
    std::erase_if(*had, [&](const Place& other) { return other.series == place.series; });
    had->push_back(place);
  }
  bool hasHad(const Place& place) const {
    if (!had) return false;
    return std::any_of(had->begin(), had->end(), [&](const Place& last) {
      return last.series == place.series && last.number >= place.number;
    });
  }

  session::Session session;
  std::vector<Membership> rooms;
  std::unique_ptr<std::vector<Place>> had;  ///< of series, see Batch::skipUpTo; most have none
  std::uint64_t mark = 0;                   ///< the last broadcast that excluded or reached it

 private:
  void onTimer(session::TimePoint now) override { session.onTimer(now); }
};

}  // namespace beastio::engine
