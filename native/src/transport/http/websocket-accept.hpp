// The server's side of the WebSocket opening handshake (RFC 6455 §4.2). It checks a request's
// headers in the order and with the answers of `ws`, and composes the 101.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/websocket/deflate-offer.hpp"

namespace beastio {
struct Request;
}

namespace beastio::transport {

struct Acceptance {
  bool accepted = false;
  std::string response{};  ///< the whole answer, to be followed by a close if not accepted
  std::optional<protocol::DeflateParameters> deflate{};  ///< permessage-deflate was agreed on
};

/// `headerLines`: further lines for the 101, each with its CRLF. `deflate`: whether and how
/// permessage-deflate may be negotiated.
Acceptance acceptWebSocket(const Request& request, std::string_view headerLines,
                           const std::optional<protocol::DeflateOptions>& deflate);

/// The answer of engine.io to an upgrade that it refuses.
std::string refuseUpgrade(int status, std::string_view message);

}  // namespace beastio::transport
