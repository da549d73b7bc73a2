// UTF-8 validation, and the conversions for JavaScript strings. Expected texts are spelled as
// bytes.
#include "protocol/text/utf8.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace beastio::protocol;

namespace {

std::string latin1(std::string_view text) {
  std::string out;
  appendLatin1(text, out);
  return out;
}

std::u16string utf16(std::string_view text) {
  std::u16string out;
  appendUtf16(text, out);
  return out;
}

std::string wellFormed(std::string_view text) {
  std::string out;
  appendWellFormedUtf8(text, out);
  return out;
}

/// The UTF-8 form of `codePoint`, surrogates included.
std::string encode(char32_t codePoint) {
  const auto trail = [codePoint](int shift) {
    return static_cast<char>(0x80 | ((codePoint >> shift) & 0x3F));
  };
  if (codePoint < 0x80) return {static_cast<char>(codePoint)};
  if (codePoint < 0x800) return {static_cast<char>(0xC0 | (codePoint >> 6)), trail(0)};
  if (codePoint < 0x10000) {
    return {static_cast<char>(0xE0 | (codePoint >> 12)), trail(6), trail(0)};
  }
  return {static_cast<char>(0xF0 | (codePoint >> 18)), trail(12), trail(6), trail(0)};
}

const std::vector<std::string> kIllFormed = {
    "\x80",              // a trail byte alone
    "\xC3",              // cut short
    "\xC0\xAF",          // overlong '/'
    "\xC1\xBF",          // overlong DEL
    "\xE0\x9F\xBF",      // overlong U+07FF
    "\xE2\x82",          // cut short
    "\xE2\x28\xA1",      // no trail byte
    "\xED\xA0\x80",      // surrogate U+D800
    "\xED\xBF\xBF",      // surrogate U+DFFF
    "\xF0\x8F\xBF\xBF",  // overlong U+FFFF
    "\xF0\x9F\x98",      // cut short
    "\xF4\x90\x80\x80",  // U+110000
    "\xF5\x80\x80\x80",  // over every code point
    "\xFF",              //
};

}  // namespace

TEST_CASE("classifyUtf8 finds the narrowest string for every code point", "[utf8]") {
  for (char32_t codePoint = 0; codePoint <= 0x10FFFF; ++codePoint) {
    const bool surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
    const TextKind expected = surrogate           ? TextKind::kInvalid
                              : codePoint <= 0x7F ? TextKind::kAscii
                              : codePoint <= 0xFF ? TextKind::kLatin1
                                                  : TextKind::kUtf16;
    const auto text = encode(codePoint);
    if (classifyUtf8(text) != expected) FAIL(static_cast<std::uint32_t>(codePoint));
    if (classifyUtf8(text + "more") != expected) FAIL(static_cast<std::uint32_t>(codePoint));
  }
}

TEST_CASE("classifyUtf8 finds one character at any place of a text", "[utf8]") {
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      CAPTURE(size, place);
      const auto with = [&](std::string_view character) {
        return std::string(size, 'a').replace(place, 1, character);
      };
      REQUIRE(classifyUtf8(with("b")) == TextKind::kAscii);
      REQUIRE(classifyUtf8(with("\xC3\xA9")) == TextKind::kLatin1);
      REQUIRE(classifyUtf8(with("\xC4\x80")) == TextKind::kUtf16);
      REQUIRE(classifyUtf8(with("\xF0\x9F\x98\x80")) == TextKind::kUtf16);
      for (const std::string& bad : kIllFormed) {
        REQUIRE(classifyUtf8(with(bad)) == TextKind::kInvalid);
      }
    }
  }
  CHECK(classifyUtf8("") == TextKind::kAscii);
  CHECK(classifyUtf8(std::string_view("\0", 1)) == TextKind::kAscii);
  CHECK(classifyUtf8("\xC3\xA9\xE2\x82\xAC\xC3\xA9") == TextKind::kUtf16);
}

