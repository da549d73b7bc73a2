// What packets carry: which payloads fit, the names of events, and placeholders of attachments.
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/socketio/socketio-packet.hpp"

using namespace beastio::protocol;

namespace {

using Type = SocketioPacket::Type;

constexpr std::size_t kMaxDepth = 20;

bool isValid(Type type, std::string_view payload) {
  SocketioPacket packet;
  packet.type = type;
  packet.payload = payload;
  return isPayloadValid(packet, kMaxDepth);
}

std::optional<std::string> nameOf(std::string_view payload) {
  std::string scratch = "what was there before";
  const auto event = eventNameOf(payload, scratch);
  if (!event) return std::nullopt;
  return std::string(event->name);
}

}  // namespace

TEST_CASE("isPayloadValid knows what each type carries", "[socketio]") {
  struct Case {
    Type type;
    std::string_view payload;
    bool isValid;
  };
  const auto expected = GENERATE(values<Case>({
      {Type::kConnect, "{}", true},
      {Type::kConnect, " {\"a\":1} ", true},
      {Type::kConnect, "[]", false},
      {Type::kConnect, "null", false},
      {Type::kConnect, "1", false},
      {Type::kConnect, "\"a\"", false},
      {Type::kDisconnect, "{}", false},
      {Type::kDisconnect, "null", false},
      {Type::kConnectError, "{}", true},
      {Type::kConnectError, "\"a\"", true},
      {Type::kConnectError, "1", false},
      {Type::kConnectError, "[]", false},
      {Type::kAck, "[]", true},
      {Type::kAck, "[{}]", true},
      {Type::kAck, "{}", false},
      {Type::kBinaryAck, "[]", true},
      {Type::kBinaryAck, "1", false},
      {Type::kEvent, "[\"a\"]", true},
      {Type::kEvent, " [ \"a\" , 1 ] ", true},
      {Type::kEvent, "[\"\"]", true},
      {Type::kEvent, "[1]", true},
      {Type::kEvent, "[-1e999]", true},
      {Type::kEvent, "[]", false},
      {Type::kEvent, "[null]", false},
      {Type::kEvent, "[true]", false},
      {Type::kEvent, "[[\"a\"]]", false},
      {Type::kEvent, "[{}]", false},
      {Type::kEvent, "{}", false},
      {Type::kEvent, "\"a\"", false},
      {Type::kEvent, "1", false},
      {Type::kEvent, "false", false},
      {Type::kBinaryEvent, "[\"a\"]", true},
      {Type::kBinaryEvent, "[]", false},
  }));
  CAPTURE(expected.type, expected.payload);
  CHECK(isValid(expected.type, expected.payload) == expected.isValid);
}

TEST_CASE("isPayloadValid wants JSON, and not too deep", "[socketio]") {
  for (const auto type : {Type::kConnect, Type::kEvent, Type::kAck, Type::kBinaryEvent}) {
    for (const auto* payload : {"[\"a\",", "[\"a\"]]", "{bad}", "[\"a\",{bad]", " ", "x"}) {
      CHECK_FALSE(isValid(type, payload));
    }
  }
  const auto deep = [](std::size_t depth) {
    return "[\"a\"," + std::string(depth, '[') + std::string(depth, ']') + "]";
  };
  CHECK(isValid(Type::kEvent, deep(kMaxDepth - 1)));
  CHECK_FALSE(isValid(Type::kEvent, deep(kMaxDepth)));
}

TEST_CASE("isPayloadValid takes an absent payload with any type", "[socketio]") {
  for (int type = 0; type <= static_cast<int>(Type::kBinaryAck); ++type) {
    CHECK(isValid(static_cast<Type>(type), ""));
  }
}

TEST_CASE("isPayloadValid refuses reserved names, escaped ones too", "[socketio]") {
  for (const auto* name : {"connect", "connect_error", "disconnect", "disconnecting", "newListener",
                           "removeListener", "\\u0063onnect", "new\\u004cistener"}) {
    CAPTURE(name);
    CHECK_FALSE(isValid(Type::kEvent, "[\"" + std::string(name) + "\"]"));
    CHECK_FALSE(isValid(Type::kBinaryEvent, "[\"" + std::string(name) + "\",1]"));
    CHECK(isValid(Type::kAck, "[\"" + std::string(name) + "\"]"));
  }
  CHECK(isValid(Type::kEvent, "[\"connection\"]"));
  CHECK(isValid(Type::kEvent, "[\"Connect\"]"));
  CHECK(isValid(Type::kEvent, "[\"connect \"]"));
}

