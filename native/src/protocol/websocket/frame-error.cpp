#include "protocol/websocket/frame-error.hpp"

#include <cassert>
#include <string_view>

namespace beastio::protocol {

std::uint16_t closeCode(FrameError error) {
  assert(error != FrameError::kNone);
  switch (error) {
    case FrameError::kInvalidUtf8:
      return 1007;
    case FrameError::kTooManyFragments:
      return 1008;
    case FrameError::kMessageTooBig:
    case FrameError::kLengthUnsupported:
      return 1009;
    default:
      return 1002;
  }
}

std::string describe(FrameError error, std::uint16_t offendingValue) {
  const auto invalid = [](std::string_view what) {
    return std::string("RangeError: Invalid WebSocket frame: ").append(what);
  };
  switch (error) {
    case FrameError::kNone:
      break;
    case FrameError::kRsv1:
      return invalid("RSV1 must be clear");
    case FrameError::kRsv23:
      return invalid("RSV2 and RSV3 must be clear");
    case FrameError::kBadOpcode:
    case FrameError::kUnexpectedContinuation:
    case FrameError::kExpectedContinuation:
      return invalid("invalid opcode ") + std::to_string(offendingValue);
    case FrameError::kUnmasked:
      return invalid("MASK must be set");
    case FrameError::kFragmentedControl:
      return invalid("FIN must be set");
    case FrameError::kControlTooLong:
    case FrameError::kBadCloseLength:
      return invalid("invalid payload length ") + std::to_string(offendingValue);
    case FrameError::kBadCloseCode:
      return invalid("invalid status code ") + std::to_string(offendingValue);
    case FrameError::kMessageTooBig:
      return "RangeError: Max payload size exceeded";
    case FrameError::kLengthUnsupported:
      return "RangeError: Unsupported WebSocket frame: payload length > 2^53 - 1";
    case FrameError::kTooManyFragments:
      return "RangeError: Too many message fragments";
    case FrameError::kInvalidUtf8:
      return "Error: Invalid WebSocket frame: invalid UTF-8 sequence";
  }
  assert(false && "kNone has no description");
  return {};
}

bool isValidCloseCode(std::uint16_t code) {
  // 1004 is reserved; 1005 and 1006 say that no code came over the wire.
  if (code >= 1004 && code <= 1006) return false;
  return (code >= 1000 && code <= 1014) || (code >= 3000 && code <= 4999);
}

}  // namespace beastio::protocol
