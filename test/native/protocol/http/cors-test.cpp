// The lines of CORS by themselves; own-port/cors-test.cpp compares whole answers.
#include "protocol/http/cors.hpp"

#include <catch2/catch.hpp>

#include "beastio/options.hpp"

using namespace beastio;
using namespace beastio::protocol;

TEST_CASE("An origin is allowed only if it is named, byte by byte", "[cors]") {
  const CorsOptions options{.origins = {"https://a.example"}};
  const auto linesFor = [&options](const std::string& origin) {
    return corsLines(options, "GET / HTTP/1.1\r\nOrigin: " + origin + "\r\n\r\n");
  };
  CHECK(linesFor("https://a.example") ==
        "Access-Control-Allow-Origin: https://a.example\r\nVary: Origin\r\n");
  for (const auto* const other : {"https://a.example.evil", "https://a.exampl", "HTTPS://A.EXAMPLE",
                                  "https://a.example:443", "null", "*", ""}) {
    CHECK(linesFor(other) == "Vary: Origin\r\n");
  }
  CHECK(corsLines(options, "GET / HTTP/1.1\r\n\r\n") == "Vary: Origin\r\n");
  CHECK(corsLines(options, "GET / HTTP/1.1\r\nOrigin: https://a.example\r\nOrigin: x\r\n\r\n") ==
        "Vary: Origin\r\n");
}

TEST_CASE("What a preflight asks for is reflected in one Vary line", "[cors]") {
  CHECK(preflightLines({.origins = {"http://a"}},
                       "OPTIONS / HTTP/1.1\r\nOrigin: http://a\r\n"
                       "Access-Control-Request-Headers: x\r\n\r\n") ==
        "Access-Control-Allow-Origin: http://a\r\n"
        "Vary: Origin, Access-Control-Request-Headers\r\n"
        "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n"
        "Access-Control-Allow-Headers: x\r\n");
}
