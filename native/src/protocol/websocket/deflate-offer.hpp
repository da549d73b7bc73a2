// The negotiation of permessage-deflate (RFC 7692 §7.1) as a server does it. It is a step of the
// opening handshake. It takes the client's Sec-WebSocket-Extensions, and gives the parameters of
// the connection and the header that answers. Accepts, refuses and answers as the `ws` package
// does. Pure function.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beastio::protocol {

/// What the server's options say of a window size. In JavaScript: absent or `true`, `false`, a
/// number.
struct WindowBitsOption {
  enum class Kind : std::uint8_t { kAsOffered, kRefused, kFixed };

  Kind kind = Kind::kAsOffered;
  std::uint8_t bits = 0;  ///< 8 to 15, if fixed
};

/// The options of `perMessageDeflate` that the negotiation depends on, by their names in `ws`.
struct DeflateOptions {
  /// Absent: as the client asks. `false`: an offer that asks for it is not acceptable.
  std::optional<bool> serverNoContextTakeover{};
  /// `false`: as the client offers.
  bool clientNoContextTakeover = false;
  /// Refused: an offer that asks for a size is not acceptable. Fixed: nor is one of a smaller size.
  WindowBitsOption serverMaxWindowBits{};
  /// Refused: the client is not asked for a size. Fixed: acceptable is only an offer that lets the
  /// server choose this size.
  WindowBitsOption clientMaxWindowBits{};
};

/// What was agreed on for one connection.
struct DeflateParameters {
  bool serverNoContextTakeover = false;  ///< our messages do not refer to earlier ones
  bool clientNoContextTakeover = false;  ///< the client's do not
  std::uint8_t serverWindowBits = 15;    ///< 8 to 15
  std::uint8_t clientWindowBits = 15;    ///< 8 to 15

  bool operator==(const DeflateParameters&) const = default;
};

struct DeflateNegotiation {
  enum class Outcome : std::uint8_t {
    kNotOffered,  ///< go on without compression and without the header
    kAccepted,
    kRefused,  ///< answer 400 "Invalid or unacceptable Sec-WebSocket-Extensions header"
  };

  Outcome outcome = Outcome::kNotOffered;
  DeflateParameters parameters{};
  std::string answer{};  ///< the value of Sec-WebSocket-Extensions, if accepted
};

/// Chooses the first offer of permessage-deflate that `options` allow. `header` is the value of the
/// request's Sec-WebSocket-Extensions, joined with ", " if it came more than once. Without one
/// there is nothing to negotiate, while an empty one is malformed. Errors: kRefused if any part of
/// the header is malformed, or if no offer is acceptable. Also if any offer of permessage-deflate
/// has an unknown, repeated or invalid parameter. A window size is read as a decimal integer (RFC
/// 7692 §7.1.2); `ws` takes other spellings of JavaScript ("0xf") too.
DeflateNegotiation negotiateDeflate(std::string_view header, const DeflateOptions& options);

}  // namespace beastio::protocol
