// Queries against what Node 20 answers: the expected values come from querystring.parse(query).
#include "protocol/text/query-string.hpp"

#include <catch2/catch.hpp>

using namespace beastio::protocol;

namespace {

/// The value of `name` in `query`, or a text that no test expects of a value.
std::string valueOf(std::string_view query, std::string_view name) {
  return std::string(QueryString(query).get(name).value_or("(none)"));
}

}  // namespace

TEST_CASE("QueryString finds values by name", "[query]") {
  const QueryString query("EIO=4&transport=polling&t=PqXz&sid=lv_VI97HAXpY6yYWAAAC");
  CHECK(query.get("EIO") == "4");
  CHECK(query.get("transport") == "polling");
  CHECK(query.get("sid") == "lv_VI97HAXpY6yYWAAAC");
  CHECK(query.has("t"));
  CHECK_FALSE(query.has("T"));
  CHECK_FALSE(query.has(""));
  CHECK(query.get("b64") == std::nullopt);
  CHECK(QueryString("b=2&a=1&").get("a") == "1");
}

TEST_CASE("QueryString takes the last value of a name given more than once", "[query]") {
  // As Object.fromEntries(new URLSearchParams(query)), which is how engine.io reads a query.
  const QueryString query("EIO=4&sid=a&EIO=3&sid=b&sid=");
  CHECK(query.get("EIO") == "3");
  CHECK(query.get("sid") == "");
  CHECK(QueryString("%65=1&e=2").get("e") == "2");
}

TEST_CASE("QueryString takes segments apart like Node", "[query]") {
  CHECK_FALSE(QueryString("").has(""));
  CHECK_FALSE(QueryString("&&&").has(""));
  CHECK(valueOf("a", "a") == "");
  CHECK(valueOf("a=", "a") == "");
  CHECK(valueOf("=x", "") == "x");
  CHECK(valueOf("=", "") == "");
  CHECK(valueOf("a=b=c==", "a") == "b=c==");
  CHECK(valueOf("&&a=1&&b=2&&", "b") == "2");
  CHECK(valueOf("a=1;b=2", "a") == "1;b=2");
  CHECK(valueOf("a?b=1", "a?b") == "1");
}

TEST_CASE("QueryString decodes names and values like Node", "[query]") {
  CHECK(valueOf("a=1+2%203%2B4", "a") == "1 2 3+4");
  CHECK(valueOf("a+b%20c=1", "a b c") == "1");
  CHECK(valueOf("%73%69%64=x", "sid") == "x");
  CHECK(valueOf("a=%26%3d", "a") == "&=");
  CHECK(valueOf("a=%C3%A9%F0%9F%98%80", "a") == "\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(valueOf("a=%00b", "a") == std::string_view("\0b", 2));

  SECTION("a malformed percent sequence stays") {
    CHECK(valueOf("a=%", "a") == "%");
    CHECK(valueOf("a=%4", "a") == "%4");
    CHECK(valueOf("a=100%&b=1", "a") == "100%");
    CHECK(valueOf("a=%zz%41", "a") == "%zzA");
    CHECK(valueOf("a=%4%41", "a") == "%4A");
    CHECK(valueOf("a=%%41", "a") == "%A");
    CHECK(valueOf("a=%4g", "a") == "%4g");
    CHECK(valueOf("a=%u0041", "a") == "%u0041");
  }
  SECTION("bytes that are not UTF-8 become U+FFFD") {
    CHECK(valueOf("a=%FF", "a") == "\xEF\xBF\xBD");
    CHECK(valueOf("a=%C3%41", "a") ==
          "\xEF\xBF\xBD"
          "A");
    CHECK(valueOf("a=%ED%A0%80", "a") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  }
}

TEST_CASE("QueryString reads the first thousand segments", "[query]") {
  std::string query;
  for (int i = 1; i <= 1100; ++i) query += "k" + std::to_string(i) + "=v&";
  const QueryString pairs(query);
  CHECK(pairs.has("k1"));
  CHECK(pairs.has("k1000"));
  CHECK_FALSE(pairs.has("k1001"));

  // Empty segments count.
  CHECK(QueryString(std::string(999, '&') + "a=1").has("a"));
  CHECK_FALSE(QueryString(std::string(1000, '&') + "a=1").has("a"));
}

TEST_CASE("splitTarget separates path and query", "[query]") {
  using Parts = std::pair<std::string_view, std::string_view>;
  CHECK(splitTarget("/socket.io/?EIO=4") == Parts{"/socket.io/", "EIO=4"});
  CHECK(splitTarget("/socket.io/") == Parts{"/socket.io/", ""});
  CHECK(splitTarget("/a?b?c=d") == Parts{"/a", "b?c=d"});
  CHECK(splitTarget("/a?b=c#d?e") == Parts{"/a", "b=c"});
  CHECK(splitTarget("/a#b?c") == Parts{"/a", ""});
  CHECK(splitTarget("/a?") == Parts{"/a", ""});
  CHECK(splitTarget("") == Parts{"", ""});
}
