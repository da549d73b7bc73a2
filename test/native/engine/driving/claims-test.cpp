// Hosts that claim an I/O loop, as they write by themselves what is to leave.
#include <catch2/catch.hpp>
#include <chrono>

#include "engine/driving/driving-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace std::chrono_literals;
using engine::Driving;

namespace {

/// Claims the loop; the I/O thread ends a turn meanwhile.
bool claim(Driving& driving, Driving::TimePoint& now) {
  return driving.claim(
      [&] {
        CHECK(driving.isClaimed());
        CHECK(driving.offer(false, now));
      },
      now);
}

}  // namespace

TEST_CASE("A host that claims the loop gets it with the end of a turn", "[engine][driving]") {
  Driving driving(GENERATE(IoDriver::kAuto, IoDriver::kHost), true, 2);
  auto now = kStart;
  CHECK(claim(driving, now));
  CHECK(driving.isHosts());
  CHECK_FALSE(driving.isClaimed());
  takeTurn(driving);
  CHECK(driving.claim([] { FAIL("it has it"); }, now));
  for (unsigned i = 0; i < Driving::kQuietLooks; ++i) look(driving, now, false);
  SECTION("and may claim it again") {
    driving.takeBack();
    CHECK(claim(driving, now));
  }
}

TEST_CASE("A host does not wait long for a loop that it claims", "[engine][driving]") {
  Driving driving(IoDriver::kAuto, true, 2);
  auto now = kStart;
  CHECK_FALSE(driving.claim([] {}, now));
  CHECK_FALSE(driving.isClaimed());
  CHECK_FALSE(driving.offer(false, now));
  CHECK_FALSE(driving.claim([] { FAIL("too soon: it would wait again"); }, now));
  now += Driving::kClaimPause;
  CHECK(claim(driving, now));
}

TEST_CASE("A host that was late with a claimed loop claims none for a while", "[engine][driving]") {
  Driving driving(IoDriver::kAuto, true, 2);
  auto now = kStart;
  REQUIRE(claim(driving, now));
  look(driving, now, true);
  look(driving, now, true);
  CHECK_FALSE(driving.isHosts());
  CHECK_FALSE(driving.claim([] { FAIL("too soon"); }, now));
  SECTION("but it is offered the loop as before") { CHECK(offerUntilTaken(driving, now)); }
  SECTION("and then it may") {
    now += Driving::kClaimPause;
    CHECK(claim(driving, now));
  }
}

TEST_CASE("A host that has too much to do claims nothing", "[engine][driving]") {
  Driving driving(IoDriver::kAuto, true, 2);
  auto now = kStart;
  SECTION("as it has said itself") {
    REQUIRE(claim(driving, now));
    driving.yield(now);
  }
  SECTION("as the I/O thread has seen") {
    REQUIRE(claim(driving, now));
    for (unsigned i = 0; i < Driving::kLooks; ++i) {
      takeTurn(driving);
      look(driving, now, false, i * Driving::kLook);
    }
    CHECK_FALSE(driving.isHosts());
  }
  CHECK_FALSE(driving.claim([] { FAIL("too soon"); }, now));
}

TEST_CASE("Nobody claims a loop against the options, or at the end", "[engine][driving]") {
  auto now = kStart;
  Driving threads(IoDriver::kThread, true, 2);
  CHECK_FALSE(threads.claim([] { FAIL("never"); }, now));
  Driving ended(IoDriver::kAuto, true, 2);
  ended.takeBack(true);
  CHECK_FALSE(ended.claim([] { FAIL("never"); }, now));
  Driving ending(IoDriver::kAuto, true, 2);
  CHECK_FALSE(ending.claim([&] { ending.takeBack(true); }, now));
}

TEST_CASE("A host that claims the loop for its answers serves its clients", "[engine][driving]") {
  EchoHost host(IoDriver::kAuto);
  host.claims = true;
  auto peer = host.connect();
  CHECK(converse(peer, 300, "a"));
  CHECK(host.heard == 300);
  CHECK(host.hostTurns > 0);
}
