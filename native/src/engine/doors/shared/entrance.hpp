// What only one of the doors knows of a request, on its way through what both doors share.
#pragma once

#include <cstdint>
#include <string_view>

namespace beastio {
struct OwnRequest;
using RequestId = std::uint32_t;
}  // namespace beastio

namespace beastio::engine {

/// By which door a request came. Lifetime: of the request.
struct Entrance {
  RequestId request = 0;            ///< on the attached door
  std::string_view sid{};           ///< for a new session; empty: to be generated
  std::string_view route{};         ///< see AttachedRequest::route
  bool isVerified = false;          ///< see AttachedRequest
  const OwnRequest* own = nullptr;  ///< on the own port
};

}  // namespace beastio::engine
