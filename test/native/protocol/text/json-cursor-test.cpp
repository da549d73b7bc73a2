// Walks over JSON, and its strings and numbers as values; test/codecs compares them with
// JavaScript's.
#include "protocol/text/json-cursor.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace beastio::protocol;

namespace {

using Texts = std::vector<std::string>;

Texts elementsOf(std::string_view array) {
  Texts elements;
  JsonArrayCursor cursor(array);
  while (const auto element = cursor.next()) elements.emplace_back(*element);
  return elements;
}

/// Keys and values by turns.
Texts membersOf(std::string_view object) {
  Texts members;
  JsonObjectCursor cursor(object);
  while (const auto member = cursor.next()) {
    members.emplace_back(member->key);
    members.emplace_back(member->value);
  }
  return members;
}

std::optional<std::string> stringOf(std::string_view quoted) {
  std::string out = "what was there before";
  if (!readJsonString(quoted, out)) return std::nullopt;
  return out;
}

template <class Integer>
std::optional<Integer> integerOf(std::string_view text) {
  Integer out = 77;
  if (readJsonInteger(text, out)) return out;
  CHECK(out == 77);
  return std::nullopt;
}

double numberOf(std::string_view text) {
  double out = 77;
  REQUIRE(readJsonNumber(text, out));
  return out;
}

}  // namespace

TEST_CASE("JsonArrayCursor gives the elements of an array", "[json]") {
  CHECK(elementsOf("[]").empty());
  CHECK(elementsOf(" [ ] ").empty());
  CHECK(elementsOf("[1]") == Texts{"1"});
  CHECK(elementsOf(R"(["a",1,true,null,-2.5e3,"b"])") ==
        Texts{"\"a\"", "1", "true", "null", "-2.5e3", "\"b\""});
  CHECK(elementsOf(" [\t1 ,\n{ \"a\" : [ 2 ] } , [ ] ,\"x\" ]\r\n") ==
        Texts{"1", "{ \"a\" : [ 2 ] }", "[ ]", "\"x\""});
  CHECK(elementsOf(R"(["]","[,","\"],","\\",{"}]":"{["}])") ==
        Texts{R"("]")", R"("[,")", R"("\"],")", R"("\\")", R"({"}]":"{["})"});
}

TEST_CASE("JsonArrayCursor has no elements where there is no array", "[json]") {
  for (const auto* text : {"", " ", "1", "{}", "{\"a\":1}", "\"[1]\"", "null"}) {
    CAPTURE(text);
    CHECK(elementsOf(text).empty());
  }
}

TEST_CASE("JsonArrayCursor begins where it is told", "[json]") {
  constexpr std::string_view kArray = R"(["name", 1 ,[2]] )";
  JsonArrayCursor first(kArray);
  CHECK(first.at() == 1);
  first.next();
  JsonArrayCursor rest(kArray, first.at());
  CHECK(rest.next() == "1");
  CHECK(rest.next() == "[2]");
  CHECK(kArray[rest.at()] == ']');
  CHECK_FALSE(rest.next());
  CHECK_FALSE(JsonArrayCursor(kArray, kArray.size()).next());
}

TEST_CASE("JsonObjectCursor gives the members of an object in their order", "[json]") {
  CHECK(membersOf("{}").empty());
  CHECK(membersOf(" { } ").empty());
  CHECK(membersOf(R"({"a":1})") == Texts{"\"a\"", "1"});
  CHECK(membersOf(" {\"b\" : [1,2] ,\n\"a\":{\"c\":{}} , \"\" :\"}\",\"b\":2 } ") ==
        Texts{"\"b\"", "[1,2]", "\"a\"", "{\"c\":{}}", "\"\"", "\"}\"", "\"b\"", "2"});
  CHECK(membersOf(R"({"\"":1,"\\":2,"a:b,c":3})") ==
        Texts{R"("\"")", "1", R"("\\")", "2", R"("a:b,c")", "3"});
  for (const auto* text : {"", "1", "[]", "[\"a\"]", "\"{}\""}) CHECK(membersOf(text).empty());
}

