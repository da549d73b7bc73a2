// Who runs an I/O loop: when it is offered and taken back, and hand-overs at every point while
// clients are served.
#include "engine/driving.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "engine/driving/driving-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
using namespace std::chrono_literals;
using engine::Driving;

TEST_CASE("An idle host is offered the loop after a number of turns", "[engine][driving]") {
  Driving driving(IoDriver::kAuto, true, 2);
  auto now = kStart;
  SECTION("that come soon after each other") {
    CHECK_FALSE(offerUntilTaken(driving, now, Driving::kOfferTurns - 1));
    CHECK(driving.offer(true, now));
    CHECK(driving.isHosts());
  }
  SECTION("but not for turns that come now and then") {
    CHECK_FALSE(offerUntilTaken(driving, now, 100, 20ms));
  }
  SECTION("and not while it is busy in between") {
    for (int i = 0; i < 100; ++i) CHECK_FALSE(driving.offer(i % 10 != 0, now += 100us));
  }
  SECTION("unless it is over") {
    driving.takeBack(true);
    CHECK_FALSE(offerUntilTaken(driving, now));
  }
}

TEST_CASE("Nobody is offered a loop against the options, or without a descriptor",
          "[engine][driving]") {
  auto now = kStart;
  Driving threads(IoDriver::kThread, true, 2);
  CHECK_FALSE(offerUntilTaken(threads, now));
  Driving without(IoDriver::kHost, false, 2);
  CHECK_FALSE(offerUntilTaken(without, now));
  Driving always(IoDriver::kHost, true, 2);
  CHECK(always.offer(false, now));
}

