// Packets as socket.io-parser reads and writes them; test/codecs compares the two by chance.
#include "protocol/socketio/socketio-packet.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <string_view>

using namespace beastio::protocol;

namespace {

using Type = SocketioPacket::Type;

constexpr std::size_t kMaxAttachments = 10;
constexpr std::optional<std::uint64_t> kNoId;

std::optional<SocketioPacket> parsed(std::string_view text) {
  return parseSocketioPacket(text, kMaxAttachments);
}

}  // namespace

TEST_CASE("parseSocketioPacket reads the parts of a packet", "[socketio]") {
  struct Case {
    std::string_view text;
    Type type;
    std::string_view nsp;
    std::optional<std::uint64_t> id;
    std::string_view payload;
  };
  const auto expected = GENERATE(values<Case>({
      {"0", Type::kConnect, "/", kNoId, ""},
      {"0{\"token\":1}", Type::kConnect, "/", kNoId, "{\"token\":1}"},
      {"0/admin,", Type::kConnect, "/admin", kNoId, ""},
      {"0/admin,{}", Type::kConnect, "/admin", kNoId, "{}"},
      {"1", Type::kDisconnect, "/", kNoId, ""},
      {"1/a,", Type::kDisconnect, "/a", kNoId, ""},
      {"2[\"a\"]", Type::kEvent, "/", kNoId, "[\"a\"]"},
      {"217[\"a\",1]", Type::kEvent, "/", 17, "[\"a\",1]"},
      {"2/,[1]", Type::kEvent, "/", kNoId, "[1]"},
      {"2/chat,3[\"a,b\"]", Type::kEvent, "/chat", 3, "[\"a,b\"]"},
      {"2/a/b[c],12[]", Type::kEvent, "/a/b[c]", 12, "[]"},
      {"2/d\xC3\xA9j\xC3\xA0,[]", Type::kEvent, "/d\xC3\xA9j\xC3\xA0", kNoId, "[]"},
      {"2", Type::kEvent, "/", kNoId, ""},
      {"25", Type::kEvent, "/", 5, ""},
      {"2/open", Type::kEvent, "/open", kNoId, ""},
      {"2/open[\"a\"]", Type::kEvent, "/open[\"a\"]", kNoId, ""},
      {"2{bad", Type::kEvent, "/", kNoId, "{bad"},  // not looked at here
      {"3/admin,456[\"ok\"]", Type::kAck, "/admin", 456, "[\"ok\"]"},
      {"3[]", Type::kAck, "/", kNoId, "[]"},
      {"4{\"message\":\"x\"}", Type::kConnectError, "/", kNoId, "{\"message\":\"x\"}"},
  }));
  CAPTURE(expected.text);
  const auto packet = parsed(expected.text);
  REQUIRE(packet);
  CHECK(packet->type == expected.type);
  CHECK(packet->attachments == 0);
  CHECK(packet->nsp == expected.nsp);
  CHECK(packet->query.data() == nullptr);
  CHECK(packet->nspWithQuery() == expected.nsp);
  CHECK(packet->id == expected.id);
  CHECK(packet->payload == expected.payload);
}

TEST_CASE("parseSocketioPacket reads packets with attachments", "[socketio]") {
  const auto event = parsed("51-/x,12[\"e\",{\"_placeholder\":true,\"num\":0}]");
  REQUIRE(event);
  CHECK(event->type == Type::kBinaryEvent);
  CHECK(event->attachments == 1);
  CHECK(event->nsp == "/x");
  CHECK(event->id == 12);
  CHECK(event->payload == "[\"e\",{\"_placeholder\":true,\"num\":0}]");
  const auto ack = parsed("610-7[1]");
  REQUIRE(ack);
  CHECK(ack->type == Type::kBinaryAck);
  CHECK(ack->attachments == 10);
  CHECK(ack->id == 7);
}

TEST_CASE("parseSocketioPacket takes what JavaScript takes for a number of attachments",
          "[socketio]") {
  struct Case {
    std::string_view count;
    std::uint32_t attachments;
  };
  const auto expected = GENERATE(values<Case>({
      {"1", 1},
      {"10", 10},
      {"007", 7},
      {"+2", 2},
      {" 3 ", 3},
      {"\t4\n", 4},
      {"\xC2\xA0"
       "5",
       5},
      {"6\xEF\xBB\xBF", 6},
      {"2.0", 2},
      {"2.", 2},
      {".2e1", 2},
      {"1e1", 10},
      {"0x1", 1},
      {"0XA", 10},
      {"0o7", 7},
      {"0b11", 3},
      {"000000000000000000000000000000000009", 9},
      {"+0.5e1", 5},
  }));
  CAPTURE(expected.count);
  const auto packet = parsed("5" + std::string(expected.count) + "-[\"e\"]");
  REQUIRE(packet);
  CHECK(packet->attachments == expected.attachments);
}

TEST_CASE("parseSocketioPacket refuses other numbers of attachments", "[socketio]") {
  const auto count = GENERATE(values<std::string_view>({
      "",
      " ",
      "0",
      "00",
      "11",
      "0.5",
      "1.5",
      "x",
      "1x",
      "1 1",
      "1_0",
      "1e",
      "1e400",
      "0x",
      "0xB",
      "0xg",
      "+0x1",
      "0x+1",
      "0b2",
      "0o8",
      "++1",
      ".",
      "e1",
      "inf",
      "Infinity",
      "nan",
      "NaN",
      "4294967296",
      "4294967297",
      "18446744073709551617",
      "99999999999999999999999",
      "1\xC3\xA9",
      "[",
  }));
  CAPTURE(count);
  CHECK_FALSE(parsed("5" + std::string(count) + "-[\"e\"]"));
  CHECK_FALSE(parsed("6" + std::string(count) + "-[\"e\"]"));
}

