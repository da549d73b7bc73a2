// The step over plain bytes, at every place in a word.
#include "protocol/text/json-scan.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

using namespace beastio::protocol;

TEST_CASE("skipPlainJson stops at the first special byte", "[json]") {
  for (unsigned value = 0; value < 0x100; ++value) {
    const char byte = static_cast<char>(value);
    const bool isSpecial = value < 0x20 || byte == '"' || byte == '\\';
    CHECK(isJsonSpecial(byte) == isSpecial);
    for (std::size_t at = 0; at < 24; ++at) {
      for (const char around : {'a', '\xFF', '\x20', '#', ']'}) {
        std::string text(24, around);
        text[at] = byte;
        if (at + 1 < text.size()) text[at + 1] = '\0';  // a later one does not count
        CAPTURE(value, at, around);
        REQUIRE(skipPlainJson(text, 0) == (isSpecial ? at : std::min<std::size_t>(at + 1, 24)));
        REQUIRE(skipPlainJson(text, at) == skipPlainJson(text, 0));
      }
    }
  }
}

TEST_CASE("skipPlainJson stops at the end", "[json]") {
  for (std::size_t size = 0; size < 20; ++size) {
    CHECK(skipPlainJson(std::string(size, 'a'), 0) == size);
    CHECK(skipPlainJson(std::string(size, 'a'), size) == size);
  }
}
