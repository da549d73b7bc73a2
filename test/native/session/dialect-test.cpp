// Dialect: the same packets as clients of both revisions, with and without binary, see them.
#include "session/dialect.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "session/post-reader.hpp"
#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::session;
using namespace beastio::session::test;
using protocol::PacketType;
using protocol::PacketView;

namespace {

const Dialect kV4{};
const Dialect kV4Base64{.supportsBinary = false};
const Dialect kV3{.protocol = 3};
const Dialect kV3Base64{.protocol = 3, .supportsBinary = false};

std::string written(const Dialect& dialect, const Outgoing& packet) {
  std::string scratch;
  const auto message = toMessage(dialect, packet, scratch);
  return (message.binary ? "binary " : "text ") + std::string(message.prefix) +
         std::string(message.payload);
}

std::vector<std::string> readAll(const Dialect& dialect, std::string_view body, bool binary) {
  PostReader reader(dialect, body, binary);
  std::vector<std::string> log;
  PacketView packet;
  for (;;) {
    const auto result = reader.next(packet);
    if (result == PostReader::Result::kEnd) return log;
    if (result == PostReader::Result::kError) {
      log.emplace_back("error");
      return log;
    }
    log.push_back((packet.binary ? "binary " : "text ") + std::string(packet.data));
  }
}

}  // namespace

TEST_CASE("A packet becomes the WebSocket message of its client", "[dialect]") {
  const Outgoing text{.data = "hello"};
  const Outgoing bytes{.binary = true, .data = "\x01\x02"};
  CHECK(written(kV4, text) == "text 4hello");
  CHECK(written(kV3, text) == "text 4hello");
  CHECK(written(kV4, bytes) == "binary \x01\x02");
  CHECK(written(kV4Base64, bytes) == "text bAQI=");
  CHECK(written(kV3, bytes) == "binary \x04\x01\x02");
  CHECK(written(kV3Base64, bytes) == "text b4AQI=");
  CHECK(written(kV4, {.type = PacketType::kPong, .data = "probe"}) == "text 3probe");
}

TEST_CASE("Only a payload that is the packet's own data is shared", "[dialect]") {
  std::string scratch;
  const Outgoing bytes{.binary = true, .data = "\x01"};
  CHECK(toMessage(kV3, bytes, scratch).isPlain);
  CHECK_FALSE(toMessage(kV3Base64, bytes, scratch).isPlain);
}

TEST_CASE("A WebSocket message becomes a packet", "[dialect]") {
  std::string scratch;
  for (const auto* dialect : {&kV4, &kV3}) {
    CHECK(parseText(*dialect, "4hi", scratch)->data == "hi");
    CHECK_FALSE(parseText(*dialect, "9", scratch));
    CHECK_FALSE(parseText(*dialect, "", scratch));
  }
  const auto base64 = parseText(kV4, "bAQI=", scratch);
  REQUIRE(base64);
  CHECK(base64->binary);
  CHECK(base64->data == "\x01\x02");
  CHECK(parseBinary(kV4, "\x04\x01").data == "\x04\x01");
  CHECK(parseBinary(kV3, "\x04\x01").data == "\x01");
}

TEST_CASE("A poll is answered in the form that its client reads", "[dialect]") {
  const std::vector<PacketView> packets{{PacketType::kMessage, false, "h\xC3\xA9"},
                                        {PacketType::kMessage, true, "\x01"}};
  CHECK(encodePoll(kV4, packets).body ==
        "4h\xC3\xA9\x1E"
        "bAQ==");
  CHECK_FALSE(encodePoll(kV4, packets).binary);
  CHECK(encodePoll(kV3Base64, packets).body ==
        "3:4h\xC3\xA9"
        "6:b4AQ==");
  const auto binary = encodePoll(kV3, packets);
  CHECK(binary.binary);
  CHECK(binary.body == std::string("\x00\x04\xFF"
                                   "4h\xC3\xA9"
                                   "\x01\x02\xFF\x04\x01",
                                   12));
  const Dialect jsonp{.jsonp = "7x"};
  CHECK(encodePoll(jsonp, {packets.data(), 1}).body == "___eio[7](\"4h\xC3\xA9\");");
}

TEST_CASE("A POST is read in the form that its client writes", "[dialect]") {
  CHECK(readAll(kV4,
                "4a\x1E"
                "bAQI=",
                false) == std::vector<std::string>{"text a", "binary \x01\x02"});
  CHECK(readAll(kV3, "2:4a3:4bc", false) == std::vector<std::string>{"text a", "text bc"});
  CHECK(readAll(kV3,
                std::string_view("\x00\x02\xFF"
                                 "4a",
                                 5),
                true) == std::vector<std::string>{"text a"});
  CHECK(readAll(kV3, "x", false).back() == "error");
  const Dialect jsonp{.jsonp = "0"};
  CHECK(readAll(jsonp, "d=4a%20b", false) == std::vector<std::string>{"text a b"});
  CHECK(readAll(jsonp, "e=4a", false).empty());
  CHECK(readAll(jsonp, "d=4a", true).empty());
}

TEST_CASE("In protocol 3 the client pings", "[session][dialect]") {
  Rig rig("abcdefghij0123456789", {}, kV3);
  rig.openWebSocket();
  SECTION("and is answered") {
    rig.pass(44s);
    rig.frame(rig.channel, "2");
    CHECK(rig.channel.sent == Log{"3"});
    CHECK(rig.host.log == Log{"heartbeat"});
    rig.pass(44s);
    CHECK(rig.host.log == Log{"heartbeat"});
  }
  SECTION("or is gone") {
    rig.pass(45s);
    CHECK(rig.channel.sent.empty());
    CHECK(rig.host.log == Log{"close ping timeout"});
  }
  SECTION("and must not PONG") {
    rig.frame(rig.channel, "3");
    CHECK(rig.host.log == Log{"close transport error: invalid heartbeat direction"});
  }
}

TEST_CASE("The initial packet comes with the handshake", "[session][dialect]") {
  EngineOptions options;
  options.initialPacket = "welcome";
  Rig rig(options);
  CHECK(
      rig.openPolling()->body.ends_with("}\x1E"
                                        "4welcome"));
}
