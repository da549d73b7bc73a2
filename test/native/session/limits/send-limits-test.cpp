// When a client is cut off for what it does not take, without a session.
#include "session/limits/send-limits.hpp"

#include <catch2/catch.hpp>

using namespace beastio::session;
using namespace std::chrono_literals;
using Action = SendLimits::Action;

namespace {

constexpr SendLimits::Bounds kBounds{.soft = 100, .timeout = 10s};
constexpr SendLimits::TimePoint kStart{1h};
constexpr SendLimits::TimePoint kNever{};

}  // namespace

TEST_CASE("A queue beyond the soft limit is watched", "[send-limits]") {
  SendLimits limits;
  CHECK(limits.onGrowth(101, kBounds, kStart) == Action::kWatch);
  CHECK(limits.isWatched());
  CHECK(limits.next() == kStart + 10s);
  CHECK(limits.onGrowth(150, kBounds, kStart + 1s) == Action::kNone);

  SECTION("until it is small again") {
    CHECK(limits.onTimer(100, kStart, kNever, kBounds, kStart + 10s) == Action::kNone);
    CHECK_FALSE(limits.isWatched());
  }
  SECTION("and its client cut off if it has taken nothing") {
    CHECK(limits.onTimer(101, kStart, kNever, kBounds, kStart + 10s) == Action::kCutOff);
  }
  SECTION("and its client has time from what it took last") {
    CHECK(limits.onTimer(101, kStart + 4s, kNever, kBounds, kStart + 10s) == Action::kWatch);
    CHECK(limits.next() == kStart + 14s);
  }
  SECTION("and its client has time from when it was offered something") {
    CHECK(limits.onTimer(101, std::nullopt, kNever, kBounds, kStart + 10s) == Action::kWatch);
    CHECK(limits.next() == kStart + 20s);
  }
  SECTION("and its client may be excused") {
    CHECK(limits.onTimer(101, kStart, kStart + 30s, kBounds, kStart + 10s) == Action::kWatch);
    CHECK(limits.next() == kStart + 30s);
    CHECK(limits.onTimer(101, kStart, kStart + 30s, kBounds, kStart + 30s) == Action::kCutOff);
  }
}

TEST_CASE("A queue beyond the hard limit ends at once", "[send-limits]") {
  SendLimits limits;
  SECTION("which is four soft ones") {
    CHECK(limits.onGrowth(400, kBounds, kStart) == Action::kWatch);
    CHECK(limits.onGrowth(401, kBounds, kStart) == Action::kCutOff);
  }
  SECTION("or what is said") {
    auto bounds = kBounds;
    bounds.hard = 120;
    CHECK(limits.onGrowth(120, bounds, kStart) == Action::kWatch);
    CHECK(limits.onGrowth(121, bounds, kStart) == Action::kCutOff);
  }
}
