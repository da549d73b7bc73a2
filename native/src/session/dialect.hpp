// How the packets of one client look on the wire: the protocol revision, and what its query says of
// base64 (`b64`) and JSONP (`j`). One place for the differences, so that the session has none.
// Pure functions; each transport of a session has a separate dialect.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/engineio/engineio-packet.hpp"
#include "session/channel.hpp"

namespace beastio::session {

struct Dialect {
  std::uint8_t protocol = 4;
  bool supportsBinary = true;          ///< the query has no `b64`
  std::optional<std::string> jsonp{};  ///< the query's `j`, of the polling transport
};

// WebSocket messages.

/// Reads a text message. `scratch` holds the bytes of a base64 packet. Empty: a parse error.
std::optional<protocol::PacketView> parseText(const Dialect& dialect, std::string_view text,
                                              std::string& scratch);

/// Reads a binary message.
protocol::PacketView parseBinary(const Dialect& dialect, std::string_view bytes);

/// A packet as one WebSocket message: `prefix` and `payload` one after the other.
struct WireMessage {
  bool binary = false;
  std::string_view prefix{};
  std::string_view payload{};
  bool isPlain = true;   ///< `payload` is the packet's data as it is
  bool isCommon = true;  ///< the very same message for every client that `isCommon` holds for
};

/// Lifetime: of the packet's data and of `scratch`.
WireMessage toMessage(const Dialect& dialect, const Outgoing& packet, std::string& scratch);

// Polling.

struct PollAnswer {
  std::string body{};
  bool binary = false;
};

/// The body that answers a poll with `packets`.
PollAnswer encodePoll(const Dialect& dialect, std::span<const protocol::PacketView> packets);

}  // namespace beastio::session