TEST_CASE("appendLatin1 gives one byte per character", "[utf8]") {
  CHECK(latin1("") == "");
  CHECK(latin1("plain ASCII text") == "plain ASCII text");
  CHECK(latin1("d\xC3\xA9j\xC3\xA0 vu, \xC2\x80\xC3\xBF") == "d\xE9j\xE0 vu, \x80\xFF");

  std::string out = "kept ";
  appendLatin1("\xC3\xA9", out);
  CHECK(out == "kept \xE9");
}

TEST_CASE("appendUtf16 gives code units, surrogate pairs included", "[utf8]") {
  CHECK(utf16("") == u"");
  CHECK(utf16("plain ASCII text") == u"plain ASCII text");
  CHECK(utf16("\xC3\xA9t\xC3\xA9 5 \xE2\x82\xAC") == u"\u00E9t\u00E9 5 \u20AC");
  CHECK(utf16("\xEF\xBF\xBF|\xF0\x90\x80\x80|\xF4\x8F\xBF\xBF") ==
        std::u16string{0xFFFF, u'|', 0xD800, 0xDC00, u'|', 0xDBFF, 0xDFFF});

  std::u16string out = u"kept ";
  appendUtf16("\xF0\x9F\x98\x80!", out);
  CHECK(out == std::u16string(u"kept ") + char16_t{0xD83D} + char16_t{0xDE00} + u'!');
}

TEST_CASE("appendUtf16 gives the units of every code point, wherever it stands", "[utf8]") {
  for (char32_t codePoint = 0; codePoint <= 0x10FFFF; ++codePoint) {
    if (codePoint == 0xD800) codePoint = 0xE000;
    const auto text = encode(codePoint);
    std::u16string units;
    if (codePoint < 0x10000) {
      units = {static_cast<char16_t>(codePoint)};
    } else {
      units = {static_cast<char16_t>(0xD7C0 + (codePoint >> 10)),
               static_cast<char16_t>(0xDC00 + (codePoint & 0x3FF))};
    }
    if (utf16(text + text + "more") != units + units + u"more") {
      FAIL(static_cast<std::uint32_t>(codePoint));
    }
  }
}

TEST_CASE("appendWellFormedUtf8 replaces each maximal subpart, as TextDecoder does", "[utf8]") {
  const std::string r = "\xEF\xBF\xBD";
  CHECK(wellFormed("") == "");
  CHECK(wellFormed("d\xC3\xA9j\xC3\xA0 \xF0\x9F\x98\x80") == "d\xC3\xA9j\xC3\xA0 \xF0\x9F\x98\x80");
  CHECK(wellFormed("\xEF\xBB\xBF"
                   "a") ==
        "\xEF\xBB\xBF"
        "a");
  CHECK(wellFormed("a\x80z") == "a" + r + "z");
  CHECK(wellFormed("\xC3") == r);
  CHECK(wellFormed("\xE2\x82") == r);
  CHECK(wellFormed("\xE2\x82z\xE2\x82") == r + "z" + r);
  CHECK(wellFormed("\xF0\x9F\x98\xC3\xA9") == r + "\xC3\xA9");
  CHECK(wellFormed("\xC0\xAF") == r + r);
  CHECK(wellFormed("\xED\xA0\x80") == r + r + r);
  CHECK(wellFormed("\xF0\x8F\xBF\xBF") == r + r + r + r);
  CHECK(wellFormed("\xF4\x90\x80\x80") == r + r + r + r);
  CHECK(wellFormed("\xE2\xE2\x82\xAC\xFF") == r + "\xE2\x82\xAC" + r);
  for (const std::string& bad : kIllFormed) {
    CHECK(classifyUtf8(wellFormed("before" + bad + "after")) == TextKind::kUtf16);
  }
}

TEST_CASE("appendUtf8 writes a code point of any length", "[utf8]") {
  std::string out;
  for (const char32_t codePoint : {U'\0', U'a', U'\x7F', U'\x80', U'\u07FF', U'\u0800', U'\uFFFF',
                                   U'\U00010000', U'\U0010FFFF'}) {
    appendUtf8(codePoint, out);
  }
  CHECK(out == std::string("\0a\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F"
                           "\xBF\xBF",
                           21));
}
