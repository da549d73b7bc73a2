// The limits that turn clients away before they have a session. See AdmissionOptions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "beastio/export.hpp"

namespace beastio {

/// A limit that turns clients away; the names are those of the options.
enum class Limit : std::uint8_t {
  kMaxClients,
  kMaxClientsPerAddress,
  kMaxHandshakesPerSecond,
  kDraining,
};

/// "maxClients", …
BEASTIO_EXPORT std::string_view toString(Limit limit);

/// Clients that were turned away. Lifetime: valid during the handler's call.
struct TurnedAway {
  Limit limit{};               ///< which they have met
  std::int32_t count = 0;      ///< since the last time that it was told
  std::string_view address{};  ///< of the last of them; empty: it is unknown
};

}  // namespace beastio
