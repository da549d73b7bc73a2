// The texts of engine.io for the values of the public headers.
#include "beastio/host/limits.hpp"
#include "beastio/host/reply.hpp"
#include "beastio/names.hpp"

namespace beastio {

std::string_view toString(CloseReason reason) {
  switch (reason) {
    case CloseReason::kTransportClose:
      return "transport close";
    case CloseReason::kTransportError:
      return "transport error";
    case CloseReason::kPingTimeout:
      return "ping timeout";
    case CloseReason::kParseError:
      return "parse error";
    case CloseReason::kForcedClose:
      return "forced close";
  }
  return {};
}

std::string_view toString(RequestError error) {
  switch (error) {
    case RequestError::kUnknownTransport:
      return "Transport unknown";
    case RequestError::kUnknownSid:
      return "Session ID unknown";
    case RequestError::kBadHandshakeMethod:
      return "Bad handshake method";
    case RequestError::kBadRequest:
      return "Bad request";
    case RequestError::kForbidden:
      return "Forbidden";
    case RequestError::kUnsupportedProtocolVersion:
      return "Unsupported protocol version";
  }
  return {};
}

std::string_view toString(Limit limit) {
  switch (limit) {
    case Limit::kMaxClients:
      return "maxClients";
    case Limit::kMaxClientsPerAddress:
      return "maxClientsPerAddress";
    case Limit::kMaxHandshakesPerSecond:
      return "maxHandshakesPerSecond";
    case Limit::kMaxMessagesPerSecond:
      return "maxMessagesPerSecond";
    case Limit::kMaxBytesPerSecond:
      return "maxBytesPerSecond";
    case Limit::kMaxConnectionsPerAddress:
      return "maxConnectionsPerAddress";
    case Limit::kDraining:
      return "draining";
  }
  return {};
}

std::string_view toString(ContentType type) {
  switch (type) {
    case ContentType::kNone:
      return {};
    case ContentType::kText:
      return "text/plain; charset=UTF-8";
    case ContentType::kHtml:
      return "text/html";
    case ContentType::kJson:
      return "application/json";
    case ContentType::kOctetStream:
      return "application/octet-stream";
  }
  return {};
}

}  // namespace beastio
