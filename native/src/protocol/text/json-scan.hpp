// The step that all readers and writers of JSON strings share: over the bytes that mean themselves,
// a word at a time. Pure functions.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace beastio::protocol {

/// Whether a string must escape this byte: a quote, a backslash or a control character.
constexpr bool isJsonSpecial(char byte) {
  return static_cast<unsigned char>(byte) < 0x20 || byte == '"' || byte == '\\';
}

/// The bits of the high half of each byte of `word` that is special. Exact up to the first of them
/// from the low end, and zero if there is none.
constexpr std::uint64_t findJsonSpecials(std::uint64_t word) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  // The quote is 0x22, the next byte but one above the control characters: one test finds both.
  const std::uint64_t low = word ^ kEach * 0x02;
  const std::uint64_t backslash = word ^ kEach * '\\';
  return (((low - kEach * 0x21) & ~low) | ((backslash - kEach) & ~backslash)) & kEach * 0x80;
}

/// The offset of the first special byte from `at` on, or the size.
inline std::size_t skipPlainJson(std::string_view text, std::size_t at) {
  if constexpr (std::endian::native == std::endian::little) {
    while (text.size() - at >= sizeof(std::uint64_t)) {
      std::uint64_t word;
      std::memcpy(&word, text.data() + at, sizeof word);
      const std::uint64_t specials = findJsonSpecials(word);
      if (specials != 0) return at + static_cast<std::size_t>(std::countr_zero(specials)) / 8;
      at += sizeof word;
    }
  }
  while (at < text.size() && !isJsonSpecial(text[at])) ++at;
  return at;
}

}  // namespace beastio::protocol
