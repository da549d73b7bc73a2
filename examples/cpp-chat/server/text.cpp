#include "text.hpp"

#include <locale.h>

#include <clocale>
#include <cwctype>
#include <stdexcept>

namespace chat {
namespace {

// Its tables are Unicode's, whatever the locale of the process.
locale_t unicode() {
  static const locale_t locale = [] {
    const locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (made == nullptr) throw std::runtime_error("the C library has no locale C.UTF-8");
    return made;
  }();
  return locale;
}

constexpr bool isWithin(char32_t c, char32_t first, char32_t last) {
  return first <= c && c <= last;
}

char32_t plain(char32_t c) {
  constexpr char32_t kFullWidth = 0xFF01;
  return isWithin(c, kFullWidth, 0xFF5E) ? c - kFullWidth + U'!' : c;
}

}  // namespace

std::u32string decode(std::string_view utf8) {
  std::u32string text;
  text.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[at]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length && at + i < utf8.size(); ++i) {
      c = c << 6U | (static_cast<unsigned char>(utf8[at + i]) & 0x3FU);
    }
    text.push_back(c);
    at += length;
  }
  return text;
}

std::string encode(std::u32string_view text) {
  std::string utf8;
  for (const auto c : text) {
    const int tails = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    constexpr unsigned kFirst[] = {0, 0xC0, 0xE0, 0xF0};
    utf8.push_back(static_cast<char>(kFirst[tails] | c >> (6 * tails)));
    for (int i = tails - 1; i >= 0; --i) {
      utf8.push_back(static_cast<char>(0x80U | (c >> (6 * i) & 0x3FU)));
    }
  }
  return utf8;
}

std::size_t lengthOf(std::u32string_view text) {
  std::size_t length = text.size();
  for (const auto c : text) length += c > 0xFFFF ? 1 : 0;
  return length;
}

// As JavaScript's \s.
bool isSpace(char32_t c) {
  return isWithin(c, 0x09, 0x0D) || c == 0x20 || c == 0xA0 || c == 0x1680 ||
         isWithin(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0xFEFF;
}

bool isLetterOrDigit(char32_t c) {
  return ::iswalnum_l(static_cast<std::wint_t>(c), unicode()) != 0;
}

bool isMark(char32_t c) { return isWithin(c, 0x300, 0x36F); }

std::u32string_view trimmed(std::u32string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::u32string tidied(std::u32string_view text) {
  std::u32string line;
  for (const auto c : trimmed(text)) {
    if (!isSpace(c)) {
      line.push_back(plain(c));
    } else if (line.back() != U' ') {
      line.push_back(U' ');
    }
  }
  return line;
}

std::u32string lowered(std::u32string_view text) {
  std::u32string small(text);
  for (auto& c : small) {
    c = static_cast<char32_t>(::towlower_l(static_cast<std::wint_t>(c), unicode()));
  }
  return small;
}

}  // namespace chat
