// The server's side of the WebSocket opening handshake (RFC 6455 §4.2): checks a request's headers
// in the order and with the answers of `ws`, and composes the 101.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "beastio/options.hpp"
#include "protocol/deflate-offer.hpp"

namespace beastio::transport {

/// The parts of an upgrade request that the handshake looks at; empty where a header is missing.
struct UpgradeHeaders {
  std::string_view method{};
  std::string_view upgrade{};
  std::string_view key{};
  std::string_view version{};
  std::optional<std::string_view> protocols{};
  std::optional<std::string_view> extensions{};
};

struct Acceptance {
  bool accepted = false;
  std::string response{};  ///< the whole answer, to be followed by a close if not accepted
  std::optional<protocol::DeflateParameters> deflate{};  ///< permessage-deflate was agreed on
};

/// `headerLines`: further lines for the 101, each with its CRLF. `deflate`: whether and how
/// permessage-deflate may be negotiated.
Acceptance acceptWebSocket(const UpgradeHeaders& headers, std::string_view headerLines,
                           const std::optional<PerMessageDeflateOptions>& deflate);

/// The answer of engine.io to an upgrade that it refuses.
std::string refuseUpgrade(std::string_view message);

}  // namespace beastio::transport
