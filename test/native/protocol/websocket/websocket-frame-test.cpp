// FrameParser on inputs that hold whole frames, its limits and its memory, and the functions beside
// it. Inputs cut at every byte are in websocket-frame-split-test.cpp.
#include "protocol/websocket/websocket-frame.hpp"

#include <catch2/catch.hpp>

#include "protocol/websocket/frame-builder.hpp"

using namespace beastio::protocol;
using namespace beastio::protocol::test;

using Log = std::vector<std::string>;

namespace {

/// One violation, and what is to be told about it.
struct Violation {
  std::string input;
  FrameError error;
  std::uint16_t closeCode;
  std::string description;
};

}  // namespace

TEST_CASE("FrameParser reports each kind of frame", "[frame]") {
  CHECK(parse(text("hello")).log == Log{"ascii hello"});
  CHECK(parse(text("h\xC3\xA9llo")).log == Log{"text h\xC3\xA9llo"});
  CHECK(parse(binary("\xFF\x80")).log == Log{"binary \xFF\x80"});
  CHECK(parse(ping("p")).log == Log{"ping p"});
  CHECK(parse(pong("q")).log == Log{"pong q"});
  CHECK(parse(close("")).log == Log{"close 1005 "});
  CHECK(parse(close("\x03\xE8")).log == Log{"close 1000 "});
  CHECK(parse(close("\x0B\xB8so long \xF0\x9F\x91\x8B")).log ==
        Log{"close 3000 so long \xF0\x9F\x91\x8B"});
  CHECK(parse(text("")).log == Log{"ascii "});
  CHECK(parse(binary("")).log == Log{"binary "});
  CHECK(parse(ping(std::string(125, 'p'))).log == Log{"ping " + std::string(125, 'p')});
}