TEST_CASE("skipValue stops behind a value", "[json]") {
  const auto after = [](std::string_view text) { return text.substr(skipValue(text, 0)); };
  CHECK(after("12,") == ",");
  CHECK(after("true]") == "]");
  CHECK(after("null}") == "}");
  CHECK(after("1 ,") == " ,");
  CHECK(after(R"("a\"b" x)") == " x");
  CHECK(after(R"([[1,"]"],{}],2)") == ",2");
  CHECK(after(R"({"a":{"}":[]}}])") == "]");
  CHECK(after("7").empty());
  CHECK(skipValue("", 0) == 0);
}

TEST_CASE("skipValue goes as deep as a text does", "[json]") {
  const std::string text = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  CHECK(skipValue(text + ",1", 0) == text.size());
}

TEST_CASE("Cursors end in any text", "[json]") {
  for (const auto* text : {"[",       "[1",    "[1,",    "[\"a",     "[\"a\\",   "[[",
                           "[}",      "[,,,]", "[1 2]",  "[]]",      "[}}",      "{",
                           "{\"",     "{\"a",  "{\"a\"", "{\"a\":",  "{\"a\":1", "{\"a\" 1,",
                           "{\"a\"}", "{:}",   "{,}",    "{\"a\":]", "{\"a\":1]"}) {
    CAPTURE(text);
    CHECK(elementsOf(text).size() < 5);
    CHECK(membersOf(text).size() < 5);
  }
}

TEST_CASE("readJsonString undoes escapes", "[json]") {
  CHECK(stringOf(R"("")") == "");
  CHECK(stringOf(R"("plain text")") == "plain text");
  CHECK(stringOf(R"("a\"b\\c\/d\b\f\n\r\t")") == "a\"b\\c/d\b\f\n\r\t");
  CHECK(stringOf(R"("\u0041\u00e9\u00E9\u20ac\uFFFF")") ==
        "A\xC3\xA9\xC3\xA9\xE2\x82\xAC\xEF\xBF\xBF");
  CHECK(stringOf(R"("\u0000x")") == std::string("\0x", 2));
  CHECK(stringOf(R"("\ud83d\ude00\uDBFF\uDFFF")") == "\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF");
  CHECK(stringOf("\"d\xC3\xA9j\xC3\xA0\\n\"") == "d\xC3\xA9j\xC3\xA0\n");
}

TEST_CASE("readJsonString puts U+FFFD for half a pair", "[json]") {
  const std::string half = "\xEF\xBF\xBD";
  CHECK(stringOf(R"("\ud800")") == half);
  CHECK(stringOf(R"("\udfffx")") == half + "x");
  CHECK(stringOf(R"("\ud800\u0041")") == half + "A");
  CHECK(stringOf(R"("\ud800\n")") == half + "\n");
  CHECK(stringOf(R"("\ud800\ud83d\ude00")") == half + "\xF0\x9F\x98\x80");
  CHECK(stringOf(R"("\ude00\ud83d")") == half + half);
}

TEST_CASE("readJsonString refuses what is no string", "[json]") {
  for (const auto* text : {"", "\"", "1", "null", "[\"a\"]", "a\"", "\"a", R"("\x")", R"("\u12")",
                           R"("\u12g4")", R"("\u")", R"("a"b")", R"("\")", "\"a\nb\""}) {
    CAPTURE(text);
    CHECK_FALSE(stringOf(text));
  }
}

TEST_CASE("readJsonNumber reads as JavaScript does", "[json]") {
  CHECK(numberOf("0") == 0);
  CHECK(numberOf("12.5") == 12.5);
  CHECK(numberOf("-1e3") == -1000);
  CHECK(numberOf("1E+2") == 100);
  CHECK(numberOf("0.1") == 0.1);
  CHECK(numberOf("123456789012345678901234567890") == 123456789012345678901234567890.0);
  CHECK(numberOf("9007199254740993") == 9007199254740992.0);
  CHECK(numberOf("5e-324") == std::numeric_limits<double>::denorm_min());
  CHECK(std::signbit(numberOf("-0")));
  CHECK_FALSE(std::signbit(numberOf("0")));
}

