// Who receives what a Batch broadcasts.
#pragma once

#include <cstdint>
#include <vector>

#include "beastio/session-id.hpp"

namespace beastio {

/// Who receives a broadcast: members of any of `rooms` and `sessions`, without those of the others.
struct Audience {
  std::vector<RoomId> rooms{};              ///< their members receive it
  std::vector<RoomId> exceptRooms{};        ///< their members do not
  std::vector<SessionId> sessions{};        ///< they receive it
  std::vector<SessionId> exceptSessions{};  ///< they do not
};

/// Which of a series a broadcast is. Sessions that have been given those up to a number in another
/// way do not get them again: see Batch::skipUpTo.
struct Place {
  std::uint32_t series = 0;  ///< 0: none
  std::uint64_t number = 0;  ///< it grows
};

}  // namespace beastio
