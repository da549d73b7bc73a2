// Which clients of one I/O thread are in which room, beside the clients themselves, so that a
// broadcast is one walk over the right ones. Runs on: the I/O thread.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/thread-affinity.hpp"
#include "engine/registry/client.hpp"
#include "engine/registry/session-table.hpp"

namespace beastio {
struct Audience;
}

namespace beastio::engine {

class RoomsIndex {
 public:
  explicit RoomsIndex(SessionTable& sessions) : sessions_(sessions) {}

  /// Joining twice and leaving a room that it is not in are no-ops.
  void join(Client& client, RoomId room);
  void leave(Client& client, RoomId room);
  bool isIn(Client& client, RoomId room) const;
  /// Leaves every room. Order: before the client is removed from the table.
  void leaveAll(Client& client);

  /// The members on this thread of an audience, each once. Lifetime: until the next call.
  std::span<Client* const> resolve(const Audience& audience);

 private:
  using Members = std::vector<Client*>;

  void removeFrom(Members& members, RoomId room, std::size_t position);
  void take(Client& client);

  SessionTable& sessions_;
  std::unordered_map<RoomId, Members> rooms_;
  std::vector<Client*> resolved_;
  std::uint64_t mark_ = 0;  // of the broadcast being resolved; never comes round
  [[no_unique_address]] base::ThreadAffinity affinity_;
};

}  // namespace beastio::engine