TEST_CASE("eventNameOf reads strings and numbers", "[socketio]") {
  CHECK(nameOf("[\"echo\"]") == "echo");
  CHECK(nameOf(" [ \"echo\" , 1]") == "echo");
  CHECK(nameOf(R"(["\u0065cho"])") == "echo");
  CHECK(nameOf(R"(["a\"b\\"])") == "a\"b\\");
  CHECK(nameOf("[\"\"]") == "");
  CHECK(nameOf("[1]") == "1");
  CHECK(nameOf("[-0]") == "0");
  CHECK(nameOf("[1.50]") == "1.5");
  CHECK(nameOf("[1e21]") == "1e+21");
  CHECK(nameOf("[1e999]") == "Infinity");
  CHECK(nameOf("[-1e999]") == "-Infinity");
  for (const auto* payload : {"", "[]", "[null]", "[true]", "[[1]]", "[{}]", "{}", "1", "\"a\""}) {
    CAPTURE(payload);
    CHECK_FALSE(nameOf(payload));
  }
}

TEST_CASE("eventNameOf copies a name only if it must", "[socketio]") {
  std::string scratch = "untouched";
  const std::string_view payload = "[\"plain\",1]";
  const auto plain = eventNameOf(payload, scratch);
  REQUIRE(plain);
  CHECK(plain->name.data() == payload.data() + 2);
  CHECK(scratch == "untouched");
  const auto escaped = eventNameOf(R"(["pl\u0061in"])", scratch);
  REQUIRE(escaped);
  CHECK(escaped->name.data() == scratch.data());
}

TEST_CASE("eventNameOf tells where the arguments begin", "[socketio]") {
  std::string scratch;
  const auto rest = [&](std::string_view payload) {
    const auto event = eventNameOf(payload, scratch);
    return event ? payload.substr(event->argumentsAt) : "none";
  };
  CHECK(rest("[\"a\",1,{}]") == "1,{}]");
  CHECK(rest("[ \"a\" , 1 ] ") == "1 ] ");
  CHECK(rest("[\"a\"]") == "]");
  CHECK(rest("[\"a\" ] ") == "] ");
  CHECK(rest("[7,\"b\"]") == "\"b\"]");
  CHECK(rest(R"(["\n",[]])") == "[]]");
}

TEST_CASE("isPlaceholder recognises what stands for an attachment", "[socketio]") {
  struct Case {
    std::string_view text;
    std::size_t num;
  };
  const auto expected = GENERATE(values<Case>({
      {R"({"_placeholder":true,"num":0})", 0},
      {R"({"num":12,"_placeholder":true})", 12},
      {R"({ "_placeholder" : true , "num" : 1 , "more" : [] })", 1},
      {R"({"_placeholder":false,"_placeholder":true,"num":7,"num":2})", 2},
      {R"({"\u005fplaceholder":true,"n\u0075m":3})", 3},
      {R"({"_placeholder":true,"num":-0})", 0},
      {R"({"_placeholder":true,"num":1.0})", 1},
      {R"({"_placeholder":true,"num":1e1})", 10},
      {R"({"_placeholder":true,"num":1e-999})", 0},
      {R"({"_placeholder":true})", kNoAttachment},
      {R"({"_placeholder":true,"num":-1})", kNoAttachment},
      {R"({"_placeholder":true,"num":0.5})", kNoAttachment},
      {R"({"_placeholder":true,"num":"0"})", kNoAttachment},
      {R"({"_placeholder":true,"num":null})", kNoAttachment},
      {R"({"_placeholder":true,"num":0,"num":{}})", kNoAttachment},
      {R"({"_placeholder":true,"num":1e999})", kNoAttachment},
      {R"({"_placeholder":true,"num":18446744073709551616})", kNoAttachment},
  }));
  CAPTURE(expected.text);
  std::size_t num = 77;
  CHECK(isPlaceholder(expected.text, num));
  CHECK(num == expected.num);
}

TEST_CASE("isPlaceholder takes no other value for one", "[socketio]") {
  std::size_t num = 77;
  for (const auto* text : {"{}", "[]", "1", "null", "\"_placeholder\"", R"({"num":0})",
                           R"({"_placeholder":false,"num":0})", R"({"_placeholder":1,"num":0})",
                           R"({"_placeholder":"true","num":0})", R"({"_Placeholder":true,"num":0})",
                           R"({"_placeholder":true,"_placeholder":0,"num":0})",
                           R"({"a":{"_placeholder":true,"num":0}})", R"([{"_placeholder":true}])",
                           R"({"__proto__":{"_placeholder":true,"num":0}})"}) {
    CAPTURE(text);
    CHECK_FALSE(isPlaceholder(text, num));
  }
  CHECK(num == 77);
}
