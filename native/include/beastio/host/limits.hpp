// The limits of who may come (AdmissionOptions) and of how fast a client may send (RateOptions).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "beastio/export.hpp"

namespace beastio {

/// What a client can meet; the names are those of the options.
enum class Limit : std::uint8_t {
  kMaxClients,
  kMaxClientsPerAddress,
  kMaxHandshakesPerSecond,
  kDraining,
  kMaxMessagesPerSecond,
  kMaxBytesPerSecond,
  kMaxConnectionsPerAddress,
};

/// "maxClients", …
BEASTIO_EXPORT std::string_view toString(Limit limit);

/// Clients that have met a limit. Lifetime: valid during the handler's call.
struct LimitNotice {
  Limit limit{};               ///< which
  std::int32_t count = 0;      ///< since the last time that it was told
  std::string_view address{};  ///< of the last of them; empty: it is unknown
  std::string_view sid{};      ///< of the last of them; empty: it was turned away
};

}  // namespace beastio
