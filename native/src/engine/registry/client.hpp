// What an I/O thread keeps of one Engine.IO client: its session and the rooms it is in.
// Runs on: the I/O thread. Owner: its SessionTable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "beastio/session-id.hpp"
#include "engine/registry/visitors.hpp"
#include "session/session.hpp"
#include "session/timer-queue.hpp"

namespace beastio {
struct Place;
}

namespace beastio::engine {

/// One entry of a client's list of rooms.
struct Membership {
  RoomId room = 0;
  std::size_t position = 0;  ///< where the room's list of members has the client
};

struct Client final : session::TimerClient {
  Client(session::TimerQueue& queue, session::SessionHost& host, SessionId id, std::string sid,
         session::Dialect dialect);
  ~Client();

  /// Replaces the place of that series.
  void skipUpTo(const Place& place);
  bool hasHad(const Place& place) const { return had && covers(place); }

  session::Session session;
  std::vector<Membership> rooms;
  std::unique_ptr<std::vector<Place>> had;  ///< of series, see Batch::skipUpTo; most have none
  Visitors::Visit visit;                    ///< while it is there, limits count it
  std::uint64_t mark = 0;                   ///< the last broadcast that excluded or reached it

 private:
  bool covers(const Place& place) const;
  void onTimer(session::TimePoint now) override { session.onTimer(now); }
};

}  // namespace beastio::engine
