// HeldPackets: what is kept, what is dropped of it, and what that costs.
#include "session/limits/held-packets.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using beastio::protocol::ByteMeter;
using beastio::session::HeldPackets;
using beastio::session::Outgoing;

namespace {

constexpr auto kOverhead = HeldPackets::kPacketBytes;

void push(HeldPackets& held, std::string_view text, bool mayDrop = true) {
  const Outgoing part{.data = text};
  held.push({&part, 1}, mayDrop);
}

bool extend(HeldPackets& held, std::string_view bytes) {
  const Outgoing part{.binary = true, .data = bytes};
  return held.extend({&part, 1});
}

// Everything that is there, a mark as "|".
std::string takeAll(HeldPackets& held) {
  std::string all;
  while (!held.empty()) {
    const auto packet = held.take();
    if (packet.parts.empty()) all += '|';
    for (const auto& part : packet.parts) all += part.data;
  }
  return all;
}

}  // namespace

TEST_CASE("Held packets come back in order, with what was added to them", "[held-packets]") {
  ByteMeter meter;
  HeldPackets held(meter);
  CHECK_FALSE(extend(held, "+"));
  std::string passing = "a";
  push(held, passing);
  passing = "z";  // the text is its own
  CHECK(extend(held, "+"));
  held.mark();
  CHECK_FALSE(extend(held, "+"));
  push(held, "b", false);
  CHECK(held.bytes() == 3 + 2 * kOverhead);
  CHECK(held.undroppableBytes() == 1 + kOverhead);
  CHECK(meter.bytes() == held.bytes());
  CHECK(takeAll(held) == "a+|b");
  CHECK(held.bytes() == 0);
  CHECK(meter.bytes() == 0);
}

TEST_CASE("The oldest are dropped, but never the newest", "[held-packets]") {
  ByteMeter meter;
  HeldPackets held(meter);
  for (const auto* text : {"a", "b", "c", "d"}) push(held, text);
  CHECK(held.dropOldest(4 * (kOverhead + 1)) == 0);
  CHECK(held.dropOldest(4 * (kOverhead + 1) - 1) == 1);
  CHECK(held.dropOldest(2 * (kOverhead + 1)) == 1);
  CHECK(meter.bytes() == 2 * (kOverhead + 1));
  CHECK(held.dropOldest(0) == 1);
  CHECK(held.dropOldest(0) == 0);
  CHECK(takeAll(held) == "d");
  CHECK(meter.bytes() == 0);
}

TEST_CASE("What may not be dropped stays in its place", "[held-packets]") {
  ByteMeter meter;
  HeldPackets held(meter);
  push(held, "A", false);
  push(held, "b");
  push(held, "C", false);
  held.mark();
  push(held, "d");
  push(held, "E", false);
  push(held, "f");
  CHECK(held.dropOldest(0) == 2);
  CHECK(held.undroppableBytes() == 3 * (kOverhead + 1));
  push(held, "g");
  CHECK(held.dropOldest(0) == 1);
  CHECK(takeAll(held) == "AC|Eg");
}

TEST_CASE("The oldest is known after others were taken", "[held-packets]") {
  ByteMeter meter;
  HeldPackets held(meter);
  push(held, "a");
  push(held, "B", false);
  push(held, "c");
  push(held, "d");
  CHECK(held.take().parts.front().data == "a");
  CHECK(held.take().parts.front().data == "B");
  CHECK(held.dropOldest(0) == 1);
  CHECK(takeAll(held) == "d");
  push(held, "e");
  push(held, "f");
  CHECK(held.dropOldest(0) == 1);
}

TEST_CASE("Those who keep the same packet share its bytes", "[held-packets]") {
  ByteMeter meter;
  {
    HeldPackets one(meter);
    HeldPackets other(meter);
    const std::string text(1000, 'x');
    const Outgoing part{.data = text};
    one.push({&part, 1}, true);
    other.push({&part, 1}, true);
    CHECK(meter.bytes() == 1000 + 2 * kOverhead);
  }
  CHECK(meter.bytes() == 0);
}

TEST_CASE("A hundred thousand that stay do not slow down a hundred thousand that go",
          "[held-packets]") {
  constexpr int kCount = 100'000;
  ByteMeter meter;
  HeldPackets held(meter);
  for (int i = 0; i < kCount; ++i) push(held, "K", false);
  const auto most = held.bytes() + 10 * (kOverhead + 1);
  std::size_t dropped = 0;
  for (int i = 0; i < kCount; ++i) {
    push(held, "x");
    dropped += held.dropOldest(most);
  }
  CHECK(dropped == kCount - 10);
}