TEST_CASE("A host loses the loop", "[engine][driving]") {
  Driving driving(IoDriver::kAuto, true, 2);
  auto now = kStart;
  REQUIRE(offerUntilTaken(driving, now));
  SECTION("when it leaves what has come for two looks, not for one") {
    look(driving, now, true);
    takeTurn(driving);
    look(driving, now, true);
    look(driving, now, true);
    CHECK(driving.isHosts());
    look(driving, now, true);
    CHECK_FALSE(driving.isHosts());
    SECTION("and is not offered it for a while, longer each time") {
      CHECK_FALSE(offerUntilTaken(driving, now, 30));
      for (auto pause = 2 * Driving::kLeastPause; pause < Driving::kMostPause; pause *= 2) {
        REQUIRE(offerUntilTaken(driving, now));
        look(driving, now, true);
        look(driving, now, true);
        CHECK_FALSE(driving.isHosts());
        const auto since = now;
        REQUIRE(offerUntilTaken(driving, now, 10'000));
        CHECK(now - since >= pause);
        driving.takeBack();
      }
    }
  }
  SECTION("when its thread is busy most of the time") {
    const double share = GENERATE(0.7, 0.8);
    std::chrono::nanoseconds hostTime = 1h;
    for (unsigned i = 0; i < Driving::kLooks; ++i) {
      CHECK(driving.isHosts());
      takeTurn(driving);
      look(driving, now, false, hostTime);
      hostTime += std::chrono::nanoseconds(static_cast<std::int64_t>(share * 5e6));
    }
    CHECK(driving.isHosts() == (share < Driving::kMostBusy));
  }
  SECTION("when nothing comes, but is offered it as soon as something does") {
    for (unsigned i = 0; i < Driving::kQuietLooks; ++i) {
      CHECK(driving.isHosts());
      look(driving, now, false);
    }
    CHECK_FALSE(driving.isHosts());
    CHECK(offerUntilTaken(driving, now, Driving::kOfferTurns));
  }
  SECTION("but not while it has commands executed, as by the attached door") {
    for (unsigned i = 0; i < 3 * Driving::kQuietLooks; ++i) {
      {
        const Driving::Turn turn(driving);
        REQUIRE(turn);
        driving.onCommands();
      }
      look(driving, now, false);
      CHECK(driving.isHosts());
    }
  }
  SECTION("and cannot take a turn then, nor within a turn") {
    {
      const Driving::Turn turn(driving);
      CHECK_FALSE(Driving::Turn(driving));
      driving.takeBack();
    }
    CHECK_FALSE(Driving::Turn(driving));
  }
}

TEST_CASE("With a single processor a busy host has the loop, unless it is late",
          "[engine][driving]") {
  Driving driving(IoDriver::kAuto, true, 1);
  auto now = kStart;
  for (unsigned i = 1; i < Driving::kOfferTurns; ++i) CHECK_FALSE(driving.offer(false, now));
  REQUIRE(driving.offer(false, now));
  for (int i = 0; i < 100; ++i) {
    takeTurn(driving);
    look(driving, now, false, i * 1h);
  }
  CHECK(driving.isHosts());
  look(driving, now, true);
  look(driving, now, true);
  CHECK_FALSE(driving.isHosts());
  CHECK_FALSE(driving.offer(false, now));
}

TEST_CASE("Only a host that is late loses a loop that is to be its", "[engine][driving]") {
  Driving driving(IoDriver::kHost, true, 2);
  auto now = kStart;
  REQUIRE(driving.offer(false, now));
  for (int i = 0; i < 100; ++i) look(driving, now, false, i * 1h);
  CHECK(driving.isHosts());
  look(driving, now, true);
  look(driving, now, true);
  CHECK_FALSE(driving.isHosts());
}

TEST_CASE("A host that drives serves its clients", "[engine][driving]") {
  EchoHost host(GENERATE(IoDriver::kAuto, IoDriver::kHost));
  auto peer = host.connect();
  CHECK(converse(peer, 300, "a"));
  CHECK(host.hostTurns > 0);
  CHECK(host.heard == 300);
}

TEST_CASE("A host that is blocked keeps nobody waiting", "[engine][driving]") {
  EchoHost host(IoDriver::kHost);
  auto peer = host.connect();
  CHECK(converse(peer, 30, "a"));
  host.isBlocked = true;
  peer.send(frames::text("4more") + frames::ping("are you there"));
  CHECK(peer.readThrough("are you there") == serverPong("are you there"));
  auto newcomer = host.connect();  // is let in
  CHECK(host.heard == 31);
  host.isBlocked = false;
  CHECK(peer.readThrough("more") == serverText("4more"));
  CHECK(converse(peer, 30, "b"));
}

TEST_CASE("A host that is blocked is looked at, although nothing comes", "[engine][driving]") {
  EchoHost host(IoDriver::kHost);
  auto peer = host.connect();
  CHECK(converse(peer, 30, "a"));
  host.isBlocked = true;
  const auto end = Driving::Clock::now() + 10s;
  while (host.looksAsked <= 10 && Driving::Clock::now() < end) std::this_thread::yield();
  CHECK(host.looksAsked > 10);
  host.isBlocked = false;
  CHECK(converse(peer, 30, "b"));
}

TEST_CASE("The loop changes hands at every point of a conversation", "[engine][driving]") {
  constexpr unsigned kMessages = 30;
  const bool isInTurn = GENERATE(false, true);
  for (unsigned point = 1; point <= kMessages; ++point) {
    const auto takeBack = [point](Engine& engine, unsigned number) {
      if (number == point) engine.takeBack();
    };
    EchoHost host(IoDriver::kHost,
                  isInTurn ? Hooks{.onHeard = takeBack} : Hooks{.onTurn = takeBack});
    auto peer = host.connect();
    CHECK(converse(peer, kMessages, "a"));
    CHECK(host.heard == kMessages);
  }
}

TEST_CASE("The loop changes hands all the time under load", "[engine][driving]") {
  EchoHost host(IoDriver::kHost);
  host.claims = GENERATE(false, true);
  std::atomic<bool> isOver = false;
  std::thread taker([&] {
    while (!isOver) {
      host.engine().takeBack();
      std::this_thread::sleep_for(200us);
    }
  });
  std::atomic<int> inOrder = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&host, &inOrder, i] {
      auto peer = host.connect();
      if (converse(peer, 1500, std::string(1, static_cast<char>('a' + i)))) ++inOrder;
    });
  }
  for (auto& client : clients) client.join();
  isOver = true;
  taker.join();
  CHECK(inOrder == 4);
  CHECK(host.heard == 4 * 1500);
  CHECK(host.hostTurns > 100);
}
