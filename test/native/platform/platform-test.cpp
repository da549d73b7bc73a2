// What each system is asked for in its own way, by what it answers.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <set>
#include <span>
#include <thread>
#include <vector>

#include "platform/descriptor.hpp"
#include "platform/poller.hpp"
#include "platform/process.hpp"
#include "platform/random.hpp"
#include "platform/sockets.hpp"

using namespace beastio::platform;
using namespace std::chrono_literals;

namespace {

constexpr int kMostMs = 10'000;

std::array<int, 2> socketPair() {
  std::array<int, 2> both{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, both.data()) == 0);
  return both;
}

/// Two ends of a connection.
struct Ends {
  std::array<int, 2> both = socketPair();
  Descriptor one{both[0]};
  Descriptor other{both[1]};
};

bool isWaiting(int socket) {
  std::array<std::uint8_t, 1> byte{};
  return receiveNow(socket, byte, kNow) < 0 && isOnlyLater(lastSocketError());
}

}  // namespace

TEST_CASE("random bytes fill all of a buffer, however long it is", "[platform]") {
  std::vector<std::uint8_t> bytes(10'000);
  fillRandom(bytes);
  // That one value of 256 is missing among 5,000 has a chance of one in a million.
  CHECK(std::set<std::uint8_t>(bytes.begin(), bytes.begin() + 5'000).size() == 256);
  CHECK(std::set<std::uint8_t>(bytes.begin() + 5'000, bytes.end()).size() == 256);
}

TEST_CASE("a thread's clock counts its work, and another thread reads it", "[platform]") {
  const auto clock = ThreadClock::ofThisThread();
  REQUIRE(clock);
  const auto before = clock->read();
  while (clock->read() < before + 5ms) {
  }
  std::chrono::nanoseconds seen{};
  std::thread([&] { seen = clock->read(); }).join();
  CHECK(seen >= before + 5ms);
}

TEST_CASE("a call on a prepared socket does not wait", "[platform]") {
  const Ends ends;
  prepareStream(ends.one.get());
  CHECK(isWaiting(ends.one.get()));
  const std::array<std::uint8_t, 2> bytes{1, 2};
  const std::array<Buffer, 2> buffers{Buffer(bytes).first(1), Buffer(bytes).last(1)};
  CHECK(sendNow(ends.other.get(), buffers, kNow) == 2);
  CHECK(isReadable(ends.one.get()));
  std::array<std::uint8_t, 4> read{};
  CHECK(receiveNow(ends.one.get(), read, kNow) == 2);
  CHECK(read == std::array<std::uint8_t, 4>{1, 2, 0, 0});
  CHECK_FALSE(isReadable(ends.one.get()));
}

TEST_CASE("a socket whose peer has gone raises no signal", "[platform]") {
  Ends ends;
  prepareStream(ends.one.get());
  ends.other = Descriptor(Descriptor::kNone);
  const std::array<std::uint8_t, 1> byte{1};
  const std::array<Buffer, 1> buffers{byte};
  CHECK(sendNow(ends.one.get(), buffers, kNow) == -1);
}

TEST_CASE("a poller tells of each change once, and a wake has no tag", "[platform]") {
  Poller poller;
  std::array<Poller::Event, 4> events{};
  CHECK(poller.wait(events, 0) == 0);
  poller.wake();
  CHECK(isReadable(poller.descriptor()));
  REQUIRE(poller.wait(events, kMostMs) == 1);
  CHECK(Poller::tagOf(events[0]) == nullptr);
  CHECK(poller.wait(events, 0) == 0);

  const Ends ends;
  int tag = 0;
  REQUIRE_FALSE(poller.add(ends.one.get(), &tag, false));
  const std::array<std::uint8_t, 1> byte{1};
  const std::array<Buffer, 1> buffers{byte};
  REQUIRE(sendNow(ends.other.get(), buffers, kNow) == 1);
  REQUIRE(poller.wait(events, kMostMs) == 1);
  CHECK(Poller::tagOf(events[0]) == &tag);
  CHECK(Poller::readinessOf(events[0]).readable);
  CHECK_FALSE(Poller::readinessOf(events[0]).ended);
  CHECK(poller.wait(events, 0) == 0);
  shutdownSending(ends.other.get());
  REQUIRE(poller.wait(events, kMostMs) == 1);
  CHECK(Poller::readinessOf(events[0]).ended);
  poller.remove(ends.one.get());
}

TEST_CASE("a timer ends a wait at its time, again and again", "[platform]") {
  Poller poller;
  int tag = 0;
  PollTimer timer(poller, &tag);
  std::array<Poller::Event, 4> events{};
  for (int i = 0; i < 3; ++i) {
    const auto when = std::chrono::steady_clock::now() + 2ms;
    timer.set(when);
    REQUIRE(poller.wait(events, kMostMs) == 1);
    CHECK(Poller::tagOf(events[0]) == &tag);
    CHECK(std::chrono::steady_clock::now() >= when);
  }
  timer.set(std::chrono::steady_clock::now() - 1s);
  CHECK(poller.wait(events, kMostMs) == 1);
}
