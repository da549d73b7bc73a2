// Values of Boost.JSON and of nlohmann::json as arguments.
#include <beastio/json/boost.hpp>
#include <beastio/json/nlohmann.hpp>
#include <boost/json/src.hpp>
#include <catch2/catch.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "socketio/socketio-rig.hpp"

namespace beastio::socketio::test {
namespace {

template <class T>
std::string again(const std::string& json) {
  T value;
  REQUIRE(Codec<T>::read({.json = json}, value));
  Writer writer;
  Codec<T>::write(value, writer);
  return std::string(writer.text());
}

}  // namespace

TEMPLATE_TEST_CASE("Values of other libraries read as they were written", "[socketio]",
                   boost::json::value, nlohmann::json, nlohmann::ordered_json) {
  for (const std::string json :
       {"null", "true", "false", "0", "-1", "9223372036854775807", "18446744073709551615", "1.5",
        R"("")", R"("a\"b\u0001")", "[]", "{}", R"([[],{},[1,[2]],"x"])",
        R"({"a":{"b":[{"c":null}]},"d":1})"}) {
    CHECK(again<TestType>(json) == json);
  }
  CHECK(again<TestType>(" [ 1 , { \"a\" : \"b:c\" } ] ") == R"([1,{"a":"b:c"}])");
  CHECK(again<TestType>(R"({"a":1,"a":[2]})") == R"({"a":[2]})");
  CHECK(again<TestType>(R"({"__proto__":1})") == R"({"__proto__":1})");
  CHECK(again<TestType>("[1e999,1e2,-0.0,100000000000000000000]") ==
        "[null,100,0,100000000000000000000]");
  CHECK(again<TestType>(R"("\ud800")") == "\"\xEF\xBF\xBD\"");
  const std::string deep = std::string(1'000, '[') + std::string(1'000, ']');
  CHECK(again<TestType>(deep) == deep);
}

TEST_CASE("Handlers take values of other libraries, with attachments", "[socketio]") {
  ServerRig rig;
  rig.io.on("boost", [](Socket& socket, const boost::json::value& value) {
    socket.emit("boost", value.at("a"), boost::json::value{{"b", 1}});
  });
  rig.io.on("nlohmann", [](Socket& socket, nlohmann::json value) {
    value["size"] = value["file"].get_binary().size();
    socket.emit("nlohmann", value);
  });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  client.send(R"(2["boost",{"a":[1]}])");
  CHECK(client.next() == R"(2["boost",[1],{"b":1}])");
  client.send(R"(51-["nlohmann",{"file":{"_placeholder":true,"num":0}}])");
  client.sendBytes("bytes");
  CHECK(client.next() == R"(51-["nlohmann",{"file":{"_placeholder":true,"num":0},"size":5}])");
  CHECK(client.next() == "bytes:bytes");
}

TEST_CASE("A token is a string, or the key of a member", "[socketio]") {
  TokenReader reader(R"( {"a" : "b", "c":[true]} )");
  std::vector<std::string> tokens;
  while (const auto token = reader.next()) {
    tokens.push_back(std::to_string(static_cast<int>(token->kind)) + std::string(token->text));
  }
  CHECK(tokens ==
        std::vector<std::string>{"7{", "4\"a\"", "3\"b\"", "4\"c\"", "5[", "1true", "6]", "8}"});
  CHECK_FALSE(reader.next());
}

}  // namespace beastio::socketio::test