TEST_CASE("parseSocketioPacket wants a dash behind the attachments", "[socketio]") {
  for (const auto* text : {"5", "51", "51[\"e\"]", "6", "5[\"e\"]"}) CHECK_FALSE(parsed(text));
  CHECK(parseSocketioPacket("53-[\"e\"]", 3));
  CHECK_FALSE(parseSocketioPacket("53-[\"e\"]", 2));
  CHECK_FALSE(parseSocketioPacket("51-[\"e\"]", 0));
}

TEST_CASE("parseSocketioPacket refuses unknown types", "[socketio]") {
  for (const auto* text : {"7", "8[]", "9[\"a\"]", "x", "-1", "[\"a\"]", "{}", "\"", "\xC3\xA9",
                           "\x80", "/", "+2[]"}) {
    CAPTURE(text);
    CHECK_FALSE(parsed(text));
  }
}

TEST_CASE("parseSocketioPacket takes nothing and white space for the type 0", "[socketio]") {
  for (const auto* type : {" ", "\t", "\xC2\xA0", "\xE2\x80\x83", "\xEF\xBB\xBF"}) {
    CAPTURE(type);
    const std::string text = std::string(type) + "/a,";
    const auto packet = parsed(text);
    REQUIRE(packet);
    CHECK(packet->type == Type::kConnect);
    CHECK(packet->nsp == "/a");
  }
  REQUIRE(parsed(""));
  CHECK(parsed("")->type == Type::kConnect);
  CHECK(parsed("")->nsp == "/");
}

TEST_CASE("parseSocketioPacket reads ids exactly, and white space as JavaScript does",
          "[socketio]") {
  struct Case {
    std::string_view id;
    std::uint64_t number;
  };
  const auto expected = GENERATE(values<Case>({
      {"0", 0},
      {"007", 7},
      {"2147483648", 2147483648},
      {"9007199254740993", 9007199254740993},
      {"18446744073709551614", 18446744073709551614u},
      {"18446744073709551615", SocketioPacket::kUnknownId},
      {"18446744073709551616", SocketioPacket::kUnknownId},
      {" ", 0},
      {" \t", 0},
      {" 5", 5},
      {"5 ", 5},
      {"\xC2\xA0"
       "12\xE3\x80\x80",
       12},
      {"1 2", SocketioPacket::kUnknownId},
      {"1\xE2\x80\xA8"
       "2",
       SocketioPacket::kUnknownId},
  }));
  CAPTURE(expected.id);
  const std::string text = "2" + std::string(expected.id) + "[\"a\"]";
  const auto packet = parsed(text);
  REQUIRE(packet);
  CHECK(packet->id == expected.number);
  CHECK(packet->payload == "[\"a\"]");
}

TEST_CASE("parseSocketioPacket survives an id of many digits", "[socketio]") {
  CHECK(parsed("2" + std::string(400, '9') + "[]")->id == SocketioPacket::kUnknownId);
  CHECK(parsed("2" + std::string(400, '0') + "[]")->id == 0);
}

TEST_CASE("parseSocketioPacket tells a namespace from its query", "[socketio]") {
  const std::string text = "0/admin?token=1&b=?,{}";
  const auto packet = parsed(text);
  REQUIRE(packet);
  CHECK(packet->nsp == "/admin");
  CHECK(packet->query == "token=1&b=?");
  CHECK(packet->nspWithQuery() == "/admin?token=1&b=?");
  CHECK(packet->payload == "{}");
  const auto empty = parsed("0/?,");
  REQUIRE(empty);
  CHECK(empty->nsp == "/");
  CHECK(empty->query.data() != nullptr);
  CHECK(empty->nspWithQuery() == "/?");
}

TEST_CASE("appendPacketHeader writes what parseSocketioPacket reads", "[socketio]") {
  const auto header = [](Type type, std::string_view nsp, std::optional<std::uint64_t> id,
                         std::size_t attachments) {
    std::string out = "x";
    appendPacketHeader(out, type, nsp, id, attachments).append("[1]");
    return out.substr(1);
  };
  CHECK(header(Type::kConnect, "/", {}, 0) == "0[1]");
  CHECK(header(Type::kConnect, "", {}, 0) == "0[1]");
  CHECK(header(Type::kDisconnect, "/a", {}, 0) == "1/a,[1]");
  CHECK(header(Type::kEvent, "/", {}, 0) == "2[1]");
  CHECK(header(Type::kEvent, "/", 0, 0) == "20[1]");
  CHECK(header(Type::kAck, "/a", 12, 0) == "3/a,12[1]");
  CHECK(header(Type::kAck, "/", 18446744073709551614u, 0) == "318446744073709551614[1]");
  CHECK(header(Type::kConnectError, "/a?b", {}, 0) == "4/a?b,[1]");
  CHECK(header(Type::kBinaryEvent, "/", {}, 3) == "53-[1]");
  CHECK(header(Type::kBinaryAck, "/a", 7, 10) == "610-/a,7[1]");
  CHECK(header(Type::kEvent, "/", {}, 3) == "2[1]");
}
