// Timers: their order, repetitions, and timers that are ended while others run.
#include "engine/timers.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "session/timer-queue.hpp"

using namespace beastio::engine;
using namespace std::chrono_literals;

namespace {

constexpr Timers::TimePoint at(std::chrono::milliseconds time) { return Timers::TimePoint(time); }

struct Rig {
  beastio::session::TimerQueue queue;
  Timers timers{queue};
  std::string ran;

  Timers::Task append(char mark) {
    return [this, mark] { ran += mark; };
  }
};

}  // namespace

TEST_CASE("A timer's number tells its thread, and how it was armed", "[timers]") {
  const auto id = TimerNumber::make(63, true, 5);
  CHECK(TimerNumber::threadOf(id) == 63);
  CHECK(TimerNumber::isArmedAtOnce(id));
  CHECK(TimerNumber::serialOf(id) == 5);
  CHECK_FALSE(TimerNumber::isArmedAtOnce(TimerNumber::make(63, false, 5)));
}

TEST_CASE("Timers run when they are due, in the order of time and of asking", "[timers]") {
  Rig rig;
  CHECK(rig.queue.next() == std::nullopt);
  rig.timers.arm(TimerNumber::make(0, true, 1), at(20ms), 0ms, rig.append('c'));
  rig.timers.arm(TimerNumber::make(0, true, 2), at(10ms), 0ms, rig.append('a'));
  rig.timers.arm(TimerNumber::make(0, false, 3), at(10ms), 0ms, rig.append('b'));
  CHECK(rig.queue.next() == at(10ms));
  rig.queue.run(at(9ms));
  CHECK(rig.ran.empty());
  rig.queue.run(at(10ms));
  CHECK(rig.ran == "ab");
  CHECK(rig.queue.next() == at(20ms));
  rig.queue.run(at(25ms));
  CHECK(rig.ran == "abc");
  CHECK(rig.queue.next() == std::nullopt);
  CHECK(rig.timers.size() == 0);
}

TEST_CASE("A repeated timer leaves out the times that were missed", "[timers]") {
  Rig rig;
  rig.timers.arm(1, at(10ms), 10ms, rig.append('x'));
  rig.queue.run(at(10ms));
  CHECK(rig.queue.next() == at(20ms));
  rig.queue.run(at(23ms));
  CHECK(rig.queue.next() == at(30ms));
  rig.queue.run(at(75ms));
  CHECK(rig.ran == "xxx");
  CHECK(rig.queue.next() == at(85ms));
}

TEST_CASE("A timer that was cancelled runs no more", "[timers]") {
  Rig rig;
  SECTION("before it is due") {
    rig.timers.arm(1, at(10ms), 0ms, rig.append('x'));
    CHECK(rig.timers.cancel(1));
    CHECK_FALSE(rig.timers.cancel(1));
    rig.queue.run(at(10ms));
    CHECK(rig.ran.empty());
  }
  SECTION("by another one that is due at the same time") {
    rig.timers.arm(1, at(10ms), 0ms, [&rig] { CHECK(rig.timers.cancel(2)); });
    rig.timers.arm(2, at(10ms), 0ms, rig.append('x'));
    rig.queue.run(at(10ms));
    CHECK(rig.ran.empty());
  }
  SECTION("by itself") {
    rig.timers.arm(1, at(10ms), 10ms, [&rig] {
      rig.ran += 'x';
      CHECK(rig.timers.cancel(1));
    });
    rig.queue.run(at(10ms));
    rig.queue.run(at(20ms));
    CHECK(rig.ran == "x");
    CHECK(rig.timers.size() == 0);
  }
  SECTION("before it has come") {
    CHECK_FALSE(rig.timers.cancel(1));
    rig.timers.refuse(1);
    rig.timers.arm(1, at(10ms), 0ms, rig.append('x'));
    rig.timers.forget(1);
    rig.queue.run(at(10ms));
    CHECK(rig.ran.empty());
  }
}

TEST_CASE("What a timer arms is not due in the same call", "[timers]") {
  Rig rig;
  rig.timers.arm(1, at(10ms), 0ms, [&rig] {
    rig.ran += 'x';
    rig.timers.arm(2, at(11ms), 0ms, rig.append('y'));
  });
  rig.queue.run(at(10ms));
  CHECK(rig.ran == "x");
  CHECK(rig.queue.next() == at(11ms));
}

TEST_CASE("A cancelled timer's task is destroyed at once, and may cancel another one then",
          "[timers]") {
  Rig rig;
  const auto cancelsOther = [&rig](void*) { rig.timers.cancel(2); };
  rig.timers.arm(2, at(20ms), 0ms, rig.append('x'));
  rig.timers.arm(1, at(10ms), 0ms, [held = std::shared_ptr<void>(nullptr, cancelsOther)] {});
  CHECK(rig.timers.cancel(1));
  CHECK(rig.timers.size() == 0);
}

TEST_CASE("Ten thousand timers that are cancelled leave nothing behind", "[timers]") {
  Rig rig;
  rig.timers.arm(1, at(50ms), 0ms, rig.append('x'));
  for (Timers::Id id = 2; id < 10'000; ++id) {
    rig.timers.arm(id, at(10s), 0ms, rig.append('y'));
    rig.timers.cancel(id);
  }
  CHECK(rig.timers.size() == 1);
  rig.queue.run(at(50ms));
  CHECK(rig.ran == "x");
  rig.queue.run(at(20s));
  CHECK(rig.ran == "x");
}
