// MessageInflater on the examples of RFC 7692, on what is not deflate data, and on bombs. Error
// texts are zlib's, as `ws` passes them on.
#include "protocol/websocket/message-inflater.hpp"

#include <catch2/catch.hpp>

#include "protocol/websocket/message-deflater.hpp"

using namespace beastio::protocol;
using namespace std::string_literals;

using Result = MessageInflater::Result;

namespace {

const std::string kHello = "\xF2\x48\xCD\xC9\xC9\x07\x00"s;

struct Inflated {
  Result result;
  std::string message;

  bool operator==(const Inflated&) const = default;
};

Inflated inflate(MessageInflater& inflater, std::string_view payload,
                 std::size_t maxBytes = 1'000'000) {
  std::vector<std::uint8_t> message{'o', 'l', 'd'};
  const Result result = inflater.inflate(asBytes(payload), maxBytes, message);
  CHECK(message.capacity() <= std::max<std::size_t>(maxBytes, 3));
  return {result, std::string(asText(message))};
}

Inflated inflateOnce(std::string_view payload, std::size_t maxBytes = 1'000'000) {
  MessageInflater inflater(15);
  return inflate(inflater, payload, maxBytes);
}

Inflated done(std::string message) { return {Result::kDone, std::move(message)}; }

std::string deflated(std::string_view message, const DeflateSettings& settings = {}) {
  MessageDeflater deflater(15, settings);
  std::string out;
  const Bytes part = asBytes(message);
  deflater.deflate({&part, 1}, out);
  return out;
}

}  // namespace

TEST_CASE("MessageInflater reads the examples of RFC 7692", "[inflate]") {
  MessageInflater inflater(15);
  CHECK(inflate(inflater, kHello) == done("Hello"));
  CHECK(inflate(inflater, "\xF2\x00\x11\x00\x00"s) == done("Hello"));
  CHECK(inflate(inflater, "\x00\x05\x00\xFA\xFFHello\x00"s) == done("Hello"));
  CHECK(inflate(inflater, "\xF3\x48\xCD\xC9\xC9\x07\x00\x00"s) == done("Hello"));
  CHECK(inflate(inflater, "\xF2\x48\x05\x00\x00\x00\xFF\xFF\xCA\xC9\xC9\x07\x00"s) ==
        done("Hello"));
  CHECK(inflate(inflater, "\x00"s) == done(""));
}

TEST_CASE("MessageInflater takes an empty payload for an empty message", "[inflate]") {
  MessageInflater inflater(15);
  CHECK(inflate(inflater, "") == done(""));
  CHECK(inflate(inflater, kHello) == done("Hello"));
  CHECK(inflate(inflater, "") == done(""));
  CHECK(inflate(inflater, "\xF2\x00\x11\x00\x00"s) == done("Hello"));
}

TEST_CASE("MessageInflater accepts final blocks, wherever they stand", "[inflate]") {
  const std::string final = "\xF3\x48\xCD\xC9\xC9\x07\x00"s;
  MessageInflater inflater(15);
  SECTION("at the end, with the empty block that RFC 7692 puts behind it and without") {
    CHECK(inflate(inflater, final) == done("Hello"));
    CHECK(inflate(inflater, final + "\x00"s) == done("Hello"));
    CHECK(inflate(inflater, final) == done("Hello"));
  }
  SECTION("followed by others") {
    const std::string marker = "\x00\x00\xFF\xFF"s;
    CHECK(inflate(inflater, final + final + kHello + marker + final) ==
          done("HelloHelloHelloHello"));
    CHECK(inflate(inflater, final + kHello) == done("HelloHello"));
  }
  SECTION("the context outlives them") {
    CHECK(inflate(inflater, final) == done("Hello"));
    CHECK(inflate(inflater, "\xF2\x00\x11\x00\x00"s) == done("Hello"));
    CHECK(inflate(inflater, final + "\xF2\x00\x11\x00\x00"s) == done("HelloHello"));
  }
  SECTION("filling a chunk of output to its last byte") {
    for (std::size_t size = 16'383; size <= 16'385; ++size) {
      const std::string stored = "\x01"s + static_cast<char>(size) + static_cast<char>(size >> 8) +
                                 static_cast<char>(~size) + static_cast<char>(~size >> 8) +
                                 std::string(size, 'x');
      CHECK((inflate(inflater, stored) == done(std::string(size, 'x'))));
      CHECK(inflate(inflater, kHello) == done("Hello"));
    }
  }
  SECTION("a hundred thousand empty ones are no burden") {
    std::string blocks;
    for (int i = 0; i < 100'000; ++i) blocks += "\x03\x00"s;
    CHECK(inflate(inflater, blocks + kHello) == done("Hello"));
  }
}

TEST_CASE("MessageInflater refuses what is not deflate data", "[inflate]") {
  const auto error = [](std::string_view payload) {
    MessageInflater inflater(15);
    CHECK(inflate(inflater, payload).result == Result::kInvalid);
    return std::string(inflater.errorText());
  };
  CHECK(error("\xFF\xFF\xFF\xFF") == "invalid block type");
  CHECK(error("\x00\x05\x00\x05\x00Hello"s) == "invalid stored block lengths");
  CHECK(error("\xF2\x00\x11\x00\x00"s) == "invalid distance too far back");
  CHECK(error("\x04\xFF\xFF\xFF") == "too many length or distance symbols");
  CHECK(error(kHello + "\xFF\x00\x00"s) == "invalid stored block lengths");
  CHECK(error("\xF3\x48\xCD\xC9\xC9\x07\x00\xFF\xFF"s) == "invalid block type");

  SECTION("and reads on after a reset") {
    MessageInflater inflater(15);
    CHECK(inflate(inflater, "\xFF").result == Result::kInvalid);
    inflater.reset();
    CHECK(inflate(inflater, kHello) == done("Hello"));
  }
}

TEST_CASE("MessageInflater delivers what came of a payload that ends early, as ws", "[inflate]") {
  CHECK(inflateOnce("\x00\x0B\x00\xF4\xFFHello"s) == done("Hello\x00\x00\xFF\xFF"s));
  // Cut anywhere, a payload is never an error of memory, and only resetting is needed after it.
  const std::string whole = deflated("Hello, hello, hello: " + std::string(400, 'x'));
  MessageInflater inflater(15);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    inflate(inflater, std::string_view(whole).substr(0, size));
    inflater.reset();
    CHECK(inflate(inflater, kHello) == done("Hello"));
    inflater.reset();
  }
}

