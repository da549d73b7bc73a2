// Numbers and UTF-8 as JSON.stringify writes them; test/codecs compares them by chance.
#include "protocol/text/json-writer.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <string>

using namespace beastio::protocol;

namespace {

template <class Number>
std::string written(Number number) {
  std::string out = "x";  // it appends
  appendJsonNumber(number, out);
  return out.substr(1);
}

std::string quoted(std::string_view text) {
  std::string out = "x";
  appendJsonString(text, out);
  return out.substr(1);
}

}  // namespace

TEST_CASE("appendJsonString writes UTF-8 as JSON.stringify does", "[json]") {
  CHECK(quoted("") == "\"\"");
  CHECK(quoted("plain, and more than a word long") == "\"plain, and more than a word long\"");
  CHECK(quoted("a\"b\\c/d") == R"("a\"b\\c/d")");
  CHECK(quoted("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(quoted(std::string_view("\0\x01\x1F\x7F", 4)) == "\"\\u0000\\u0001\\u001f\x7F\"");
  CHECK(quoted("\xC3\xA9 \xE2\x80\xA8 \xF0\x9F\x98\x80") ==
        "\"\xC3\xA9 \xE2\x80\xA8 \xF0\x9F\x98\x80\"");
  CHECK(quoted("\n" + std::string(20, 'a') + "\"") == "\"\\n" + std::string(20, 'a') + "\\\"\"");
}

TEST_CASE("appendJsonString puts U+FFFD for what is not UTF-8", "[json]") {
  const std::string replacement = "\xEF\xBF\xBD";
  CHECK(quoted("a\xFF\"") == "\"a" + replacement + "\\\"\"");
  CHECK(quoted("\xE2\x82") == "\"" + replacement + "\"");
  CHECK(quoted("\xC0\x80") == "\"" + replacement + replacement + "\"");
  CHECK(quoted("\xED\xA0\x80") == "\"" + replacement + replacement + replacement + "\"");
}

TEST_CASE("appendJsonNumber writes doubles as JavaScript does", "[json]") {
  struct Case {
    double number;
    std::string_view text;
  };
  const auto expected = GENERATE(values<Case>({
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-1, "-1"},
      {1234567, "1234567"},
      {0.5, "0.5"},
      {-2.5, "-2.5"},
      {0.1, "0.1"},
      {0.1 + 0.2, "0.30000000000000004"},
      {12.25, "12.25"},
      {1e5, "100000"},
      {1e20, "100000000000000000000"},
      {1e21, "1e+21"},
      {-1e21, "-1e+21"},
      {1.5e21, "1.5e+21"},
      {123456789012345680000.0, "123456789012345680000"},
      {1234567890123456800000.0, "1.2345678901234568e+21"},
      {1e100, "1e+100"},
      {0.001, "0.001"},
      {0.000001, "0.000001"},
      {0.00000123, "0.00000123"},
      {1e-7, "1e-7"},
      {1.23e-7, "1.23e-7"},
      {-1e-7, "-1e-7"},
      {9007199254740991, "9007199254740991"},
      {9007199254740992, "9007199254740992"},
      {-9007199254740993.0, "-9007199254740992"},
      {18014398509481984, "18014398509481984"},
      {4.35, "4.35"},
      {1.0 / 3, "0.3333333333333333"},
      {100000.5, "100000.5"},
      {5e-324, "5e-324"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
      {std::numeric_limits<double>::max(), "1.7976931348623157e+308"},
      {std::numeric_limits<double>::infinity(), "null"},
      {-std::numeric_limits<double>::infinity(), "null"},
      {std::numeric_limits<double>::quiet_NaN(), "null"},
  }));
  CAPTURE(expected.text);
  CHECK(written(expected.number) == expected.text);
}

TEST_CASE("appendJsonNumber writes integers exactly", "[json]") {
  CHECK(written(std::int64_t{0}) == "0");
  CHECK(written(std::int64_t{-5}) == "-5");
  CHECK(written(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(written(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
  CHECK(written(std::uint64_t{9007199254740993}) == "9007199254740993");
  CHECK(written(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
}
