// A request for a session, whoever parsed it: the host's HTTP server for the attached door, or the
// engine for its own port. One struct, so that what follows is the same for both.
#pragma once

#include <optional>
#include <string>

namespace beastio {

/// What both doors know of a request. Strings are empty where a header is missing.
struct Request {
  std::string method{};                 ///< "GET", …
  std::string target{};                 ///< path and query
  std::optional<std::string> origin{};  ///< header value
  bool isUpgrade = false;               ///< it asks for a WebSocket
  std::string contentType{};            ///< of a POST
  std::string body{};                   ///< of a POST

  // The headers of a WebSocket's opening handshake.
  std::string upgrade{};                    ///< Upgrade
  std::string key{};                        ///< Sec-WebSocket-Key
  std::string version{};                    ///< Sec-WebSocket-Version
  std::optional<std::string> protocols{};   ///< Sec-WebSocket-Protocol; the first is accepted
  std::optional<std::string> extensions{};  ///< Sec-WebSocket-Extensions
};

}  // namespace beastio
