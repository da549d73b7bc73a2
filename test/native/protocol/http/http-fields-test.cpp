// The public view of a request's header and query.
#include "beastio/http-fields.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace beastio;

namespace {

constexpr std::string_view kHeader =
    "GET /chat%20room/?room=a%20b&room=c+d&x HTTP/1.1\r\n"
    "Host: example.com\r\n"
    "cookie: a=1\r\n"
    "X-Empty:\r\n"
    "no field\r\n"
    ": no name\r\n"
    "X-A:  \t one \t\r\n"
    "Cookie: b=2\r\n"
    "x-a: two: three\r\n"
    "User-Agent: first\r\n"
    "user-agent: second\r\n"
    "\r\n"
    "X-A: of the body\r\n";

}  // namespace

TEST_CASE("A request line has its parts", "[http-fields]") {
  const auto line = requestLineOf(kHeader);
  CHECK(line.method == "GET");
  CHECK(line.target == "/chat%20room/?room=a%20b&room=c+d&x");
  CHECK(line.path == "/chat%20room/");
  CHECK(line.query == "room=a%20b&room=c+d&x");
  CHECK(requestLineOf("GET / HTTP/1.1").path == "/");
  CHECK(requestLineOf("GET /").method.empty());
  CHECK(requestLineOf("").target.empty());
  CHECK(requestLineOf("GET /a?b#c?d HTTP/1.1").query == "b");
}

TEST_CASE("A field is found in either case, without its blanks", "[http-fields]") {
  CHECK(headerValue(kHeader, "HOST") == "example.com");
  CHECK(headerValue(kHeader, "x-a") == "one");
  CHECK(headerValue(kHeader, "X-Empty").empty());
  CHECK(headerValue(kHeader, "X-").empty());
  CHECK(headerValue(kHeader, "").empty());
  CHECK(headerValue("", "host").empty());
  CHECK(headerValue("GET / HTTP/1.1\r\nHost: a", "host") == "a");
}

TEST_CASE("Fields of one name are joined as in Node", "[http-fields]") {
  CHECK(joinedHeaderValue(kHeader, "cookie") == "a=1; b=2");
  CHECK(joinedHeaderValue(kHeader, "X-A") == "one, two: three");
  CHECK(joinedHeaderValue(kHeader, "User-Agent") == "first");
  CHECK(joinedHeaderValue(kHeader, "X-None").empty());
  CHECK(joinedHeaderValue("G / H\r\na:\r\na: b\r\n\r\n", "a") == ", b");
}

TEST_CASE("All fields come in their order, up to the empty line", "[http-fields]") {
  std::string all;
  for (const auto& [name, value] : HeaderFields(kHeader)) {
    all.append(name).append("=").append(value).append("|");
  }
  CHECK(all ==
        "Host=example.com|cookie=a=1|X-Empty=|X-A=one|Cookie=b=2|x-a=two: three|"
        "User-Agent=first|user-agent=second|");
  const HeaderFields none("GET / HTTP/1.1\r\n\r\n");
  CHECK(none.begin() == HeaderFields::end());
  auto next = HeaderFields(kHeader).begin();
  CHECK(next++->name == "Host");
  CHECK(next->name == "cookie");
}

TEST_CASE("Query parameters are decoded", "[http-fields]") {
  const auto target = requestLineOf(kHeader).target;
  CHECK(queryValue(target, "room") == "c d");
  CHECK(queryValue(target, "x").empty());
  CHECK(queryValue(target, "y").empty());
  CHECK(queryValue("/", "room").empty());
  CHECK(queryValue("/?a=%ff", "a") == "\xEF\xBF\xBD");
  CHECK(queryValue("/?a=%zz", "a") == "%zz");
  const auto pairs = queryPairs(target);
  REQUIRE(pairs.size() == 3);
  CHECK(pairs[0] == std::pair<std::string, std::string>("room", "a b"));
  CHECK(pairs[2] == std::pair<std::string, std::string>("x", ""));
}
