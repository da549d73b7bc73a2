// What JSON.parse accepts and refuses, case by case; test/codecs compares the two by chance.
#include "protocol/text/json-check.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

using namespace beastio::protocol;

namespace {

constexpr std::size_t kDeep = 100;

std::string nested(std::string_view open, std::size_t depth, std::string_view inner,
                   std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += inner;
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

}  // namespace

TEST_CASE("isValidJson accepts every kind of value", "[json]") {
  const auto text = GENERATE(values<std::string_view>({
      "null",
      "true",
      "false",
      "0",
      "-0",
      "7",
      "-12",
      "1234567890",
      R"("")",
      R"("a")",
      "[]",
      "{}",
      "[1]",
      "[1,2]",
      "[[],{}]",
      R"({"":0})",
      R"({"a":1,"b":[{"c":null}]})",
      R"({"a":1,"a":2})",  // keys may come twice
      " \t\r\n1\n",
      " [ ] ",
      "{ }",
      "[ 1 , 2 ]",
      R"({ "a" : 1 , "b" : 2 })",
      "[[[[[[[[1]]]]]]]]",
      R"([{"a":[{"b":[{}]}]},[]])",
  }));
  CAPTURE(text);
  CHECK(isValidJson(text, kDeep));
}

TEST_CASE("isValidJson accepts numbers as RFC 8259 writes them", "[json]") {
  const auto text = GENERATE(values<std::string_view>({
      "0.0",
      "-0.0",
      "1.5",
      "10.25",
      "0e0",
      "0E+0",
      "1e5",
      "1E5",
      "1e+5",
      "1e-5",
      "1.0e10",
      "-1.23E-45",
      "1e0005",
      "1e999",
      "-1e999",
      "1e-999",
      "123456789012345678901234567890",
      "0.00000000000000000000000000000000000000000001",
  }));
  CAPTURE(text);
  CHECK(isValidJson(text, kDeep));
}

TEST_CASE("isValidJson refuses other numbers", "[json]") {
  const auto text = GENERATE(values<std::string_view>({
      "-",
      "+1",
      "01",
      "-01",
      "00",
      ".5",
      "-.5",
      "1.",
      "1.e5",
      "1e",
      "1e+",
      "1e-",
      "1e5.0",
      "1E",
      "0x1",
      "1_0",
      "1a",
      "--1",
      "1-",
      "NaN",
      "-NaN",
      "Infinity",
      "-Infinity",
      "1 2",
      "0.",
      "\xEF\xBC\x91",  // a wide 1
      "1e5e5",
      "0e",
      "- 1",
  }));
  CAPTURE(text);
  CHECK_FALSE(isValidJson(text, kDeep));
  CHECK_FALSE(isValidJson("[" + std::string(text) + "]", kDeep));
  CHECK_FALSE(isValidJson(R"({"a":)" + std::string(text) + "}", kDeep));
}

TEST_CASE("isValidJson accepts strings with every escape and any other letter", "[json]") {
  const auto text = GENERATE(values<std::string_view>({
      R"("\"\\\/\b\f\n\r\t")",
      R"("\u0000\u001f\uABCD\uabcd")",
      R"("\ud83d\ude00")",
      R"("\ud800")",  // half a pair
      R"("\udc00\ud800")",
      R"("\ud800\u0061")",
      "\"\x7F\"",  // DEL
      "\"\xC3\xA9 \xE2\x80\xA8\xE2\x80\xA9 \xF0\x9F\x98\x80 \xEF\xBB\xBF\"",
      R"("'/ \\u")",
      R"(["\\"])",
      R"({"\u0061":1})",
  }));
  CAPTURE(text);
  CHECK(isValidJson(text, kDeep));
}

TEST_CASE("isValidJson refuses other strings", "[json]") {
  const auto text = GENERATE(values<std::string_view>({
      "\"",          "\"a",         "a\"",           "'a'",          R"("\")",      R"("\x41")",
      R"("\a")",     R"("\v")",     R"("\0")",       R"("\')",       R"("\U0041")", R"("\u")",
      R"("\u1")",    R"("\u12")",   R"("\u123")",    R"("\u123g")",  R"("\u 123")", R"("\u-123")",
      R"("\u+123")", R"("\u{41}")", R"("\)",         R"("\u00)",     "\"a\nb\"",    "\"a\tb\"",
      "\"a\x1F\"",   "\"\\\n\"",    R"("\ud800\u")", R"("\ud800\")", R"("a" "b")",  R"("a"b)",
      R"("a"")",
  }));
  CAPTURE(text);
  CHECK_FALSE(isValidJson(text, kDeep));
}

TEST_CASE("isValidJson finds a control character wherever it stands", "[json]") {
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'a');
      CHECK(isValidJson('"' + text + '"', kDeep));
      for (const char special : {'\0', '\x01', '\x1F', '\n', '"', '\\'}) {
        text[at] = special;
        CAPTURE(length, at, special);
        // A backslash before an 'a' is no escape, and before the last quote it takes that.
        CHECK_FALSE(isValidJson('"' + text + '"', kDeep));
      }
    }
  }
}

