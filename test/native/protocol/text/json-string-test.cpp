// JSON strings: what needs no escapes, and what JSON.stringify makes of the rest.
#include "protocol/text/json-string.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace beastio::protocol;

namespace {

std::string quoted(std::u16string_view text) {
  std::string out = "x";  // it appends
  appendJsonString(text, out);
  return out.substr(1);
}

}  // namespace

TEST_CASE("isPlainJson refuses what must be escaped, wherever it stands", "[json]") {
  CHECK(isPlainJson(""));
  CHECK(isPlainJson("text / \x7F d\xC3\xA9j\xC3\xA0 \xF0\x9F\x98\x80"));
  for (unsigned value = 0; value < 0x80; ++value) {
    const char byte = static_cast<char>(value);
    const bool plain = value >= 0x20 && byte != '"' && byte != '\\';
    for (const std::size_t at : {0, 1, 63, 64, 127, 128, 149}) {
      std::string text(150, 'a');
      text[at] = byte;
      CAPTURE(value, at);
      CHECK(isPlainJson(text) == plain);
    }
  }
}

TEST_CASE("appendJsonString writes what JSON.stringify writes", "[json]") {
  CHECK(quoted(u"") == "\"\"");
  CHECK(quoted(u"plain") == "\"plain\"");
  CHECK(quoted(u"a\"b\\c/d") == R"("a\"b\\c/d")");
  CHECK(quoted(u"\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(quoted(std::u16string_view(u"\0\x01\x1F\x7F", 4)) == "\"\\u0000\\u0001\\u001f\x7F\"");
  CHECK(quoted(u"\u00E9\u07FF\u0800\u2028\uFFFF") ==
        "\"\xC3\xA9\xDF\xBF\xE0\xA0\x80\xE2\x80\xA8\xEF\xBF\xBF\"");
  CHECK(quoted(u"\U0001F600\U0010FFFF") == "\"\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF\"");
}

TEST_CASE("appendJsonString escapes surrogates without a partner", "[json]") {
  const auto lone = [](std::initializer_list<char16_t> units) {
    return quoted(std::u16string(units));
  };
  CHECK(lone({0xD800}) == R"("\ud800")");
  CHECK(lone({0xDBFF, 'a'}) == R"("\udbffa")");
  CHECK(lone({'a', 0xDC00}) == R"("a\udc00")");
  CHECK(lone({0xDC00, 0xD800}) == R"("\udc00\ud800")");
  CHECK(lone({0xD83D, 0xD83D, 0xDE00}) == "\"\\ud83d\xF0\x9F\x98\x80\"");
}
