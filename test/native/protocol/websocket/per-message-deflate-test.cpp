// PerMessageDeflate: which streams connections share, what they keep, and how errors are worded.
#include "protocol/websocket/per-message-deflate.hpp"

#include <catch2/catch.hpp>

using namespace beastio::protocol;
using namespace std::string_literals;

namespace {

const std::string kHello = "\xF2\x48\xCD\xC9\xC9\x07\x00"s;
const std::string kHelloAgain = "\xF2\x00\x11\x00\x00"s;  // refers to kHello

constexpr DeflateParameters kNoContext{.serverNoContextTakeover = true,
                                       .clientNoContextTakeover = true};

std::string deflate(PerMessageDeflate& compression, std::string_view message) {
  std::string out;
  const Bytes part = asBytes(message);
  compression.deflate({&part, 1}, out);
  return out;
}

/// The message, or the close code and the description of the error.
std::string inflate(PerMessageDeflate& compression, std::string_view payload,
                    Opcode opcode = Opcode::kText, std::size_t maxBytes = 1'000) {
  const auto inflated = compression.inflate(opcode, asBytes(payload), maxBytes);
  if (inflated.closeCode == 0) {
    CHECK(inflated.description.empty());
    return std::string(asText(inflated.message));
  }
  return std::to_string(inflated.closeCode) + " " + inflated.description;
}

}  // namespace

TEST_CASE("PerMessageDeflate takes the contexts of a connection over", "[deflate]") {
  DeflatePool pool({}, 1024);
  PerMessageDeflate one(pool, {});
  PerMessageDeflate other(pool, {});
  CHECK(deflate(one, "Hello") == kHello);
  CHECK(deflate(other, "Hello") == kHello);
  CHECK(deflate(one, "Hello") == kHelloAgain);
  CHECK(deflate(other, "Hello") == kHelloAgain);

  CHECK(inflate(one, kHello) == "Hello");
  CHECK(inflate(one, kHelloAgain) == "Hello");
  CHECK(inflate(other, kHelloAgain) == "1007 Error: invalid distance too far back");
}

TEST_CASE("PerMessageDeflate borrows streams without a past where no context is taken over",
          "[deflate]") {
  DeflatePool pool({}, 1024);
  PerMessageDeflate one(pool, kNoContext);
  PerMessageDeflate other(pool, kNoContext);
  for (int i = 0; i < 3; ++i) {
    CHECK(deflate(one, "Hello") == kHello);
    CHECK(deflate(other, "Hello") == kHello);
    CHECK(inflate(one, kHello) == "Hello");
    CHECK(inflate(other, kHelloAgain) == "1007 Error: invalid distance too far back");
  }
  CHECK(&pool.deflater(15) == &pool.deflater(15));
  CHECK(&pool.deflater(15) != &pool.deflater(10));
  CHECK(&pool.inflater(8) == &pool.inflater(8));
}

TEST_CASE("PerMessageDeflate uses the window that was agreed on", "[deflate]") {
  DeflatePool pool({}, 0);
  std::string start;
  for (char letter = 'a'; letter <= 'z'; ++letter) start += letter;
  const std::string message = start + std::string(1'000, '-') + start;
  for (const bool noContext : {false, true}) {
    PerMessageDeflate wide(
        pool, {.serverNoContextTakeover = noContext, .clientNoContextTakeover = noContext});
    PerMessageDeflate narrow(pool, {.serverNoContextTakeover = noContext,
                                    .clientNoContextTakeover = noContext,
                                    .serverWindowBits = 8,
                                    .clientWindowBits = 8});
    const std::string small = deflate(narrow, message);
    const std::string big = deflate(wide, message);
    CHECK(big.size() < small.size());
    CHECK(inflate(narrow, small, Opcode::kText, 2'000) == message);
    CHECK(inflate(wide, big, Opcode::kText, 2'000) == message);
  }
}

TEST_CASE("PerMessageDeflate compresses small messages only with context takeover", "[deflate]") {
  DeflatePool pool({}, 1024);
  const PerMessageDeflate takeover(pool, {.clientNoContextTakeover = true});
  CHECK(takeover.compresses(0));
  CHECK(takeover.compresses(1));
  CHECK(takeover.sharedWindowBits() == std::nullopt);

  const PerMessageDeflate shared(pool, {.serverNoContextTakeover = true, .serverWindowBits = 12});
  CHECK_FALSE(shared.compresses(1023));
  CHECK(shared.compresses(1024));
  CHECK(shared.sharedWindowBits() == 12);
}

TEST_CASE("PerMessageDeflate validates texts and nothing else", "[deflate]") {
  DeflatePool pool({}, 0);
  PerMessageDeflate compression(pool, kNoContext);
  const std::string euro = "\xE2\x82\xAC";
  const std::string torn = deflate(compression, "\xE2\x82");
  CHECK(inflate(compression, torn) ==
        "1007 Error: Invalid WebSocket frame: invalid UTF-8 sequence");
  CHECK(inflate(compression, torn, Opcode::kBinary) == "\xE2\x82");
  CHECK(inflate(compression, deflate(compression, euro)) == euro);

  const auto ascii = [&](std::string_view message) {
    return compression.inflate(Opcode::kText, asBytes(deflate(compression, message)), 100).ascii;
  };
  CHECK(ascii("a"));
  CHECK(ascii(""));
  CHECK_FALSE(ascii(euro));
}

TEST_CASE("PerMessageDeflate words errors like ws", "[deflate]") {
  DeflatePool pool({}, 0);
  PerMessageDeflate compression(pool, kNoContext);
  CHECK(inflate(compression, "\xFF\xFF\xFF\xFF") == "1007 Error: invalid block type");
  const std::string large = deflate(compression, std::string(1'001, 'x'));
  CHECK(inflate(compression, large) == "1009 RangeError: Max payload size exceeded");
  CHECK(inflate(compression, large, Opcode::kBinary, 1'001) == std::string(1'001, 'x'));
}

TEST_CASE("DeflatePool gives the memory of a large message back", "[deflate]") {
  DeflatePool pool({}, 0);
  PerMessageDeflate compression(pool, kNoContext);
  const std::string large(500'000, 'x');
  CHECK((inflate(compression, deflate(compression, large), Opcode::kText, 1'000'000) == large));
  CHECK(inflate(compression, kHello) == "Hello");
  CHECK(pool.inflated().capacity() < 100'000);
}

TEST_CASE("DeflatedMessage compresses a message once for each window", "[deflate]") {
  DeflatePool pool({}, 0);
  const std::string type = "4";
  const std::string data = "[\"news\",\"" + std::string(2'000, 'n') + "\"]";
  const Bytes parts[] = {asBytes(type), asBytes(data)};

  ByteMeter meter;
  DeflatedMessage message;
  const auto first = message.get(pool, 15, parts, meter);
  const auto narrow = message.get(pool, 9, parts, meter);
  CHECK(message.get(pool, 15, parts, meter) == first);
  CHECK(message.get(pool, 9, parts, meter) == narrow);
  CHECK(narrow != first);

  PerMessageDeflate reader(pool, kNoContext);
  CHECK(inflate(reader, *first, Opcode::kText, 10'000) == type + data);
  CHECK(inflate(reader, *narrow, Opcode::kText, 10'000) == type + data);
}
