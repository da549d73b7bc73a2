// The name by which every other thread knows a session. Never a pointer: a stale id is an answer
// ("gone"), not a crash.
#pragma once

#include <cstdint>

namespace beastio {

/// Names one Engine.IO session for as long as it lives; never reused within 2^32 sessions of a
/// slot.
struct SessionId {
  static constexpr unsigned kSlotBits = 24;    ///< of `place`; the thread stands above them
  static constexpr unsigned kMaxThreads = 64;  ///< I/O threads of an engine

  std::uint32_t place = 0;       ///< I/O thread and slot, at most 30 bits: a small integer in V8
  std::uint32_t generation = 0;  ///< how often the slot was used before; 0 names no session

  /// The I/O thread that owns the session.
  constexpr unsigned thread() const { return place >> kSlotBits; }
  /// Its place among the sessions of that thread.
  constexpr std::uint32_t slot() const { return place & ((1U << kSlotBits) - 1); }

  friend constexpr bool operator==(SessionId, SessionId) = default;
};

/// A room, as the host numbers it. Rooms of different namespaces have different numbers.
using RoomId = std::uint32_t;

/// A request or a bridged stream of the attached door, as the host numbers it. 0 names none.
using RequestId = std::uint32_t;

/// From here on are the ids that the engine gives to connections of its port. Those that the host
/// gives are smaller.
inline constexpr RequestId kPortIds = RequestId{1} << 31U;

/// Whether a stream is a connection that the engine has left to the host
/// (EngineHandler::onTlsConnection).
constexpr bool isLeftConnection(RequestId stream) { return stream >= kPortIds; }

}  // namespace beastio
