// What only one of the doors knows of a request, on its way through what both doors share.
#pragma once

#include <string_view>

#include "beastio/session-id.hpp"

namespace beastio {
struct OwnRequest;
}

namespace beastio::engine {

/// By which door a request came. Lifetime: of the request.
struct Entrance {
  RequestId request = 0;            ///< on the attached door
  std::string_view sid{};           ///< for a new session; empty: to be generated
  const OwnRequest* own = nullptr;  ///< on the own port
};

}  // namespace beastio::engine
