// The heartbeat's steps, without a session.
#include "session/heartbeat.hpp"

#include <catch2/catch.hpp>

using namespace beastio::session;
using namespace std::chrono_literals;
using Action = Heartbeat::Action;

namespace {

constexpr Heartbeat::Times kTimes{.interval = 25s, .timeout = 20s};
constexpr Heartbeat::TimePoint kStart{1h};

Heartbeat opened(std::uint8_t protocol) {
  Heartbeat heartbeat(protocol);
  heartbeat.open(kTimes, kStart);
  return heartbeat;
}

/// One whose PING has been sent.
Heartbeat pinged() {
  auto heartbeat = opened(4);
  CHECK(heartbeat.onTimer(kTimes, kStart + 25s) == Action::kSendPing);
  return heartbeat;
}

}  // namespace

TEST_CASE("The server pings at each interval, and waits for the PONG", "[heartbeat]") {
  auto heartbeat = opened(4);
  CHECK(heartbeat.next() == kStart + 25s);
  CHECK(heartbeat.onTimer(kTimes, kStart + 24s) == Action::kNone);
  CHECK(heartbeat.onTimer(kTimes, kStart + 25s) == Action::kSendPing);
  CHECK(heartbeat.next() == kStart + 45s);
  CHECK(heartbeat.onTimer(kTimes, kStart + 30s) == Action::kNone);
  CHECK(heartbeat.onPong(kTimes, kStart + 31s) == Action::kNone);
  CHECK(heartbeat.next() == kStart + 56s);
  CHECK_FALSE(heartbeat.isOverdue(kStart + 55s));
}

TEST_CASE("A client without a PONG is given up", "[heartbeat]") {
  auto heartbeat = pinged();
  CHECK_FALSE(heartbeat.isOverdue(kStart + 44s));
  REQUIRE(heartbeat.isOverdue(kStart + 45s));
  CHECK(heartbeat.onOverdue(kTimes, kStart + 45s, {}, true) == Action::kGiveUp);
}

TEST_CASE("Whatever else arrives prolongs the time for the PONG, once", "[heartbeat]") {
  auto heartbeat = pinged();
  REQUIRE(heartbeat.isProlongable());
  heartbeat.prolong(kTimes, kStart + 40s);
  CHECK(heartbeat.next() == kStart + 60s);
  CHECK_FALSE(heartbeat.isProlongable());
  heartbeat.onPong(kTimes, kStart + 50s);
  CHECK_FALSE(heartbeat.isProlongable());
  CHECK(heartbeat.next() == kStart + 75s);
}

TEST_CASE("A silence that is excused goes on, with further PINGs", "[heartbeat]") {
  auto heartbeat = pinged();
  SECTION("") {
    CHECK(heartbeat.onOverdue(kTimes, kStart + 45s, kStart + 80s, true) == Action::kNone);
    CHECK(heartbeat.next() == kStart + 50s);
    CHECK(heartbeat.onTimer(kTimes, kStart + 50s) == Action::kSendPing);
    CHECK(heartbeat.next() == kStart + 80s);
  }
  SECTION("but not while one still waits") {
    heartbeat.onOverdue(kTimes, kStart + 45s, kStart + 80s, false);
    CHECK(heartbeat.next() == kStart + 80s);
  }
  SECTION("nor for a moment only") {
    heartbeat.onOverdue(kTimes, kStart + 45s, kStart + 45s + 99ms, true);
    CHECK(heartbeat.next() == kStart + 45s + 99ms);
  }
}

TEST_CASE("The heartbeat begins again on another transport", "[heartbeat]") {
  auto heartbeat = pinged();
  heartbeat.onUpgraded(kTimes, kStart + 30s);
  CHECK_FALSE(heartbeat.isOverdue(kStart + 54s));
  CHECK(heartbeat.next() == kStart + 55s);
}

TEST_CASE("In protocol 3 the heartbeat waits for the client", "[heartbeat]") {
  auto heartbeat = opened(3);
  CHECK(heartbeat.next() == kStart + 45s);
  CHECK(heartbeat.onPing(kTimes, kStart + 10s, true) == Action::kSendPong);
  CHECK(heartbeat.next() == kStart + 55s);
  heartbeat.onUpgraded(kTimes, kStart + 20s);
  CHECK_FALSE(heartbeat.isProlongable());
  CHECK(heartbeat.next() == kStart + 55s);
  CHECK(heartbeat.onTimer(kTimes, kStart + 54s) == Action::kNone);
  REQUIRE(heartbeat.isOverdue(kStart + 55s));
  CHECK(heartbeat.onOverdue(kTimes, kStart + 55s, kStart + 90s, true) == Action::kNone);
  CHECK(heartbeat.next() == kStart + 90s);
}

TEST_CASE("Each side's packet is wrong from the other one", "[heartbeat]") {
  CHECK(opened(4).onPing(kTimes, kStart, true) == Action::kWrongDirection);
  CHECK(opened(3).onPong(kTimes, kStart) == Action::kWrongDirection);
}

TEST_CASE("A client that takes no PONG may not ping for ever", "[heartbeat]") {
  auto heartbeat = opened(3);
  for (unsigned i = 0; i < Heartbeat::kMaxUnreadPongs; ++i) {
    REQUIRE(heartbeat.onPing(kTimes, kStart, false) == Action::kSendPong);
  }
  SECTION("") { CHECK(heartbeat.onPing(kTimes, kStart, false) == Action::kTooManyPongs); }
  SECTION("unless it has taken all") {
    CHECK(heartbeat.onPing(kTimes, kStart, true) == Action::kSendPong);
    CHECK(heartbeat.onPing(kTimes, kStart, false) == Action::kSendPong);
  }
}
