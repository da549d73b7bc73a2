#include "protocol/socketio/placeholders.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "protocol/socketio/socketio-packet.hpp"

namespace beastio::protocol {
namespace {

/// "text=num" of each; "-" is kNoAttachment.
std::string found(std::string_view json) {
  std::string list;
  for (const auto& [begin, end, num] : placeholdersOf(json)) {
    if (!list.empty()) list += ' ';
    list.append(json.substr(begin, end - begin)).append("=");
    list += num == kNoAttachment ? "-" : std::to_string(num);
  }
  return list;
}

TEST_CASE("placeholdersOf finds what stands for attachments", "[socketio]") {
  CHECK(found(R"(["a",1,{"b":"_placeholder"}])").empty());
  CHECK(found(R"({"_placeholder":true,"num":3})") == R"({"_placeholder":true,"num":3}=3)");
  CHECK(found(R"(["e",{"_placeholder":true,"num":1},{"x":[{"num":0,"_placeholder":true}]}])") ==
        R"({"_placeholder":true,"num":1}=1 {"num":0,"_placeholder":true}=0)");
  CHECK(found(R"([{ "_placeholder" : true , "num" : 2 }])") ==
        R"({ "_placeholder" : true , "num" : 2 }=2)");
  CHECK(found(R"([{"\u005fplaceholder":true,"n\u0075m":1e0}])") ==
        R"({"\u005fplaceholder":true,"n\u0075m":1e0}=1)");
}

TEST_CASE("placeholdersOf takes JavaScript's view of members", "[socketio]") {
  // The last of a key counts, and only true itself.
  CHECK(found(R"([{"_placeholder":true,"_placeholder":1,"num":0}])").empty());
  CHECK(found(R"([{"_placeholder":"true","num":0},{"_placeholder":[true],"num":0}])").empty());
  CHECK(found(R"({"_placeholder":true,"num":0,"num":4})").ends_with("=4"));
  CHECK(found(R"({"_placeholder":true})").ends_with("=-"));
  for (const std::string_view num : {"-1", "0.5", "\"0\"", "null", "[0]", "{}", "1e999", "true"}) {
    INFO(num);
    CHECK(found(R"({"_placeholder":true,"num":)" + std::string(num) + "}").ends_with("=-"));
  }
}

TEST_CASE("placeholdersOf passes over what lies in a placeholder", "[socketio]") {
  constexpr std::string_view kInner = R"({"x":[{"_placeholder":true,"num":9}],"num":0,)";
  CHECK(found(std::string(kInner) + R"("_placeholder":true})").ends_with("=0"));
  CHECK(placeholdersOf(std::string(kInner) + R"("_placeholder":true})").size() == 1);
  CHECK(found(std::string(kInner) + R"("_placeholder":false})") ==
        R"({"_placeholder":true,"num":9}=9)");
}

TEST_CASE("placeholdersOf reads strings as strings", "[socketio]") {
  CHECK(found(R"(["{\"_placeholder\":true,\"num\":0}","\\",{"\"":"}"}])").empty());
  CHECK(found(R"([["_placeholder",true],"num"])").empty());
}

TEST_CASE("placeholdersOf takes any depth in one pass", "[socketio]") {
  constexpr std::size_t kDeep = 100'000;
  std::string json;
  for (std::size_t i = 0; i < kDeep; ++i) json += R"({"_placeholder":false,"x":)";
  json += "1";
  json.append(kDeep, '}');
  CHECK(placeholdersOf(json).empty());
}

TEST_CASE("arePlaceholdersValid compares with the number of attachments", "[socketio]") {
  constexpr std::string_view kTwo =
      R"(["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])";
  CHECK(arePlaceholdersValid(kTwo, 2));
  CHECK_FALSE(arePlaceholdersValid(kTwo, 1));
  CHECK_FALSE(arePlaceholdersValid(R"([{"_placeholder":true}])", 2));
  CHECK(arePlaceholdersValid(R"(["e",1])", 2));
}

TEST_CASE("placeholdersOf does not read beyond a text that is no JSON", "[socketio]") {
  for (const std::string_view text : {"\"", "{\"", "{\"_placeholder\":", "{\"num\":", "[\"\\", "]}",
                                      "{\"_placeholder\":true", "{\"_placeholder\":true,\"num\""}) {
    INFO(text);
    const std::string exact(text);
    CHECK(placeholdersOf(exact).empty());
  }
}

}  // namespace
}  // namespace beastio::protocol
