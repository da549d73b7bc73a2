// MessageDeflater against the examples of RFC 7692, against MessageInflater (which has its own
// tests), and against zlib itself where windows matter.
#include "protocol/websocket/message-deflater.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "protocol/websocket/message-inflater.hpp"

using namespace beastio::protocol;
using namespace std::string_literals;

namespace {

std::string deflate(MessageDeflater& deflater, std::string_view message) {
  std::string out;
  const Bytes part = asBytes(message);
  deflater.deflate({&part, 1}, out);
  return out;
}

std::string inflate(MessageInflater& inflater, std::string_view payload) {
  std::vector<std::uint8_t> message;
  REQUIRE(inflater.inflate(asBytes(payload), 10'000'000, message) ==
          MessageInflater::Result::kDone);
  return std::string(asText(message));
}

/// Inflates byte by byte, which is when zlib refuses whatever refers further back than its window.
std::string inflateStrictly(z_stream& stream, std::string payload) {
  payload += "\x00\x00\xFF\xFF"s;
  stream.next_in = reinterpret_cast<Bytef*>(payload.data());
  stream.avail_in = static_cast<uInt>(payload.size());
  std::string message;
  for (;;) {
    Bytef byte = 0;
    stream.next_out = &byte;
    stream.avail_out = 1;
    const int result = ::inflate(&stream, Z_SYNC_FLUSH);
    if (result != Z_OK && result != Z_BUF_ERROR) return "error";
    if (stream.avail_out == 1) return message;
    message.push_back(static_cast<char>(byte));
  }
}

std::string noise(std::size_t size) {
  std::minstd_rand random(static_cast<unsigned>(size));
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() >> 8);
  return bytes;
}

}  // namespace

TEST_CASE("MessageDeflater writes the examples of RFC 7692", "[deflate]") {
  SECTION("7.2.3.1 and 7.2.3.2: the context is taken over") {
    MessageDeflater deflater(15, {});
    CHECK(deflate(deflater, "Hello") == "\xF2\x48\xCD\xC9\xC9\x07\x00"s);
    CHECK(deflate(deflater, "Hello") == "\xF2\x00\x11\x00\x00"s);
    deflater.reset();
    CHECK(deflate(deflater, "Hello") == "\xF2\x48\xCD\xC9\xC9\x07\x00"s);
  }
  SECTION("7.2.3.3: stored blocks") {
    MessageDeflater deflater(15, {.level = 0});
    CHECK(deflate(deflater, "Hello") == "\x00\x05\x00\xFA\xFFHello\x00"s);
  }
  SECTION("7.2.3.6: an empty message is one byte, and leaves the context alone") {
    MessageDeflater deflater(15, {});
    CHECK(deflate(deflater, "") == "\0"s);
    CHECK(deflate(deflater, "Hello") == "\xF2\x48\xCD\xC9\xC9\x07\x00"s);
    CHECK(deflate(deflater, "") == "\0"s);
    CHECK(deflate(deflater, "") == "\0"s);
    CHECK(deflate(deflater, "Hello") == "\xF2\x00\x11\x00\x00"s);
  }
}

TEST_CASE("MessageDeflater appends one message of any number of parts", "[deflate]") {
  MessageDeflater deflater(15, {});
  MessageInflater inflater(15);
  const std::vector<std::vector<std::string>> messages = {
      {},
      {""},
      {"4", "hello"},
      {"", "4", "", "hello", ""},
      {"4", ""},
      {"", "", ""},
      {std::string(40'000, 'x'), noise(20'000)},
  };
  for (const auto& message : messages) {
    std::vector<Bytes> parts;
    std::string whole;
    for (const std::string& part : message) {
      parts.push_back(asBytes(part));
      whole += part;
    }
    std::string out = "head";
    deflater.deflate(parts, out);
    REQUIRE(out.starts_with("head"));
    CHECK_FALSE(out.ends_with("\x00\x00\xFF\xFF"s));
    CHECK((inflate(inflater, std::string_view(out).substr(4)) == whole));
  }
}

TEST_CASE("MessageDeflater is understood with every setting and window", "[deflate]") {
  const std::string json = [] {
    std::string text;
    for (int i = 0; i < 200; ++i) text += "{\"id\":" + std::to_string(i * 7919) + "},";
    return text;
  }();
  for (std::uint8_t windowBits = 8; windowBits <= 15; ++windowBits) {
    for (int level = -1; level <= 9; level += 2) {
      for (int memLevel = 1; memLevel <= 9; memLevel += 4) {
        for (int strategy = 0; strategy <= 4; ++strategy) {
          CAPTURE(int{windowBits}, level, memLevel, strategy);
          MessageDeflater deflater(windowBits,
                                   {.level = level, .memLevel = memLevel, .strategy = strategy});
          z_stream stream{};
          REQUIRE(inflateInit2(&stream, -int{windowBits}) == Z_OK);
          for (const std::string& message : {json, "a"s, json.substr(100, 500)}) {
            if (inflateStrictly(stream, deflate(deflater, message)) != message) FAIL("differs");
          }
          inflateEnd(&stream);
        }
      }
    }
  }
}

TEST_CASE("MessageDeflater passes over the ends of its chunks of output", "[deflate]") {
  // Noise is stored, so these messages fill one chunk of 16 KiB exactly, less, and more.
  MessageDeflater deflater(15, {});
  MessageInflater inflater(15);
  for (std::size_t size = 16'350; size <= 16'400; ++size) {
    const std::string message = noise(size);
    if (inflate(inflater, deflate(deflater, message)) != message) FAIL(size);
  }
  const std::string large = noise(1'000'000);
  CHECK((inflate(inflater, deflate(deflater, large)) == large));
}
