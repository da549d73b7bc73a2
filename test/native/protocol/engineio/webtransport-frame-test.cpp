// PacketStreamParser and its header: what is read, wherever the input is cut, and what is refused.
// The frames are built by hand here, sharing no code with what is tested.
#include "protocol/engineio/webtransport-frame.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace beastio::protocol;

namespace {

struct PacketSpec {
  std::string payload{};
  bool binary = false;
  std::size_t lengthBytes = 0;               ///< 2 or 8 force a longer header than needed
  std::optional<std::uint64_t> announced{};  ///< another length than the payload has
};

std::string packet(const PacketSpec& spec) {
  const std::uint64_t length = spec.announced.value_or(spec.payload.size());
  const std::size_t lengthBytes = spec.lengthBytes > 0 ? spec.lengthBytes
                                  : length > 0xFFFF    ? 8
                                  : length > 125       ? 2
                                                       : 0;
  const auto byte = [](auto value) { return static_cast<char>(static_cast<std::uint8_t>(value)); };
  std::string out;
  out += byte((spec.binary ? 0x80U : 0U) | (lengthBytes == 8   ? 127U
                                            : lengthBytes == 2 ? 126U
                                                               : length));
  for (std::size_t i = lengthBytes; i > 0; --i) out += byte(length >> (8 * (i - 1)));
  return out + spec.payload;
}

std::string text(std::string payload) { return packet({.payload = std::move(payload)}); }
std::string binary(std::string payload) {
  return packet({.payload = std::move(payload), .binary = true});
}

/// Writes down each packet as one entry, e.g. "text 4hello".
struct Recorder {
  std::vector<std::string> log{};
  std::size_t stopAfter = static_cast<std::size_t>(-1);

  bool onPacket(Bytes bytes, bool isBinary) {
    log.push_back((isBinary ? "binary " : "text ") + std::string(asText(bytes)));
    return log.size() < stopAfter;
  }
};

/// All that can be seen of a parser that was fed `parts` one after the other.
struct Outcome {
  std::vector<std::string> log;
  bool valid = true;

  bool operator==(const Outcome&) const = default;
};

/// Feeds each part from a buffer of exactly its size, so that a sanitizer sees any step beyond it.
Outcome parse(const std::vector<std::string_view>& parts, std::size_t limit = 1'000'000) {
  PacketStreamParser parser(limit);
  Recorder recorder;
  bool valid = true;
  for (const auto part : parts) {
    const std::vector<std::uint8_t> copy(part.begin(), part.end());
    valid = parser.consume(copy, recorder);
  }
  return {recorder.log, valid};
}

}  // namespace

