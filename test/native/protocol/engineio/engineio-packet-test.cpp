// Engine.IO packets and polling payloads. Errors and their place are those of engine.io-parser 5.2.
#include "protocol/engineio/engineio-packet.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace beastio::protocol;
using namespace std::string_literals;

namespace {

using Log = std::vector<std::string>;

/// Everything a reader says of `payload`, up to its end or its error.
Log read(std::string_view payload) {
  Log log;
  PayloadReader reader(payload);
  PacketView packet;
  PayloadReader::Result result;
  while ((result = reader.next(packet)) == PayloadReader::Result::kPacket) {
    log.push_back((packet.binary ? "binary "s : ""s) + typeCharacter(packet.type) +
                  std::string(packet.data));
  }
  if (result == PayloadReader::Result::kError) log.push_back("error");
  CHECK(reader.next(packet) == PayloadReader::Result::kEnd);
  return log;
}

}  // namespace

TEST_CASE("parsePacket reads the type and leaves the rest", "[engineio]") {
  const auto message = parsePacket("4hello");
  REQUIRE(message);
  CHECK(message->type == PacketType::kMessage);
  CHECK(message->data == "hello");
  CHECK_FALSE(message->binary);

  for (int type = 0; type <= 6; ++type) {
    const auto packet = parsePacket(std::to_string(type));
    REQUIRE(packet);
    CHECK(static_cast<int>(packet->type) == type);
    CHECK(packet->data.empty());
  }
  CHECK(parsePacket("2probe")->type == PacketType::kPing);
  CHECK(parsePacket("44")->data == "4");
}

TEST_CASE("parsePacket refuses what has no type", "[engineio]") {
  for (const char* text : {"", "7", "9hello", "/", ":", "x", "bAQID", " 4", "\xC3\xA9", "-1"}) {
    CAPTURE(text);
    CHECK_FALSE(parsePacket(text));
  }
  CHECK_FALSE(parsePacket(std::string_view("\0", 1)));
}

TEST_CASE("appendToPayload separates packets and encodes binary ones", "[engineio]") {
  std::string payload;
  appendToPayload({.type = PacketType::kMessage, .data = "hello"}, payload);
  CHECK(payload == "4hello");
  appendToPayload({.type = PacketType::kPing}, payload);
  appendToPayload({.type = PacketType::kMessage, .binary = true, .data = "\x01\x02\x03\x04"},
                  payload);
  appendToPayload({.type = PacketType::kMessage, .binary = true}, payload);
  CHECK(payload ==
        "4hello\x1e"
        "2\x1e"
        "bAQIDBA==\x1e"
        "b");
  CHECK(read(payload) == Log{"4hello", "2", "binary 4\x01\x02\x03\x04", "binary 4"});
}

TEST_CASE("PayloadReader reads packets in order", "[engineio]") {
  CHECK(read("4hello") == Log{"4hello"});
  CHECK(read("3\x1e"
             "40\x1e"
             "42[\"a\"]\x1e"
             "5") == Log{"3", "40", "42[\"a\"]", "5"});
  CHECK(read("b") == Log{"binary 4"});
  CHECK(read("bAQID\x1e"
             "bBA\x1e"
             "4x") == Log{"binary 4\x01\x02\x03", "binary 4\x04", "4x"});
  CHECK(read("b!!!!") == Log{"binary 4"});
  CHECK(read("4\xE2\x82\xAC") == Log{"4\xE2\x82\xAC"});
}

TEST_CASE("PayloadReader stops at the first error", "[engineio]") {
  CHECK(read("") == Log{"error"});
  CHECK(read("\x1e") == Log{"error"});
  CHECK(read("9\x1e"
             "4a") == Log{"error"});
  CHECK(read("4a\x1e") == Log{"4a", "error"});
  CHECK(read("4a\x1e\x1e"
             "4b") == Log{"4a", "error"});
  CHECK(read("\x1e"
             "4a") == Log{"error"});
  CHECK(read("4a\x1ex\x1e"
             "4b") == Log{"4a", "error"});
  CHECK(read(std::string(300'000, kRecordSeparator)) == Log{"error"});
}
