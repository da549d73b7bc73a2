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

/// One whole frame at the head of the bytes that were parsed; a view into them.
struct ServerFrame {
  Opcode opcode;
  std::string_view payload;
  std::size_t size;  // with its header
};

/// Appends one final frame, masked with `mask`.
void appendFrame(std::string& out, Opcode opcode, std::string_view payload, std::uint32_t mask);

/// The frame at the head of `bytes`, or nothing while it is incomplete.
/// Errors: a LoadError for what no server may send, or none of ours does: a masked or fragmented
/// frame, or one with a reserved bit.
std::optional<ServerFrame> parseFrame(std::string_view bytes);

}  // namespace load
