#include "beastio/socketio/errors.hpp"

#include <string>

namespace beastio::socketio {
namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "beastio.socketio"; }
  std::string message(int value) const override {
    switch (static_cast<Errc>(value)) {
      case Errc::kGone:
        return "the socket is not connected any more";
      case Errc::kTimeout:
        return "the acknowledgement did not come in time";
      case Errc::kDisconnected:
        return "the socket left before it acknowledged";
      case Errc::kClosed:
        return "the server is closed";
      case Errc::kReservedEvent:
        return "the event's name is reserved";
      case Errc::kBadArguments:
        return "the arguments are not what the handler takes";
      case Errc::kBadPacket:
        return "not a packet, or none for this state";
      case Errc::kTooManyRooms:
        return "the socket is in too many rooms";
      case Errc::kTooManyAcks:
        return "the socket owes too many acknowledgements";
      case Errc::kWouldBlock:
        return "a thread of the server must not wait";
      case Errc::kHandlerFailed:
        return "a handler has thrown";
      case Errc::kHandlerSlow:
        return "handlers have held their thread up";
      case Errc::kUnknownNamespace:
        return "the namespace is not served, or not in this way";
      case Errc::kTaken:
        return "the event or the namespace is taken";
      case Errc::kWrongThread:
        return "not to be called on this thread";
    }
    return "unknown";
  }
};

}  // namespace

const std::error_category& socketioCategory() {
  static const Category category;
  return category;
}

std::error_code make_error_code(Errc error) {
  return {static_cast<int>(error), socketioCategory()};
}

std::string_view toString(DisconnectReason reason) {
  switch (reason) {
    case DisconnectReason::kTransportClose:
      return "transport close";
    case DisconnectReason::kTransportError:
      return "transport error";
    case DisconnectReason::kPingTimeout:
      return "ping timeout";
    case DisconnectReason::kParseError:
      return "parse error";
    case DisconnectReason::kForcedClose:
      return "forced close";
    case DisconnectReason::kForcedServerClose:
      return "forced server close";
    case DisconnectReason::kClientNamespaceDisconnect:
      return "client namespace disconnect";
    case DisconnectReason::kServerNamespaceDisconnect:
      return "server namespace disconnect";
    case DisconnectReason::kServerShuttingDown:
      return "server shutting down";
  }
  return {};
}

}  // namespace beastio::socketio
