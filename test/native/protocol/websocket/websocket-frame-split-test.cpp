// A parser must not care where the network cuts its input. Every stream here is cut at every byte,
// at every pair of bytes if it is short, and into single bytes. It must always read the same.
#include <catch2/catch.hpp>

#include "protocol/websocket/frame-builder.hpp"

using namespace beastio::protocol;
using namespace beastio::protocol::test;

namespace {

constexpr FrameParser::Limits kLimits{
    .maxMessageBytes = 80'000, .maxFragments = 4, .allowCompressed = true};

struct Stream {
  std::string name;
  std::string bytes;
  Outcome expected;
};

std::vector<Stream> streams() {
  const std::string long16(300, 'm');
  const std::string euros = "\xE2\x82\xAC\xE2\x82\xAC";
  const std::string start = frame({.payload = "Hel", .final = false});
  const std::string middle = frame({.opcode = 0, .final = false});
  const std::string end = frame({.payload = "lo", .opcode = 0});
  // Masked, this payload is a whole frame on the wire: cut before it, it must not be taken for one.
  const std::string decoy = frame({.payload = text("trap")}).substr(6);
  using enum FrameError;
  return {
      {"text", text("hello") + text("again"), {{"ascii hello", "ascii again"}}},
      {"text beyond ASCII", text(euros) + text("a"), {{"text " + euros, "ascii a"}}},
      {"binary", binary("\x80\x01") + binary("z"), {{"binary \x80\x01", "binary z"}}},
      {"empty",
       text("") + binary("") + ping("") + pong(""),
       {{"ascii ", "binary ", "ping ", "pong "}}},
      {"ping and pong", ping("left") + pong("right"), {{"ping left", "pong right"}}},
      {"decoy", ping(decoy) + binary(decoy), {{"ping " + decoy, "binary " + decoy}}},
      {"length of 16 bits", text(long16) + text("a"), {{"ascii " + long16, "ascii a"}}},
      {"length of 64 bits",
       frame({.payload = "wide", .lengthBytes = 8}) + text("a"),
       {{"ascii wide", "ascii a"}}},
      {"fragments", start + middle + end + text("a"), {{"ascii Hello", "ascii a"}}},
      {"fragments and pings",
       start + ping("one") + middle + ping("") + pong("two") + end,
       {{"ping one", "ping ", "pong two", "ascii Hello"}}},
      {"close", text("a") + close("") + text("b"), {{"ascii a", "close 1005 "}}},
      {"close with reason",
       close("\x03\xE9"
             "bye") +
           text("b"),
       {{"close 1001 bye"}}},
      {"close between fragments", start + close("\x03\xE8") + end, {{"close 1000 "}}},
      {"compressed",
       text("a") + frame({.payload = "\xC3", .rsv = 4}) + text("b"),
       {{"ascii a", "compressed 1 \xC3", "ascii b"}}},
      {"compressed fragments",
       frame({.payload = "\xF2", .opcode = 2, .final = false, .rsv = 4}) + ping("p") + end + end,
       {{"ping p", "compressed 2 \xF2lo"}, kUnexpectedContinuation}},
      {"RSV1", text("a") + frame({.opcode = 0xA, .rsv = 4}), {{"ascii a"}, kRsv1}},
      {"RSV2", ping("a") + frame({.rsv = 2}), {{"ping a"}, kRsv23}},
      {"opcode", frame({.opcode = 5}) + text("a"), {{}, kBadOpcode, 5}},
      {"no mask", text("a") + frame({.payload = "b", .masked = false}), {{"ascii a"}, kUnmasked}},
      {"fragmented ping", frame({.opcode = 9, .final = false}), {{}, kFragmentedControl}},
      {"long ping", ping(std::string(126, 'p')), {{}, kControlTooLong, 126}},
      {"nothing to continue", text("a") + end, {{"ascii a"}, kUnexpectedContinuation}},
      {"text in a message", start + text("a"), {{}, kExpectedContinuation, 1}},
      {"too big",
       text("a") + frame({.payload = "b", .announced = 80'001}),
       {{"ascii a"}, kMessageTooBig}},
      {"too big together", start + frame({.opcode = 0, .announced = 79'998}), {{}, kMessageTooBig}},
      {"too many fragments", start + middle + middle + middle + end, {{}, kTooManyFragments}},
      {"bad UTF-8", text("a") + text("\xE2\x82") + text("b"), {{"ascii a"}, kInvalidUtf8}},
      {"bad UTF-8 in a fragment",
       frame({.payload = "\xC3", .final = false}) + end,
       {{}, kInvalidUtf8}},
      {"bad close length", close("x"), {{}, kBadCloseLength, 1}},
      {"bad close code", close("\x03\xED"), {{}, kBadCloseCode, 1005}},
      {"bad close reason", close("\x03\xE8\xC3"), {{}, kInvalidUtf8}},
  };
}

/// Parses `stream` cut at each of `cuts`, which ascend.
Outcome parseCut(std::string_view stream, std::initializer_list<std::size_t> cuts) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    parts.push_back(stream.substr(from, cut - from));
    from = cut;
  }
  parts.push_back(stream.substr(from));
  return parse(parts, kLimits);
}

}  // namespace

TEST_CASE("FrameParser reads the same wherever its input is cut", "[frame][split]") {
  constexpr std::size_t kShortBytes = 64;
  for (const Stream& stream : streams()) {
    CAPTURE(stream.name);
    const std::string_view bytes = stream.bytes;
    REQUIRE(parseCut(bytes, {}) == stream.expected);
    for (std::size_t first = 0; first <= bytes.size(); ++first) {
      if (parseCut(bytes, {first}) != stream.expected) FAIL("cut at " << first);
      if (bytes.size() > kShortBytes) continue;
      for (std::size_t second = first; second <= bytes.size(); ++second) {
        if (parseCut(bytes, {first, second}) != stream.expected) {
          FAIL("cut at " << first << " and " << second);
        }
      }
    }

    std::vector<std::string_view> singles;
    for (std::size_t i = 0; i < bytes.size(); ++i) singles.push_back(bytes.substr(i, 1));
    CHECK(parse(singles, kLimits) == stream.expected);
  }
}

TEST_CASE("FrameParser reads a frame of 64 KiB and more however it is cut", "[frame][split]") {
  std::string payload(70'001, '\0');
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(i * 7);
  const std::string stream = ping("a") + binary(payload) + text("b");
  const Outcome expected{{"ping a", "binary " + payload, "ascii b"}};

  for (std::size_t cut = 0; cut < 32; ++cut) {
    if (parseCut(stream, {cut}) != expected) FAIL("cut at " << cut);
    if (parseCut(stream, {stream.size() - cut}) != expected) FAIL("cut " << cut << " from the end");
  }
  for (const std::size_t partBytes : {1u, 7u, 1'000u, 4'096u, 65'536u}) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < stream.size(); at += partBytes) {
      parts.push_back(std::string_view(stream).substr(at, partBytes));
    }
    if (parse(parts, kLimits) != expected) FAIL("parts of " << partBytes);
  }
}

TEST_CASE("The memory of a large payload can be taken away", "[frame]") {
  struct Taker : Recorder {
    FrameParser* parser = nullptr;
    std::vector<std::string> taken{};
    bool onBinary(MutableBytes payload) {
      if (auto* memory = parser->memoryOf(payload)) taken.push_back(std::move(*memory));
      return true;
    }
  } taker;
  FrameParser parser({});
  taker.parser = &parser;
  const std::string large(10'000, 'l');
  const auto give = [&](std::string_view input) {
    std::vector<std::uint8_t> copy(input.begin(), input.end());
    CHECK(parser.consume(copy, taker) == FrameError::kNone);
  };
  const auto whole = binary(large);
  give(whole);
  CHECK(taker.taken.empty());  // it is a part of the input
  give(std::string_view(whole).substr(0, 6'000));
  give(std::string_view(whole).substr(6'000));
  CHECK(taker.taken == std::vector{large});
  CHECK(parser.bufferedBytes() <= 4096);
  give(std::string_view(whole).substr(0, 3'000));
  give(std::string_view(whole).substr(3'000));
  CHECK(taker.taken == std::vector{large, large});

  SECTION("but not with room that nobody counts") {
    for (std::size_t from = 0; from < large.size(); from += 1'000) {
      const auto opcode = static_cast<std::uint8_t>(from == 0 ? 0x2 : 0x0);
      const bool isLast = from + 1'000 == large.size();
      give(frame({.payload = large.substr(from, 1'000), .opcode = opcode, .final = isLast}));
    }
    CHECK(taker.taken.size() == 2);
  }
}
