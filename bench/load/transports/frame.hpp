// The client's side of RFC 6455 frames, as far as a load generator needs it: masked text out,
// unmasked text, close and control frames in. Pure functions over bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace load {

enum class Opcode : std::uint8_t { kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

/// Whether a frame says that its payload is compressed (RSV1).
enum class Compressed : std::uint8_t { kNo = 0, kYes = 0x40 };

/// One whole frame at the head of the bytes that were parsed; a view into them.
struct ServerFrame {
  Opcode opcode;
  bool compressed;  // RSV1
  std::string_view payload;
  std::size_t size;  // with its header
};

/// Appends one final frame, masked with `mask`.
void appendFrame(std::string& out, Opcode opcode, Compressed compressed, std::string_view payload,
                 std::uint32_t mask);

/// The frame at the head of `bytes`, or nothing while it is incomplete. Errors: a LoadError for
/// what no server may send, or none of those measured does. That is a masked or fragmented frame,
/// or one with RSV2 or RSV3.
std::optional<ServerFrame> parseFrame(std::string_view bytes);

}  // namespace load
