// The fixed words of Engine.IO: transports, reasons for closing, errors of requests.
#pragma once

#include <cstdint>
#include <string_view>

#include "beastio/export.hpp"

namespace beastio {

/// What carries a session.
enum class TransportName : std::uint8_t { kPolling, kWebSocket, kWebTransport };

/// Engine.IO's close reasons.
enum class CloseReason : std::uint8_t {
  kTransportClose,
  kTransportError,
  kPingTimeout,
  kParseError,
  kForcedClose,
};

/// The texts of engine.io: "transport close", "transport error", …
BEASTIO_EXPORT std::string_view toString(CloseReason reason);

/// Why a request was refused; the values are engine.io's error codes.
enum class RequestError : std::uint8_t {
  kUnknownTransport = 0,
  kUnknownSid = 1,
  kBadHandshakeMethod = 2,
  kBadRequest = 3,
  kForbidden = 4,
  kUnsupportedProtocolVersion = 5,
};

/// The texts of engine.io: "Transport unknown", …
BEASTIO_EXPORT std::string_view toString(RequestError error);

}  // namespace beastio