TEST_CASE("readJsonNumber knows no bounds", "[json]") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::string zeros(400, '0');
  CHECK(numberOf("1e999") == kInfinity);
  CHECK(numberOf("-1e999") == -kInfinity);
  CHECK(numberOf("1" + zeros) == kInfinity);
  CHECK(numberOf("1" + zeros + "e-10") == kInfinity);
  CHECK(numberOf("1e99999999999999999999") == kInfinity);
  CHECK(numberOf("1e-999") == 0);
  CHECK(std::signbit(numberOf("-1e-999")));
  CHECK(numberOf("0." + zeros + "1") == 0);
  CHECK(numberOf("0." + zeros + "1e10") == 0);
  CHECK(numberOf("1e-99999999999999999999") == 0);
  CHECK(numberOf("0e99999999999999999999") == 0);
  CHECK(numberOf("1" + zeros + "e-400") == 1);
  CHECK(numberOf("0." + zeros + "1e401") == 1);
}

TEST_CASE("readJsonNumber refuses what is no number", "[json]") {
  double out = 0;
  for (const auto* text : {"", "-", "\"1\"", "true", "null", "[1]", "inf", "nan", "-inf",
                           "Infinity", "1x", "1e", "1e+", "1e5x", "0x10", "-e5"}) {
    CAPTURE(text);
    CHECK_FALSE(readJsonNumber(text, out));
  }
}

TEST_CASE("readJsonInteger reads whole numbers however they are written", "[json]") {
  struct Case {
    std::string_view text;
    std::int64_t number;
  };
  const auto expected = GENERATE(values<Case>({
      {"0", 0},
      {"-0", 0},
      {"-0.0", 0},
      {"0e99999999999999999999", 0},
      {"0.000e-7", 0},
      {"7", 7},
      {"-12", -12},
      {"1.0", 1},
      {"1e3", 1000},
      {"1E+3", 1000},
      {"1.5e1", 15},
      {"10e-1", 1},
      {"-120.00e-1", -12},
      {"1.23e2", 123},
      {"9007199254740993", 9007199254740993},
      {"9007199254740993.0", 9007199254740993},
      {"9223372036854775807", 9223372036854775807},
      {"9.223372036854775807e18", 9223372036854775807},
      {"100000000000000000000e-20", 1},
  }));
  CAPTURE(expected.text);
  CHECK(integerOf<std::int64_t>(expected.text) == expected.number);
  if (expected.number >= 0) {
    CHECK(integerOf<std::uint64_t>(expected.text) == static_cast<std::uint64_t>(expected.number));
  } else {
    CHECK_FALSE(integerOf<std::uint64_t>(expected.text));
  }
}

TEST_CASE("readJsonInteger keeps to the range", "[json]") {
  using Signed = std::int64_t;
  using Unsigned = std::uint64_t;
  CHECK(integerOf<Signed>("-9223372036854775808") == std::numeric_limits<Signed>::min());
  CHECK(integerOf<Signed>("-9223372036854775808.0") == std::numeric_limits<Signed>::min());
  CHECK(integerOf<Unsigned>("18446744073709551615") == std::numeric_limits<Unsigned>::max());
  CHECK(integerOf<Unsigned>("18446744073709551615.0") == std::numeric_limits<Unsigned>::max());
  for (const auto* text : {"9223372036854775808", "9223372036854775808.0", "-9223372036854775809",
                           "-9223372036854775809.0", "1e19", "-1e19"}) {
    CAPTURE(text);
    CHECK_FALSE(integerOf<Signed>(text));
  }
  for (const auto* text : {"18446744073709551616", "18446744073709551616.0", "-1", "-1.0", "1e20",
                           "1e99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(integerOf<Unsigned>(text));
  }
}

TEST_CASE("readJsonInteger refuses what is no whole number", "[json]") {
  for (const auto* text :
       {"", "-", "0.5", "1.5", "1e-1", "15e-1", "-0.1", "1e-99999999999999999999", "\"1\"", "true",
        "[]", "1x", "1e", "x", "--1", "1.5.0x"}) {
    CAPTURE(text);
    CHECK_FALSE(integerOf<std::int64_t>(text));
    CHECK_FALSE(integerOf<std::uint64_t>(text));
  }
}
