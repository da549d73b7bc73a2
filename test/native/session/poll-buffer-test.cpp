// The poll and the packets that wait for it, without a session.
#include "session/poll-buffer.hpp"

#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio::session;
using namespace beastio::session::test;
using Action = PollBuffer::Action;

namespace {

constexpr PollBuffer::TimePoint kNow{1h};

std::unique_ptr<HttpExchange> poll(beastio::RequestId id) {
  return std::make_unique<FakeExchange>(std::make_shared<Answer>(), id);
}

}  // namespace

TEST_CASE("A poll waits until there is something to answer with", "[poll-buffer]") {
  beastio::protocol::ByteMeter meter;
  PollBuffer buffer(meter);
  auto first = poll(1);
  CHECK(buffer.onPoll(first) == Action::kWait);
  CHECK(buffer.isPoll(1));
  CHECK(buffer.push({.data = "a"}, kNow));
  CHECK_FALSE(buffer.push({.data = "b"}, kNow));  // the flush has been asked for
  CHECK_FALSE(buffer.stalledSince());
  CHECK(buffer.beginFlush());
  CHECK(buffer.takePoll()->id() == 1);
  const auto packets = buffer.takePackets();
  REQUIRE(packets.size() == 2);
  CHECK(packets[0].data == "a");
  CHECK(packets[1].data == "b");
  CHECK_FALSE(buffer.beginFlush());
}

TEST_CASE("Packets wait until there is a poll", "[poll-buffer]") {
  beastio::protocol::ByteMeter meter;
  PollBuffer buffer(meter);
  CHECK(buffer.startsToWait());
  CHECK_FALSE(buffer.push({.data = "a"}, kNow));
  CHECK_FALSE(buffer.startsToWait());
  CHECK_FALSE(buffer.push({.data = "b"}, kNow + 1s));
  CHECK(buffer.stalledSince() == kNow);
  auto first = poll(1);
  CHECK(buffer.onPoll(first) == Action::kFlush);
  CHECK(buffer.beginFlush());
}

TEST_CASE("A second poll is not taken", "[poll-buffer]") {
  beastio::protocol::ByteMeter meter;
  PollBuffer buffer(meter);
  auto first = poll(1);
  auto second = poll(2);
  buffer.onPoll(first);
  CHECK(buffer.onPoll(second) == Action::kRefuse);
  REQUIRE(second != nullptr);
  CHECK(buffer.isPoll(1));
  CHECK_FALSE(buffer.isPoll(2));
}

TEST_CASE("What waits is counted until it is taken, or the buffer goes", "[poll-buffer]") {
  beastio::protocol::ByteMeter meter;
  {
    PollBuffer buffer(meter);
    buffer.push({.data = "four"}, kNow);
    CHECK(buffer.bytes() == PollBuffer::kPacketBytes + 4);
    CHECK(meter.bytes() == buffer.bytes());
    buffer.takePackets();
    CHECK(meter.bytes() == 0);
    buffer.push({.data = "x"}, kNow);
  }
  CHECK(meter.bytes() == 0);
}
