#include "protocol/text/json-string.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "protocol/text/json-scan.hpp"
#include "protocol/text/utf8.hpp"

namespace beastio::protocol {
namespace {

constexpr std::size_t kBlockBytes = 64;
constexpr std::string_view kHex = "0123456789abcdef";

bool isPlainAscii(char16_t unit) { return unit < 0x80 && !isJsonSpecial(static_cast<char>(unit)); }

bool isHighSurrogate(char16_t unit) { return (unit & 0xFC00) == 0xD800; }
bool isLowSurrogate(char16_t unit) { return (unit & 0xFC00) == 0xDC00; }

void appendHex(char16_t unit, std::string& out) {
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kHex[unit >> shift & 0xF]);
}

}  // namespace

void appendJsonEscape(char16_t unit, std::string& out) {
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const auto at = kShort.find(static_cast<char>(unit));
  if (at == std::string_view::npos) return appendHex(unit, out);
  out.push_back('\\');
  out.push_back(kLetters[at]);
}

bool isPlainJson(std::string_view text) {
  // Whole blocks without a branch inside, which the compiler turns to vector instructions.
  for (; text.size() >= kBlockBytes; text.remove_prefix(kBlockBytes)) {
    std::uint8_t special = 0;
    for (std::size_t i = 0; i < kBlockBytes; ++i) {
      special = static_cast<std::uint8_t>(special | (isJsonSpecial(text[i]) ? 1 : 0));
    }
    if (special != 0) return false;
  }
  return skipPlainJson(text, 0) == text.size();
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
      appendJsonEscape(unit, out);
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
