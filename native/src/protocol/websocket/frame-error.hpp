// What a peer's frame can violate of RFC 6455, and what it is answered: the close code, and the
// text of the `ws` package. Pure functions.
#pragma once

#include <cstdint>
#include <string>

namespace beastio::protocol {

/// Why a peer's frame cannot be accepted. `closeCode` and `describe` tell what to answer.
enum class FrameError : std::uint8_t {
  kNone,
  kRsv1,
  kRsv23,
  kBadOpcode,
  kUnmasked,
  kFragmentedControl,
  kControlTooLong,
  kUnexpectedContinuation,
  kExpectedContinuation,
  kMessageTooBig,
  kLengthUnsupported,
  kTooManyFragments,
  kInvalidUtf8,
  kBadCloseLength,
  kBadCloseCode,
};

/// RFC 6455 §7.4.1: 1002, 1007, 1008 or 1009. Requires an error (not kNone).
std::uint16_t closeCode(FrameError error);

/// The text that `ws` gives its Error, with its class, e.g. "RangeError: Max payload size
/// exceeded". Some name the number at fault: pass FrameParser::offendingValue(). Requires an error
/// (not kNone).
std::string describe(FrameError error, std::uint16_t offendingValue);

/// Whether a peer may send `code` in a close frame (RFC 6455 §7.4; 1014 and 3000–4999 included).
bool isValidCloseCode(std::uint16_t code);

}  // namespace beastio::protocol