TEST_CASE("isValidJson refuses what is not one whole value", "[json]") {
  const auto text = GENERATE(values<std::string_view>({
      "",
      " ",
      "\n",
      "nul",
      "nulll",
      "tru",
      "True",
      "truefalse",
      "fals",
      "null null",
      "undefined",
      "[",
      "]",
      "{",
      "}",
      "[}",
      "{]",
      "[1",
      "[1,",
      "[,]",
      "[,1]",
      "[1,]",
      "[1,,2]",
      "[1 2]",
      "[1}",
      "[1]]",
      "[[1]",
      "[]]",
      "[][]",
      "{}{}",
      "{}}",
      "{1:2}",
      "{a:1}",
      R"({"a"})",
      R"({"a":})",
      R"({"a":1,})",
      R"({,"a":1})",
      R"({"a":1 "b":2})",
      R"({"a":1,,"b":2})",
      R"({"a" 1})",
      R"({"a"::1})",
      R"({"a":1:2})",
      R"({"a":1)",
      R"({"a":1])",
      R"({"a":)",
      R"({"a")",
      R"({"a)",
      R"(["a":1])",
      R"({"a","b"})",
      "{null:1}",
      R"({"a":1,2})",
      "{[]:1}",
      "[1]a",
      "/**/1",
      "1//",
      "\xEF\xBB\xBF"
      "1",  // a byte order mark
      "\xC2\xA0"
      "1",
      "\v1",
      "\f1",
      "1\xE2\x80\xA8",  // white space to JavaScript, not to JSON
      "\xC3\xA9",
      "\xFF",
      "[\x80]",
      ":",
      ",",
      "-[",
      "*",
      "@",
  }));
  CAPTURE(text);
  CHECK_FALSE(isValidJson(text, kDeep));
}

TEST_CASE("isValidJson refuses a zero byte outside of strings and inside", "[json]") {
  using namespace std::string_view_literals;
  CHECK_FALSE(isValidJson("\0"sv, kDeep));
  CHECK_FALSE(isValidJson("1\0"sv, kDeep));
  CHECK_FALSE(isValidJson("[1\0]"sv, kDeep));
  CHECK_FALSE(isValidJson("[\0"sv, kDeep));
  CHECK_FALSE(isValidJson("\"\0\""sv, kDeep));
}

TEST_CASE("isValidJson does not accept the beginning of a text", "[json]") {
  const std::string text =
      R"(["e",{"a":[1,-2.5e+3,true,false,null],"\u00e9\\":"x\ny and more letters"},[[]]])";
  REQUIRE(isValidJson(text, kDeep));
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::string beginning(text, 0, size);
    CAPTURE(beginning);
    CHECK_FALSE(isValidJson(beginning, kDeep));
  }
}

TEST_CASE("isValidJson reads as deep as it is told", "[json]") {
  CHECK(isValidJson("1", 0));
  CHECK_FALSE(isValidJson("[]", 0));
  CHECK_FALSE(isValidJson("{}", 0));
  for (const std::size_t depth : {1, 2, 63, 64, 65, 127, 128, 129, 1000}) {
    CAPTURE(depth);
    for (const auto& text :
         {nested("[", depth, "", "]"), nested("[0,", depth, "1", "]"),
          nested(R"({"a":)", depth, "\"\"", "}"), nested(R"({"a":0,"b":)", depth, "1", ",\"c\":2}"),
          nested(R"([{"a":)", depth / 2, "1", "}]")}) {
      CHECK(isValidJson(text, depth));
    }
    CHECK_FALSE(isValidJson(nested("[", depth + 1, "", "]"), depth));
    CHECK_FALSE(isValidJson(nested(R"({"a":)", depth + 1, "1", "}"), depth));
    // Width is no depth.
    CHECK(isValidJson(nested("[", depth, R"([],{},{"a":[]})", "]"), depth + 2));
  }
}

TEST_CASE("isValidJson tells arrays from objects at any depth", "[json]") {
  for (const std::size_t depth : {1, 62, 63, 64, 65, 128, 200}) {
    for (std::size_t wrong = 0; wrong < depth; ++wrong) {
      std::string open;
      std::string close;
      for (std::size_t i = 0; i < depth; ++i) {
        const bool isObject = i % 3 == 1;
        open += isObject ? R"({"a":)" : "[";
        close += isObject ? '}' : ']';
      }
      std::string text(open + "1" + std::string(close.rbegin(), close.rend()));
      REQUIRE(isValidJson(text, depth));
      char& bracket = text[text.size() - 1 - wrong];
      bracket = bracket == ']' ? '}' : ']';
      CAPTURE(depth, wrong);
      CHECK_FALSE(isValidJson(text, depth));
    }
  }
}

TEST_CASE("isValidJson has a bound of its own, and none by the stack", "[json]") {
  constexpr auto kAny = static_cast<std::size_t>(-1);
  CHECK(isValidJson(nested("[", kMostJsonDepth, "", "]"), kAny));
  CHECK_FALSE(isValidJson(nested("[", kMostJsonDepth + 1, "", "]"), kAny));
  CHECK_FALSE(isValidJson(std::string(5'000'000, '['), kAny));
}
