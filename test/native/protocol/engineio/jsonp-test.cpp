// JSONP bodies, byte by byte as engine.io 6.6.11's polling-jsonp writes and reads them.
#include "protocol/engineio/jsonp.hpp"

#include <catch2/catch.hpp>

using namespace beastio::protocol;
using namespace std::string_literals;

TEST_CASE("encodeJsonpScript calls the client's callback", "[jsonp]") {
  CHECK(encodeJsonpScript("3", "4hello") == "___eio[3](\"4hello\");");
  CHECK(encodeJsonpScript("12", "") == "___eio[12](\"\");");
}

TEST_CASE("encodeJsonpScript keeps the digits of the index only", "[jsonp]") {
  CHECK(encodeJsonpScript("alert(1)", "6") == "___eio[1](\"6\");");
  CHECK(encodeJsonpScript("", "6") == "___eio[](\"6\");");
  CHECK(encodeJsonpScript("-1.5e\xC3\xA9", "6") == "___eio[15](\"6\");");
}

TEST_CASE("encodeJsonpScript writes a literal of JavaScript", "[jsonp]") {
  const auto literal = [](const std::string& payload) {
    const std::string script = encodeJsonpScript("3", payload);
    return script.substr(10, script.size() - 12);
  };
  CHECK(literal("\"\\/\b\t\n\f\r\0\x1F\x7F"s) == "\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0000\\u001f\x7F\"");
  CHECK(literal("\xC3\xA9\xE2\x80\xA8\xE2\x82\xAC\xE2\x80\xA9\xF0\x9F\x98\x80\xE2\x80\xAA") ==
        "\"\xC3\xA9\\u2028\xE2\x82\xAC\\u2029\xF0\x9F\x98\x80\xE2\x80\xAA\"");
  CHECK(literal("4a\x1E"
                "4b") == "\"4a\\u001e4b\"");
}

TEST_CASE("decodeJsonpBody reads the field d", "[jsonp]") {
  CHECK(decodeJsonpBody("d=4hello") == "4hello");
  CHECK(decodeJsonpBody("x=1&d=2") == "2");
  CHECK(decodeJsonpBody("&&d=2&") == "2");
  CHECK(decodeJsonpBody("d=4+%C3%A9%2B") == "4 \xC3\xA9+");
  CHECK(decodeJsonpBody("d=%zz") == "%zz");
  CHECK(decodeJsonpBody("d=") == "");
  CHECK(decodeJsonpBody("d") == "");
}

TEST_CASE("decodeJsonpBody has nothing to read without exactly one d", "[jsonp]") {
  for (const char* body : {"", "x=1", "D=1", "d=1&d=2", "d&d", "%64=1&x&d=", "=d"}) {
    CAPTURE(body);
    CHECK(decodeJsonpBody(body) == std::nullopt);
  }
  std::string body;
  for (int i = 0; i < 1'000; ++i) body += "&";
  CHECK(decodeJsonpBody(body + "d=1") == std::nullopt);
  CHECK(decodeJsonpBody(body.substr(1) + "d=1") == "1");
}

TEST_CASE("decodeJsonpBody undoes the client's escapes of newlines", "[jsonp]") {
  CHECK(decodeJsonpBody("d=4a%5Cnb") == "4a\nb");
  CHECK(decodeJsonpBody("d=4a%5C%5Cnb") == "4a\\nb");
  CHECK(decodeJsonpBody("d=4a%5C%5C%5Cnb") == "4a\\\\nb");
  CHECK(decodeJsonpBody("d=4%5C%5C%5C%5Cn") == "4\\\\\\n");
  CHECK(decodeJsonpBody("d=4a%0Ab") == "4a\nb");
  CHECK(decodeJsonpBody("d=%5C") == "\\");
  CHECK(decodeJsonpBody("d=a%5Cb%5Cn") == "a\\b\n");
}
