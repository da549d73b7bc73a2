// UTF-8 over one step, `readSequence`, that knows what RFC 3629 allows. ASCII is skipped a word at
// a time, and runs of two and three bytes are read a character at a look. Runs on: any thread.
#include "protocol/text/utf8.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>

#include "protocol/text/bytes.hpp"

namespace beastio::protocol {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// The first byte of [at, end) that is not ASCII, or `end`.
const std::uint8_t* skipAscii(const std::uint8_t* at, const std::uint8_t* end) {
  while (end - at >= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    if ((word & kHighBits) != 0) break;
    at += sizeof word;
  }
  while (at != end && *at < 0x80) ++at;
  return at;
}

/// One step of decoding. An ill-formed sequence has the length of its maximal subpart.
struct Sequence {
  char32_t codePoint;
  std::uint8_t bytes;
  bool wellFormed;
};

/// Reads the sequence at `at`, which is neither `end` nor an ASCII byte.
Sequence readSequence(const std::uint8_t* at, const std::uint8_t* end) {
  const std::uint8_t lead = *at;
  if (lead < 0xC2 || lead > 0xF4) return {0, 1, false};

  // Overlong forms, surrogates and values over U+10FFFF are all excluded by the range of the second
  // byte (Unicode, table 3-7).
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  std::uint8_t length;
  char32_t codePoint;
  if (lead < 0xE0) {
    length = 2;
    codePoint = lead & 0x1Fu;
  } else if (lead < 0xF0) {
    length = 3;
    codePoint = lead & 0x0Fu;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else {
    length = 4;
    codePoint = lead & 0x07u;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  }

  for (std::uint8_t i = 1; i < length; ++i) {
    if (at + i == end || at[i] < low || at[i] > high) return {0, i, false};
    codePoint = (codePoint << 6) | (at[i] & 0x3Fu);
    low = 0x80;
    high = 0xBF;
  }
  return {codePoint, length, true};
}

/// Calls `take` with the code points from `at` on. It stops at one that is not of two or three
/// bytes, is malformed, or is among the last bytes of the text. Returns the first byte that is not
/// taken.
template <class Take>
const std::uint8_t* readRun(const std::uint8_t* at, const std::uint8_t* end, Take take) {
  while (end - at >= 4) {
    const std::uint32_t word = at[0] | static_cast<std::uint32_t>(at[1]) << 8 |
                               static_cast<std::uint32_t>(at[2]) << 16 |
                               static_cast<std::uint32_t>(at[3]) << 24;
    if ((word & 0xC0C0F0) == 0x8080E0) {
      const char32_t codePoint = (word & 0x0F) << 12 | (word >> 2 & 0xFC0) | (word >> 16 & 0x3F);
      const bool isSurrogate = codePoint - 0xD800 < 0x800;
      if (codePoint < 0x800 || isSurrogate) break;
      take(codePoint);
      at += 3;
    } else if ((word & 0xC0E0) == 0x80C0) {
      const char32_t codePoint = (word & 0x1F) << 6 | (word >> 8 & 0x3F);
      if (codePoint < 0x80) break;
      take(codePoint);
      at += 2;
    } else {
      break;
    }
  }
  return at;
}

}  // namespace

TextKind classifyUtf8(std::string_view text) {
  const std::uint8_t* at = asBytes(text).data();
  const std::uint8_t* const end = at + text.size();
  char32_t highest = 0;
  while ((at = skipAscii(at, end)) != end) {
    at = readRun(at, end, [&](char32_t codePoint) { highest = std::max(highest, codePoint); });
    if (at == end || *at < 0x80) continue;
    const Sequence sequence = readSequence(at, end);
    if (!sequence.wellFormed) return TextKind::kInvalid;
    highest = std::max(highest, sequence.codePoint);
    at += sequence.bytes;
  }
  if (highest == 0) return TextKind::kAscii;
  return highest <= 0xFF ? TextKind::kLatin1 : TextKind::kUtf16;
}

void appendUtf8(char32_t codePoint, std::string& out) {
  const auto byte = [&out](char32_t value) { out.push_back(static_cast<char>(value)); };
  if (codePoint < 0x80) return byte(codePoint);
  if (codePoint < 0x800) {
    byte(0xC0 | codePoint >> 6);
  } else if (codePoint < 0x10000) {
    byte(0xE0 | codePoint >> 12);
    byte(0x80 | (codePoint >> 6 & 0x3F));
  } else {
    byte(0xF0 | codePoint >> 18);
    byte(0x80 | (codePoint >> 12 & 0x3F));
    byte(0x80 | (codePoint >> 6 & 0x3F));
  }
  byte(0x80 | (codePoint & 0x3F));
}

void appendLatin1(std::string_view text, std::string& out) {
  const std::uint8_t* at = asBytes(text).data();
  const std::uint8_t* const end = at + text.size();
  out.reserve(out.size() + text.size());
  while (true) {
    const std::uint8_t* const stop = skipAscii(at, end);
    out.append(reinterpret_cast<const char*>(at), static_cast<std::size_t>(stop - at));
    if (stop == end) return;
    const Sequence sequence = readSequence(stop, end);
    assert(sequence.wellFormed && sequence.codePoint <= 0xFF);
    out.push_back(static_cast<char>(sequence.codePoint));
    at = stop + sequence.bytes;
  }
}

void appendUtf16(std::string_view text, std::u16string& out) {
  const std::uint8_t* at = asBytes(text).data();
  const std::uint8_t* const end = at + text.size();
  // No text has more UTF-16 units than UTF-8 bytes: write without checks, then cut.
  const std::size_t before = out.size();
  out.resize(before + text.size());
  char16_t* unit = out.data() + before;
  while (true) {
    const std::uint8_t* const stop = skipAscii(at, end);
    unit = std::copy(at, stop, unit);
    at =
        readRun(stop, end, [&](char32_t codePoint) { *unit++ = static_cast<char16_t>(codePoint); });
    if (at == end) break;
    if (*at < 0x80) continue;
    const Sequence sequence = readSequence(at, end);
    assert(sequence.wellFormed);
    if (sequence.codePoint < 0x10000) {
      *unit++ = static_cast<char16_t>(sequence.codePoint);
    } else {
      const char32_t offset = sequence.codePoint - 0x10000;
      *unit++ = static_cast<char16_t>(0xD800 + (offset >> 10));
      *unit++ = static_cast<char16_t>(0xDC00 + (offset & 0x3FF));
    }
    at += sequence.bytes;
  }
  out.resize(static_cast<std::size_t>(unit - out.data()));
}

void appendWellFormedUtf8(std::string_view text, std::string& out) {
  const std::uint8_t* at = asBytes(text).data();
  const std::uint8_t* const end = at + text.size();
  const std::uint8_t* pending = at;  // the start of the well-formed bytes not yet appended
  const auto flush = [&] {
    out.append(reinterpret_cast<const char*>(pending), static_cast<std::size_t>(at - pending));
  };
  while ((at = skipAscii(at, end)) != end) {
    at = readRun(at, end, [](char32_t) {});
    if (at == end || *at < 0x80) continue;
    const Sequence sequence = readSequence(at, end);
    if (sequence.wellFormed) {
      at += sequence.bytes;
      continue;
    }
    flush();
    out.append(kReplacement);
    at += sequence.bytes;
    pending = at;
  }
  flush();
}

}  // namespace beastio::protocol
