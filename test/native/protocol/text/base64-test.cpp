// Base64 against what Node 20 answers: the expected values come from Buffer.from(text, 'base64').
#include "protocol/text/base64.hpp"

#include <catch2/catch.hpp>

using namespace beastio::protocol;
using namespace std::string_literals;

namespace {

std::string encode(std::string_view bytes) {
  std::string out;
  appendBase64(asBytes(bytes), out);
  return out;
}

}  // namespace

TEST_CASE("appendBase64 pads to whole groups", "[base64]") {
  // RFC 4648, section 10.
  CHECK(encode("") == "");
  CHECK(encode("f") == "Zg==");
  CHECK(encode("fo") == "Zm8=");
  CHECK(encode("foo") == "Zm9v");
  CHECK(encode("foob") == "Zm9vYg==");
  CHECK(encode("fooba") == "Zm9vYmE=");
  CHECK(encode("foobar") == "Zm9vYmFy");
  CHECK(encode("\xFB\xFF\xBF\0"s) == "+/+/AA==");

  std::string out = "b";
  appendBase64(asBytes("\x01\x02\x03"), out);
  CHECK(out == "bAQID");
}

TEST_CASE("decodeBase64 undoes appendBase64 for every byte at every place", "[base64]") {
  for (std::size_t size = 0; size <= 6; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string bytes(size, '\x5A');
        bytes[place] = static_cast<char>(byte);
        REQUIRE(decodeBase64(encode(bytes)) == bytes);
      }
    }
  }
}

TEST_CASE("decodeBase64 is as lenient as Node", "[base64]") {
  SECTION("padding may be missing or in excess, and ends the text") {
    CHECK(decodeBase64("YQ") == "a");
    CHECK(decodeBase64("YQ=") == "a");
    CHECK(decodeBase64("YWI") == "ab");
    CHECK(decodeBase64("YWJjZA=") == "abcd");
    CHECK(decodeBase64("YQ==Yg==") == "a");
    CHECK(decodeBase64("YW=Jj") == "a");
    CHECK(decodeBase64("YWJj=ZGVm") == "abc");
    CHECK(decodeBase64("YWJj====YWJj") == "abc");
    CHECK(decodeBase64("=YQ==") == "");
    CHECK(decodeBase64("====") == "");
  }
  SECTION("a group of one character holds no byte") {
    CHECK(decodeBase64("") == "");
    CHECK(decodeBase64("Y") == "");
    CHECK(decodeBase64("Y=Q=") == "");
    CHECK(decodeBase64("YWJjZ") == "abc");
  }
  SECTION("left-over bits are dropped") {
    CHECK(decodeBase64("AB==") == "\0"s);
    CHECK(decodeBase64("AP==") == "\0"s);
    CHECK(decodeBase64("AAA") == "\0\0"s);
  }
  SECTION("both alphabets, even mixed") {
    CHECK(decodeBase64("-_-_") == "\xFB\xFF\xBF");
    CHECK(decodeBase64("+/-_") == "\xFB\xFF\xBF");
    CHECK(decodeBase64("YW-_") == "ao\xBF");
  }
  SECTION("all other characters are skipped") {
    CHECK(decodeBase64("Y Q\n=") == "a");
    CHECK(decodeBase64("YW Jj ZG Vm") == "abcdef");
    CHECK(decodeBase64("YWJj\0ZGVm"s) == "abcdef");
    CHECK(decodeBase64("YWJj\xC3\xA9ZGVm") == "abcdef");
    CHECK(decodeBase64("!!!!") == "");
    CHECK(decodeBase64("\xFF\xFE") == "");
  }
}