TEST_CASE("FrameParser reads every length encoding, minimal or not", "[frame]") {
  for (const std::size_t size : {0u, 1u, 125u, 126u, 127u, 65'535u, 65'536u, 100'000u}) {
    const std::string payload(size, 'x');
    for (const std::size_t lengthBytes : {0u, 2u, 8u}) {
      if (lengthBytes == 2 && size > 65'535) continue;
      CAPTURE(size, lengthBytes);
      const Outcome outcome = parse(frame({.payload = payload, .lengthBytes = lengthBytes}));
      CHECK(outcome.error == FrameError::kNone);
      CHECK((outcome.log == Log{"ascii " + payload}));
    }
  }
}

TEST_CASE("FrameParser reports a thousand frames of one input in order", "[frame]") {
  std::string input;
  Log expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string payload = "42[\"echo\"," + std::to_string(i) + "]";
    input += text(payload);
    expected.push_back("ascii " + payload);
  }
  CHECK(parse(input) == Outcome{expected});
}

TEST_CASE("FrameParser unmasks a whole frame in place", "[frame]") {
  struct : Recorder {
    const std::uint8_t* seen = nullptr;
    bool onText(MutableBytes payload, bool) {
      seen = payload.data();
      return true;
    }
  } callbacks;
  const std::string input = text("first") + text(std::string(300, 'x'));
  std::vector<std::uint8_t> bytes(input.begin(), input.end());
  FrameParser parser({});
  REQUIRE(parser.consume(bytes, callbacks) == FrameError::kNone);
  CHECK(callbacks.seen == bytes.data() + bytes.size() - 300);
  CHECK(parser.bufferedBytes() == 0);
}

TEST_CASE("FrameParser joins fragments and lets control frames pass between them", "[frame]") {
  const std::string start = frame({.payload = "Hel", .final = false});
  const std::string middle = frame({.payload = "lo ", .opcode = 0, .final = false});
  const std::string end = frame({.payload = "you", .opcode = 0});

  CHECK(parse(start + middle + end).log == Log{"ascii Hello you"});
  CHECK(parse(start + ping("1") + middle + pong("2") + ping("3") + end + text("next")).log ==
        Log{"ping 1", "pong 2", "ping 3", "ascii Hello you", "ascii next"});
  CHECK(parse(start + close("\x03\xE9") + end).log == Log{"close 1001 "});

  SECTION("empty fragments count as frames and add nothing") {
    const std::string emptyStart = frame({.opcode = 2, .final = false});
    const std::string emptyMiddle = frame({.opcode = 0, .final = false});
    const std::string emptyEnd = frame({.opcode = 0});
    CHECK(parse(emptyStart + emptyMiddle + emptyEnd).log == Log{"binary "});
    CHECK(parse(emptyStart + emptyMiddle + end).log == Log{"binary you"});
    CHECK(parse(start + emptyMiddle + emptyEnd + text("next")).log ==
          Log{"ascii Hel", "ascii next"});
  }
  SECTION("a character may be torn between fragments, and one fragment decides what is ASCII") {
    const std::string torn = frame({.payload = "a\xE2\x82", .final = false}) +
                             frame({.payload = "\xAC", .opcode = 0}) + text("b");
    CHECK(parse(torn).log == Log{"text a\xE2\x82\xAC", "ascii b"});
  }
}

TEST_CASE("FrameParser names the first violation as ws does", "[frame]") {
  const std::string invalid = "RangeError: Invalid WebSocket frame: ";
  const std::string open = frame({.payload = "x", .final = false});
  using enum FrameError;
  const std::vector<Violation> violations = {
      {frame({.rsv = 1}), kRsv23, 1002, invalid + "RSV2 and RSV3 must be clear"},
      {frame({.rsv = 2}), kRsv23, 1002, invalid + "RSV2 and RSV3 must be clear"},
      {frame({.rsv = 4}), kRsv1, 1002, invalid + "RSV1 must be clear"},
      {frame({.opcode = 9, .rsv = 4}), kRsv1, 1002, invalid + "RSV1 must be clear"},
      {frame({.opcode = 3}), kBadOpcode, 1002, invalid + "invalid opcode 3"},
      {frame({.opcode = 7}), kBadOpcode, 1002, invalid + "invalid opcode 7"},
      {frame({.opcode = 11}), kBadOpcode, 1002, invalid + "invalid opcode 11"},
      {frame({.opcode = 15}), kBadOpcode, 1002, invalid + "invalid opcode 15"},
      {frame({.opcode = 0}), kUnexpectedContinuation, 1002, invalid + "invalid opcode 0"},
      {text("x") + frame({.opcode = 0}), kUnexpectedContinuation, 1002,
       invalid + "invalid opcode 0"},
      {open + text("y"), kExpectedContinuation, 1002, invalid + "invalid opcode 1"},
      {open + binary("y"), kExpectedContinuation, 1002, invalid + "invalid opcode 2"},
      {frame({.masked = false}), kUnmasked, 1002, invalid + "MASK must be set"},
      {frame({.opcode = 9, .final = false}), kFragmentedControl, 1002, invalid + "FIN must be set"},
      {ping(std::string(126, 'p')), kControlTooLong, 1002, invalid + "invalid payload length 126"},
      {frame({.payload = "p", .opcode = 9, .lengthBytes = 8}), kControlTooLong, 1002,
       invalid + "invalid payload length 127"},
      {close("x"), kBadCloseLength, 1002, invalid + "invalid payload length 1"},
      {close("\x03\xE7"), kBadCloseCode, 1002, invalid + "invalid status code 999"},
      {close("\x13\x88"), kBadCloseCode, 1002, invalid + "invalid status code 5000"},
      {close("\x03\xE8\xFF"), kInvalidUtf8, 1007,
       "Error: Invalid WebSocket frame: invalid UTF-8 sequence"},
      {text("\xED\xA0\x80"), kInvalidUtf8, 1007,
       "Error: Invalid WebSocket frame: invalid UTF-8 sequence"},
      {frame({.payload = std::string(200, '\xFF')}), kInvalidUtf8, 1007,
       "Error: Invalid WebSocket frame: invalid UTF-8 sequence"},
      {frame({.announced = 1'000'001}), kMessageTooBig, 1009,
       "RangeError: Max payload size exceeded"},
  };
  for (const Violation& violation : violations) {
    CAPTURE(violation.description);
    // A frame after the violation is not read, a message before it is.
    FrameParser parser({});
    Recorder recorder;
    CHECK(feed(parser, recorder, text("before") + violation.input + ping("after")) ==
          violation.error);
    CHECK(recorder.log.front() == "ascii before");
    CHECK(recorder.log.back() != "ping after");
    CHECK(closeCode(violation.error) == violation.closeCode);
    CHECK(describe(violation.error, parser.offendingValue()) == violation.description);
    CHECK(feed(parser, recorder, ping("later")) == violation.error);
    CHECK(recorder.log.back() != "ping later");
    CHECK(parser.bufferedBytes() == 0);
  }
}

TEST_CASE("FrameParser checks in the order of ws", "[frame]") {
  using enum FrameError;
  CHECK(parse(frame({.opcode = 3, .masked = false, .rsv = 7})).error == kRsv23);
  CHECK(parse(frame({.opcode = 3, .masked = false, .rsv = 4})).error == kRsv1);
  CHECK(parse(frame({.opcode = 3, .final = false, .masked = false})).error == kBadOpcode);
  const std::string longPing(126, 'p');
  CHECK(parse(frame({.payload = longPing, .opcode = 9, .final = false, .masked = false})).error ==
        kFragmentedControl);
  CHECK(parse(frame({.payload = longPing, .opcode = 9, .masked = false})).error == kControlTooLong);
  CHECK(parse(frame({.masked = false, .announced = 2'000'000})).error == kUnmasked);
}

TEST_CASE("FrameParser refuses a message over the limit before buffering it", "[frame]") {
  const FrameParser::Limits limits{.maxMessageBytes = 10};
  CHECK(parse(text("0123456789"), limits).log == Log{"ascii 0123456789"});
  CHECK(parse(text("0123456789x"), limits) == Outcome{{}, FrameError::kMessageTooBig});

  SECTION("as soon as the length is there, whatever it is") {
    for (const std::uint64_t length :
         {std::uint64_t{11}, std::uint64_t{1} << 32, (std::uint64_t{1} << 53) - 1}) {
      const std::string header = frame({.lengthBytes = 8, .announced = length}).substr(0, 10);
      CHECK(parse(header, limits).error == FrameError::kMessageTooBig);
    }
    for (const std::uint64_t length :
         {std::uint64_t{1} << 53, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
      const std::string header = frame({.lengthBytes = 8, .announced = length}).substr(0, 10);
      CHECK(parse(header, limits).error == FrameError::kLengthUnsupported);
    }
  }
  SECTION("over all fragments, without overflow") {
    const std::string start = frame({.payload = "012345", .final = false});
    CHECK(parse(start + frame({.payload = "6789", .opcode = 0}), limits).log ==
          Log{"ascii 0123456789"});
    for (const std::uint64_t length : {std::uint64_t{5}, (std::uint64_t{1} << 53) - 1}) {
      const std::string more = frame({.opcode = 0, .lengthBytes = 8, .announced = length});
      CHECK(parse(start + more, limits) == Outcome{{}, FrameError::kMessageTooBig});
    }
  }
  SECTION("but control frames have a limit of their own") {
    CHECK(parse(ping(std::string(100, 'p')), limits).error == FrameError::kNone);
  }
  SECTION("and a limit of zero allows empty messages") {
    CHECK(parse(text(""), {.maxMessageBytes = 0}).log == Log{"ascii "});
    CHECK(parse(text("x"), {.maxMessageBytes = 0}).error == FrameError::kMessageTooBig);
  }
}

TEST_CASE("FrameParser hands compressed messages on as they came", "[frame]") {
  const FrameParser::Limits limits{.maxMessageBytes = 10, .allowCompressed = true};
  const auto compressed = [](std::string payload, std::uint8_t opcode = 1) {
    return frame({.payload = std::move(payload), .opcode = opcode, .rsv = 4});
  };
  CHECK(parse(compressed("\xFF\xFE") + text("plain") + compressed("", 2), limits).log ==
        Log{"compressed 1 \xFF\xFE", "ascii plain", "compressed 2 "});

  SECTION("the first frame of a message says it for all") {
    const std::string start = frame({.payload = "\xC3", .final = false, .rsv = 4});
    const std::string end = frame({.payload = "\xFF", .opcode = 0});
    CHECK(parse(start + ping("p") + end + text("x"), limits).log ==
          Log{"ping p", "compressed 1 \xC3\xFF", "ascii x"});
    const std::string plainStart = frame({.payload = "a", .final = false});
    CHECK(parse(plainStart + frame({.opcode = 0, .rsv = 4}), limits).error == FrameError::kRsv1);
    CHECK(parse(start + frame({.opcode = 0, .rsv = 4}), limits).error == FrameError::kRsv1);
    CHECK(parse(start + end + plainStart + end, limits) ==
          Outcome{{"compressed 1 \xC3\xFF"}, FrameError::kInvalidUtf8});
  }
  SECTION("the limits are those of any message") {
    CHECK(parse(compressed(std::string(10, 'x')), limits).log.size() == 1);
    CHECK(parse(compressed(std::string(11, 'x')), limits).error == FrameError::kMessageTooBig);
  }
  SECTION("the callback can end the reading") {
    FrameParser parser(limits);
    Recorder recorder{.stopAfter = 1};
    CHECK(feed(parser, recorder, compressed("1") + text("2")) == FrameError::kNone);
    CHECK(recorder.log.size() == 1);
  }
}

TEST_CASE("FrameParser names the first violation of a compressed frame as ws does", "[frame]") {
  const FrameParser::Limits limits{.allowCompressed = true};
  const std::string open = frame({.payload = "x", .final = false, .rsv = 4});
  const auto with = [](std::uint8_t opcode, bool final = true, std::uint8_t rsv = 4) {
    return frame({.opcode = opcode, .final = final, .rsv = rsv});
  };
  using enum FrameError;
  CHECK(parse(with(1, true, 6), limits).error == kRsv23);
  CHECK(parse(with(0), limits).error == kRsv1);
  CHECK(parse(with(9), limits).error == kRsv1);
  CHECK(parse(with(10), limits).error == kRsv1);
  CHECK(parse(with(8), limits).error == kRsv1);
  CHECK(parse(with(9, false), limits).error == kFragmentedControl);
  CHECK(parse(frame({.payload = std::string(126, 'p'), .opcode = 9, .rsv = 4}), limits).error ==
        kRsv1);
  CHECK(parse(with(3), limits) == Outcome{{}, kBadOpcode, 3});
  CHECK(parse(with(11), limits) == Outcome{{}, kBadOpcode, 11});
  CHECK(parse(open + with(2), limits) == Outcome{{}, kExpectedContinuation, 2});
  CHECK(parse(frame({.masked = false, .rsv = 4}), limits).error == kUnmasked);
  CHECK(closeCode(kRsv1) == 1002);
}

TEST_CASE("FrameParser counts fragments", "[frame]") {
  const FrameParser::Limits limits{.maxFragments = 3};
  const std::string start = frame({.final = false});
  const std::string middle = frame({.opcode = 0, .final = false});
  const std::string end = frame({.opcode = 0});
  CHECK(parse(start + middle + ping("") + end + start + middle + end, limits) ==
        Outcome{{"ping ", "ascii ", "ascii "}});
  CHECK(parse(start + middle + middle + end, limits) == Outcome{{}, FrameError::kTooManyFragments});
  CHECK(closeCode(FrameError::kTooManyFragments) == 1008);
  CHECK(describe(FrameError::kTooManyFragments, 0) == "RangeError: Too many message fragments");
}

TEST_CASE("FrameParser stops at a close frame and at a callback that says so", "[frame]") {
  SECTION("close") {
    FrameParser parser({});
    Recorder recorder;
    CHECK(feed(parser, recorder, close("") + text("x") + frame({.rsv = 7})) == FrameError::kNone);
    CHECK(feed(parser, recorder, text("y")) == FrameError::kNone);
    CHECK(recorder.log == Log{"close 1005 "});
  }
  SECTION("false") {
    for (const std::string& first : {text("1"), binary("1"), ping("1"), pong("1")}) {
      FrameParser parser({});
      Recorder recorder{.stopAfter = 1};
      CHECK(feed(parser, recorder, first + text("2")) == FrameError::kNone);
      CHECK(feed(parser, recorder, text("3")) == FrameError::kNone);
      CHECK(recorder.log.size() == 1);
    }
  }
}

TEST_CASE("FrameParser keeps no more memory than has come, and none when idle", "[frame]") {
  FrameParser parser({.maxMessageBytes = 100'000});
  Recorder recorder;
  const std::string input = text(std::string(100'000, 'x'));

  SECTION("a final frame is never given more than it announced") {
    std::size_t sent = 0;
    for (const std::size_t part : {20u, 5'000u, 60'000u, 30'000u}) {
      REQUIRE(feed(parser, recorder, std::string_view(input).substr(sent, part)) ==
              FrameError::kNone);
      sent += part;
      CHECK(parser.bufferedBytes() <= std::min<std::size_t>(2 * sent, 100'000));
    }
    REQUIRE(recorder.log.empty());
    feed(parser, recorder, std::string_view(input).substr(sent));
    CHECK((recorder.log == Log{"ascii " + std::string(100'000, 'x')}));
    CHECK(parser.bufferedBytes() == 0);
  }
  SECTION("fragments grow their buffer by doubling, up to the limit") {
    std::size_t growths = 0;
    std::size_t before = 0;
    for (int i = 0; i < 10'000; ++i) {
      const FrameSpec fragment{
          .payload = "0123456789", .opcode = std::uint8_t(i == 0 ? 2 : 0), .final = false};
      REQUIRE(feed(parser, recorder, frame(fragment)) == FrameError::kNone);
      if (parser.bufferedBytes() != before) ++growths;
      before = parser.bufferedBytes();
    }
    CHECK(growths < 20);
    CHECK(parser.bufferedBytes() == 100'000);
    feed(parser, recorder, frame({.opcode = 0}));
    CHECK(recorder.log.size() == 1);
    CHECK(parser.bufferedBytes() == 0);
  }
  SECTION("a small buffer stays for the next message") {
    const std::string small = text(std::string(300, 'x'));
    feed(parser, recorder, small.substr(0, 200));
    feed(parser, recorder, small.substr(200));
    CHECK(recorder.log.size() == 1);
    CHECK(parser.bufferedBytes() > 0);
    CHECK(parser.bufferedBytes() <= 4096);
  }
}

TEST_CASE("unmask finds its place in the key and tells ASCII from the rest", "[frame]") {
  const std::array<std::uint8_t, 4> key{0x01, 0x82, 0x43, 0xC4};
  for (std::size_t size = 0; size <= 80; ++size) {
    for (std::size_t phase = 0; phase < 8; ++phase) {
      // At each place in turn one byte that is not ASCII; at place `size` none is.
      for (std::size_t place = 0; place <= size; ++place) {
        std::vector<std::uint8_t> plain(size, 'a');
        if (place < size) plain[place] = 0x80;
        std::vector<std::uint8_t> bytes = plain;
        for (std::size_t i = 0; i < size; ++i) bytes[i] ^= key[(phase + i) % 4];
        const bool ascii = unmask(bytes, key, phase);
        if (ascii != (place == size) || bytes != plain) FAIL(size << " " << phase << " " << place);
      }
    }
  }
}

TEST_CASE("encodeFrameHeader uses the shortest length", "[frame]") {
  const auto encoded = [](Opcode opcode, std::size_t payloadBytes) {
    std::array<std::uint8_t, kMaxFrameHeaderBytes> out{};
    const std::size_t size = encodeFrameHeader(out, opcode, payloadBytes);
    return std::vector<int>(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size));
  };
  using Header = std::vector<int>;
  CHECK(encoded(Opcode::kText, 0) == Header{0x81, 0});
  CHECK(encoded(Opcode::kBinary, 125) == Header{0x82, 125});
  CHECK(encoded(Opcode::kText, 126) == Header{0x81, 126, 0, 126});
  CHECK(encoded(Opcode::kText, 65'535) == Header{0x81, 126, 0xFF, 0xFF});
  CHECK(encoded(Opcode::kText, 65'536) == Header{0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0});
  CHECK(encoded(Opcode::kBinary, 0x123456789A) ==
        Header{0x82, 127, 0, 0, 0, 0x12, 0x34, 0x56, 0x78, 0x9A});
  CHECK(encoded(Opcode::kClose, 2) == Header{0x88, 2});
  std::array<std::uint8_t, kMaxFrameHeaderBytes> out{};
  CHECK(encodeFrameHeader(out, Opcode::kText, 5, true) == 2);
  CHECK(out[0] == 0xC1);
}

TEST_CASE("isValidCloseCode allows what a peer may send", "[frame]") {
  for (const std::uint16_t code :
       std::initializer_list<std::uint16_t>{1000, 1001, 1003, 1007, 1014, 3000, 4999}) {
    CHECK(isValidCloseCode(code));
  }
  for (const std::uint16_t code :
       std::initializer_list<std::uint16_t>{0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65'535}) {
    CHECK_FALSE(isValidCloseCode(code));
  }
}
