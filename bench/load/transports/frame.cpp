// Frame headers, and masking eight bytes at a time.
#include "transports/frame.hpp"

#include <cstring>

#include "error.hpp"

namespace load {
namespace {

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kCompressed = 0x40;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::uint8_t kLength16 = 126;
constexpr std::uint8_t kLength64 = 127;

void appendBigEndian(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}

std::uint64_t readBigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

/// XORs with the mask as it lies in memory, which is the order in which it is sent.
void applyMask(char* data, std::size_t size, std::uint32_t mask) {
  const std::uint64_t wide = std::uint64_t{mask} << 32 | mask;
  std::size_t at = 0;
  for (; at + sizeof wide <= size; at += sizeof wide) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + at, sizeof word);
    word ^= wide;
    std::memcpy(data + at, &word, sizeof word);
  }
  char key[sizeof mask];
  std::memcpy(key, &mask, sizeof mask);
  for (; at < size; ++at) data[at] = static_cast<char>(data[at] ^ key[at % sizeof mask]);
}

}  // namespace

void appendFrame(std::string& out, Opcode opcode, Compressed compressed, std::string_view payload,
                 std::uint32_t mask) {
  out.push_back(static_cast<char>(kFinal | static_cast<std::uint8_t>(compressed) |
                                  static_cast<std::uint8_t>(opcode)));
  if (payload.size() < kLength16) {
    out.push_back(static_cast<char>(kMasked | payload.size()));
  } else if (payload.size() <= 0xFFFF) {
    out.push_back(static_cast<char>(kMasked | kLength16));
    appendBigEndian(out, payload.size(), 2);
  } else {
    out.push_back(static_cast<char>(kMasked | kLength64));
    appendBigEndian(out, payload.size(), 8);
  }
  char key[sizeof mask];
  std::memcpy(key, &mask, sizeof mask);
  out.append(key, sizeof key);
  const std::size_t start = out.size();
  out.append(payload);
  applyMask(out.data() + start, payload.size(), mask);
}

std::optional<ServerFrame> parseFrame(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  const auto second = static_cast<std::uint8_t>(bytes[1]);
  if ((first & ~kCompressed & 0xF0) != kFinal || (first & 0x0F) == 0) {
    throw LoadError("the server sent a fragment or a frame with a reserved bit");
  }
  if ((second & kMasked) != 0) throw LoadError("the server sent a masked frame");

  std::uint64_t length = second;
  std::size_t header = 2;
  if (second >= kLength16) {
    const std::size_t width = second == kLength16 ? 2 : 8;
    header += width;
    if (bytes.size() < header) return std::nullopt;
    length = readBigEndian(bytes.substr(2, width));
  }
  if (bytes.size() - header < length) return std::nullopt;
  return ServerFrame{.opcode = static_cast<Opcode>(first & 0x0F),
                     .compressed = (first & kCompressed) != 0,
                     .payload = bytes.substr(header, length),
                     .size = header + length};
}

}  // namespace load
