// What a session has only for a client that is slow, or has a policy of its own.
// Runs on: the session's I/O thread. Owner: the session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "session/limits/held-packets.hpp"

namespace beastio {
enum class SlowClientPolicy : std::uint8_t;
}

namespace beastio::session {

struct SlowClient {
  explicit SlowClient(protocol::ByteMeter& waiting) : held(waiting) {}

  std::optional<SlowClientPolicy> policy{};  ///< its own; else the settings'
  std::size_t maxSendQueueBytes = 0;         ///< its own; 0: the settings'
  HeldPackets held;

  bool isNeeded() const { return policy || maxSendQueueBytes > 0 || !held.empty(); }
};

}  // namespace beastio::session