TEST_CASE("A packet's header says its kind and length", "[packet-stream]") {
  const auto header = [](bool isBinary, std::size_t bytes) {
    std::array<std::uint8_t, kMaxPacketHeaderBytes> out{};
    const auto length = encodePacketHeader(out, isBinary, bytes);
    return std::vector<int>(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(length));
  };
  CHECK(header(false, 1) == std::vector<int>{1});
  CHECK(header(true, 0) == std::vector<int>{0x80});
  CHECK(header(false, 125) == std::vector<int>{125});
  CHECK(header(true, 125) == std::vector<int>{0xFD});
  CHECK(header(false, 126) == std::vector<int>{126, 0, 126});
  CHECK(header(true, 65'535) == std::vector<int>{0xFE, 0xFF, 0xFF});
  CHECK(header(false, 65'536) == std::vector<int>{127, 0, 0, 0, 0, 0, 1, 0, 0});
  CHECK(header(true, 0x1'2345'6789) == std::vector<int>{0xFF, 0, 0, 0, 1, 0x23, 0x45, 0x67, 0x89});
}

TEST_CASE("Packets read the same wherever their stream is cut", "[packet-stream]") {
  const std::string medium(300, 'm');
  struct Stream {
    std::string bytes;
    Outcome expected;
    std::size_t limit = 1'000'000;
  };
  const std::vector<Stream> streams{
      {text("4hello") + binary(std::string("\x00\x7F", 2)) + text("2"),
       {{"text 4hello", std::string("binary \x00\x7F", 9), "text 2"}}},
      {text(medium) + binary("b") + text("4a"), {{"text " + medium, "binary b", "text 4a"}}},
      {packet({.payload = "4wide", .lengthBytes = 2}) +
           packet({.payload = "4wider", .lengthBytes = 8}) + text("3"),
       {{"text 4wide", "text 4wider", "text 3"}}},
      {text("4a") + text("") + text("4b"), {{"text 4a"}, false}},
      {text("4a") + packet({.lengthBytes = 2}) + text("4b"), {{"text 4a"}, false}},
      {text("4a") + packet({.binary = true, .lengthBytes = 8}) + "b", {{"text 4a"}, false}},
      {text("4a") + packet({.announced = 301}) + medium, {{"text 4a"}, false}, 300},
      {text(medium) + text("4a"), {{"text " + medium, "text 4a"}}, 300},
      {text("4a") + packet({.announced = std::uint64_t{1} << 53U}), {{"text 4a"}, false}},
      {text("4a") + packet({.announced = ~std::uint64_t{0}}), {{"text 4a"}, false}},
      {text("4a") + packet({.payload = "4b", .lengthBytes = 2}), {{"text 4a"}, false}, 100},
      {text("4cut"), {{"text 4cut"}}},
      {text("4cut").substr(0, 4), {{}}},
      {std::string("\xFE\x01"), {{}}},
  };
  constexpr std::size_t kShortBytes = 64;
  for (const auto& [bytes, expected, limit] : streams) {
    CAPTURE(bytes);
    const std::string_view all = bytes;
    REQUIRE(parse({all}, limit) == expected);
    for (std::size_t first = 0; first <= all.size(); ++first) {
      if (parse({all.substr(0, first), all.substr(first)}, limit) != expected) {
        FAIL("cut at " << first);
      }
      if (all.size() > kShortBytes) continue;
      for (std::size_t second = first; second <= all.size(); ++second) {
        const Outcome outcome = parse(
            {all.substr(0, first), all.substr(first, second - first), all.substr(second)}, limit);
        if (outcome != expected) FAIL("cut at " << first << " and " << second);
      }
    }
    std::vector<std::string_view> singles;
    for (std::size_t i = 0; i < all.size(); ++i) singles.push_back(all.substr(i, 1));
    CHECK(parse(singles, limit) == expected);
  }
}

TEST_CASE("A packet of 64 KiB and more is read however it is cut", "[packet-stream]") {
  std::string payload(70'001, '\0');
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(i * 7);
  const auto stream = text("2") + binary(payload) + text("3");
  const Outcome expected{{"text 2", "binary " + payload, "text 3"}};
  for (const std::size_t size : {1U, 7U, 1'000U, 65'536U, 1'000'000U}) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < stream.size(); at += size) {
      parts.push_back(std::string_view(stream).substr(at, size));
    }
    if (parse(parts) != expected) FAIL("parts of " << size);
  }
}

TEST_CASE("A refused stream stays refused, and one that was left is not read on",
          "[packet-stream]") {
  const auto bytes = text("4a") + text("4b");
  PacketStreamParser parser(10);
  Recorder recorder;
  SECTION("refused") {
    CHECK_FALSE(parser.consume(asBytes(text("")), recorder));
    CHECK_FALSE(parser.consume(asBytes(bytes), recorder));
    CHECK(recorder.log.empty());
  }
  SECTION("left") {
    recorder.stopAfter = 1;
    CHECK(parser.consume(asBytes(bytes), recorder));
    CHECK(parser.consume(asBytes(bytes), recorder));
    CHECK(recorder.log == std::vector<std::string>{"text 4a"});
  }
}

TEST_CASE("A length that is only announced takes no memory, and a large packet's is given back",
          "[packet-stream]") {
  PacketStreamParser parser(10'000'000);
  Recorder recorder;
  CHECK(parser.consume(asBytes(packet({.announced = 9'000'000})), recorder));
  CHECK(parser.bufferedBytes() == 0);
  CHECK(parser.consume(asBytes("abc"), recorder));
  CHECK(parser.bufferedBytes() < 100);
  const std::string rest(9'000'000 - 3, 'x');
  CHECK(parser.consume(asBytes(rest), recorder));
  CHECK(recorder.log.size() == 1);
  CHECK(parser.bufferedBytes() == 0);
}

// Random streams in random pieces against a reading of the whole at once, and random garbage.
TEST_CASE("Random streams are read as their plain reading says", "[packet-stream]") {
  std::mt19937 random(20'260'721);
  const auto below = [&random](std::size_t limit) { return random() % limit; };
  for (int round = 0; round < 500; ++round) {
    constexpr std::array<std::size_t, 3> kLengthBytes{0, 2, 8};
    std::string stream;
    Outcome expected{{}, true};
    for (auto count = below(20); count > 0; --count) {
      const std::string payload(1 + below(below(10) == 0 ? 70'000 : 200),
                                static_cast<char>(random()));
      const bool isBinary = below(2) == 0;
      const auto lengthBytes = payload.size() > 125 ? 0 : kLengthBytes[below(3)];
      stream += packet({.payload = payload, .binary = isBinary, .lengthBytes = lengthBytes});
      expected.log.push_back((isBinary ? "binary " : "text ") + payload);
    }
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < stream.size();) {
      const auto size = 1 + below(below(5) == 0 ? 100'000 : 50);
      parts.push_back(std::string_view(stream).substr(at, size));
      at += size;
    }
    if (parse(parts) != expected) FAIL("round " << round);

    std::string garbage(below(300), '\0');
    for (auto& character : garbage) character = static_cast<char>(random());
    const auto whole = parse({garbage}, 64);
    const auto cut = below(garbage.size() + 1);
    const std::string_view view = garbage;
    if (parse({view.substr(0, cut), view.substr(cut)}, 64) != whole) FAIL("garbage " << round);
  }
}
