// Base64 by tables. Packets in base64 are the rare ones (binary over polling), so this is plain
// code: one pass, one allocation. Runs on: any thread.
#include "protocol/text/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace beastio::protocol {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNotInAlphabet = 0xFF;

/// The six bits that each character stands for, in the plain and in the URL-safe alphabet.
constexpr auto kSextets = [] {
  std::array<std::uint8_t, 256> sextets{};
  sextets.fill(kNotInAlphabet);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    sextets[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  sextets['-'] = 62;
  sextets['_'] = 63;
  return sextets;
}();

}  // namespace

void appendBase64(Bytes bytes, std::string& out) {
  const std::size_t before = out.size();
  out.resize(before + (bytes.size() + 2) / 3 * 4, '=');
  char* to = out.data() + before;
  const auto sextet = [](std::uint32_t group, int shift) {
    return kAlphabet[(group >> shift) & 0x3F];
  };

  std::size_t at = 0;
  for (; bytes.size() - at >= 3; at += 3, to += 4) {
    const std::uint32_t group = (std::uint32_t{bytes[at]} << 16) |
                                (std::uint32_t{bytes[at + 1]} << 8) | std::uint32_t{bytes[at + 2]};
    to[0] = sextet(group, 18);
    to[1] = sextet(group, 12);
    to[2] = sextet(group, 6);
    to[3] = sextet(group, 0);
  }

  // One or two bytes are left: the padding is there already.
  const std::size_t left = bytes.size() - at;
  if (left == 0) return;
  const std::uint32_t group =
      (std::uint32_t{bytes[at]} << 16) | (left == 2 ? std::uint32_t{bytes[at + 1]} << 8 : 0);
  to[0] = sextet(group, 18);
  to[1] = sextet(group, 12);
  if (left == 2) to[2] = sextet(group, 6);
}

std::string decodeBase64(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  char* to = out.data();
  std::uint32_t bits = 0;  // the last sextets read; those already written are above `bitCount`
  int bitCount = 0;
  for (const char character : text) {
    if (character == '=') break;
    const std::uint8_t sextet = kSextets[static_cast<std::uint8_t>(character)];
    if (sextet == kNotInAlphabet) continue;
    bits = (bits << 6) | sextet;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      *to++ = static_cast<char>(bits >> bitCount);
    }
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
  return out;
}

}  // namespace beastio::protocol
