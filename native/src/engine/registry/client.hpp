// What an I/O thread keeps of one Engine.IO client: its session and the rooms it is in.
// Runs on: the I/O thread. Owner: its SessionTable.
#pragma once

#include <string>
#include <utility>
#include <vector>

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

  session::Session session;
  std::vector<Membership> rooms;
  std::uint64_t mark = 0;  ///< the last broadcast that excluded or reached it

 private:
  void onTimer(session::TimePoint now) override { session.onTimer(now); }
};

}  // namespace beastio::engine