TEST_CASE("MessageInflater remembers one window of the earlier messages", "[inflate]") {
  MessageDeflater deflater(15, {});
  const std::string letters = "abcdefghijklmnopqrstuvwxyz";
  std::vector<std::string> payloads;
  for (const std::string& message : {letters + std::string(300, '-'), letters}) {
    const Bytes part = asBytes(message);
    deflater.deflate({&part, 1}, payloads.emplace_back());
  }
  MessageInflater small(8);
  CHECK(inflate(small, payloads[0]).result == Result::kDone);
  CHECK(inflate(small, payloads[1]).result == Result::kInvalid);
  CHECK(small.errorText() == "invalid distance too far back");
  MessageInflater enough(9);
  CHECK(inflate(enough, payloads[0]).result == Result::kDone);
  CHECK(inflate(enough, payloads[1]) == done(letters));
}

TEST_CASE("MessageInflater stops at the limit", "[inflate]") {
  const std::string payload = deflated(std::string(50'000, 'x'));
  CHECK((inflateOnce(payload, 50'000) == done(std::string(50'000, 'x'))));
  CHECK(inflateOnce(payload, 49'999).result == Result::kTooBig);
  CHECK(inflateOnce(payload, 0).result == Result::kTooBig);
  CHECK(inflateOnce("\x00"s, 0) == done(""));
  CHECK((inflateOnce(payload, std::size_t(-1) / 4) == done(std::string(50'000, 'x'))));
  for (const std::size_t size : {16'383u, 16'384u, 16'385u, 32'768u}) {
    const std::string message(size, 'x');
    CHECK((inflateOnce(deflated(message), size) == done(message)));
    CHECK(inflateOnce(deflated(message), size - 1).result == Result::kTooBig);
  }
}

TEST_CASE("MessageInflater is not blown up by a bomb", "[inflate]") {
  // 100 MB of '4' in 97 KB.
  MessageDeflater deflater(15, {});
  const std::string megabyte(1'000'000, '4');
  const std::vector<Bytes> parts(100, asBytes(megabyte));
  std::string bomb;
  deflater.deflate(parts, bomb);
  REQUIRE(bomb.size() < 100'000);

  MessageInflater inflater(15);
  std::vector<std::uint8_t> message;
  CHECK(inflater.inflate(asBytes(bomb), 1'000'000, message) == Result::kTooBig);
  CHECK(message.size() <= 1'000'000);
  CHECK(message.capacity() <= 1'000'000);
  inflater.reset();
  CHECK(inflate(inflater, kHello) == done("Hello"));
}

TEST_CASE("MessageInflater survives the streams of CVE-2018-25032", "[inflate]") {
  // Many distinct distances in fixed blocks with little memory overflowed old deflaters.
  std::string message;
  for (int i = 0; i < 20'000; ++i) {
    message += static_cast<char>(i * 31);
    if (i > 300 && i % 3 == 0) message += message.substr(message.size() - 300, 3);
  }
  for (int memLevel = 1; memLevel <= 9; ++memLevel) {
    for (const int strategy : {0, 4}) {
      const DeflateSettings settings{.memLevel = memLevel, .strategy = strategy};
      CHECK((inflateOnce(deflated(message, settings)) == done(message)));
    }
  }
}
