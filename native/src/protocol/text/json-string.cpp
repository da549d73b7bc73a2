#include "protocol/text/json-string.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "protocol/text/bytes.hpp"

namespace beastio::protocol {
namespace {

constexpr std::size_t kBlockBytes = 64;
constexpr std::string_view kHex = "0123456789abcdef";

bool isSpecial(std::uint8_t byte) { return byte < 0x20 || byte == '"' || byte == '\\'; }

bool isPlainAscii(char16_t unit) {
  return unit < 0x80 && !isSpecial(static_cast<std::uint8_t>(unit));
}

bool isHighSurrogate(char16_t unit) { return (unit & 0xFC00) == 0xD800; }
bool isLowSurrogate(char16_t unit) { return (unit & 0xFC00) == 0xDC00; }

void appendHex(char16_t unit, std::string& out) {
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kHex[unit >> shift & 0xF]);
}

void appendSpecial(char16_t unit, std::string& out) {
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const auto at = kShort.find(static_cast<char>(unit));
  if (at == std::string_view::npos) return appendHex(unit, out);
  out.push_back('\\');
  out.push_back(kLetters[at]);
}

void appendUtf8(char32_t codePoint, std::string& out) {
  const auto byte = [&out](char32_t value) { out.push_back(static_cast<char>(value)); };
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

}  // namespace

bool isPlainJson(std::string_view text) {
  auto bytes = asBytes(text);
  // Whole blocks without a branch inside, which the compiler turns to vector instructions.
  for (; bytes.size() >= kBlockBytes; bytes = bytes.subspan(kBlockBytes)) {
    std::uint8_t special = 0;
    for (std::size_t i = 0; i < kBlockBytes; ++i) {
      special = static_cast<std::uint8_t>(special | (isSpecial(bytes[i]) ? 1 : 0));
    }
    if (special != 0) return false;
  }
  for (const std::uint8_t byte : bytes) {
    if (isSpecial(byte)) return false;
  }
  return true;
}

void appendJsonString(std::u16string_view text, std::string& out) {
  out.push_back('"');
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto rest = text.substr(i);
    const auto stop = std::find_if_not(rest.begin(), rest.end(), isPlainAscii);
    const auto before = out.size();
    out.resize(before + static_cast<std::size_t>(stop - rest.begin()));
    std::transform(rest.begin(), stop, out.begin() + static_cast<std::ptrdiff_t>(before),
                   [](char16_t unit) { return static_cast<char>(unit); });
    if (stop == rest.end()) break;

    i += static_cast<std::size_t>(stop - rest.begin());
    const char16_t unit = *stop;
    if (unit < 0x80) {
      appendSpecial(unit, out);
    } else if (isHighSurrogate(unit) && i + 1 < text.size() && isLowSurrogate(text[i + 1])) {
      const char32_t low = text[++i];
      appendUtf8(0x10000 + ((char32_t{unit} & 0x3FF) << 10 | (low & 0x3FF)), out);
    } else if (isHighSurrogate(unit) || isLowSurrogate(unit)) {
      appendHex(unit, out);
    } else {
      appendUtf8(unit, out);
    }
  }
  out.push_back('"');
}

}  // namespace beastio::protocol
