// Who is there, by address: what limits are judged by, from several threads.
#include "engine/registry/visitors.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <thread>
#include <vector>

using namespace beastio::engine;
using namespace std::chrono_literals;

namespace {

constexpr auto kAny = std::numeric_limits<std::size_t>::max();
constexpr AddressKey kOne{1};
constexpr AddressKey kOther{2};

}  // namespace

TEST_CASE("No more sessions than there may be", "[limits]") {
  Visitors visitors;
  auto first = visitors.enter(2);
  auto second = visitors.enter(2, kOne, kAny);
  CHECK(first);
  CHECK(second);
  CHECK_FALSE(visitors.enter(2));
  CHECK_FALSE(visitors.enter(2, kOther, kAny));
  CHECK(visitors.size() == 2);
  first.reset();
  CHECK(visitors.size() == 1);
  CHECK(visitors.enter(2));
}

TEST_CASE("No more sessions of an address than it may have", "[limits]") {
  Visitors visitors;
  auto first = visitors.enter(kAny, kOne, 1);
  CHECK(first);
  CHECK_FALSE(visitors.enter(kAny, kOne, 1));
  CHECK(visitors.sizeOf(kOne) == 1);
  CHECK(visitors.sizeOf(kOther) == 0);
  auto other = visitors.enter(kAny, kOther, 1);
  CHECK(other);
  first.reset();
  CHECK(visitors.enter(kAny, kOne, 1));
  CHECK(visitors.size() == 1);
}

TEST_CASE("No more connections of an address than it may have", "[limits]") {
  Visitors visitors;
  auto first = visitors.connect(kOne, 1);
  CHECK(first);
  CHECK_FALSE(visitors.connect(kOne, 1));
  CHECK(visitors.connect(kOther, 1));
  CHECK(visitors.size() == 0);
  const auto session = visitors.enter(kAny, kOne, 1);
  CHECK(session);
  first.reset();
  CHECK(visitors.connect(kOne, 1));
}

TEST_CASE("An address may knock so often at once, and so often a second", "[limits]") {
  Visitors visitors;
  auto now = std::chrono::steady_clock::now();
  const auto knocks = [&](std::size_t perSecond) {
    std::size_t count = 0;
    while (visitors.knock(kOne, perSecond, now)) ++count;
    return count;
  };
  CHECK(knocks(10) == 10);
  CHECK(visitors.knock(kOther, 10, now));
  now += 500ms;
  CHECK(knocks(10) == 5);
  now += 1h;
  CHECK(knocks(10) == 10);
  now -= 1s;  // of a thread that is behind
  CHECK(knocks(10) == 0);
  now += 1s + 1s;
  CHECK(knocks(2) == 2);
}

TEST_CASE("Addresses that are gone are forgotten", "[limits]") {
  Visitors visitors;
  const auto longAgo = std::chrono::steady_clock::now() - 1h;
  const auto stays = visitors.enter(kAny, kOne, 1);
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    AddressKey key{9};
    for (std::size_t byte = 1; byte < 5; ++byte) key[byte] = (i >> (8 * byte - 8)) & 0xFF;
    visitors.knock(key, 1, longAgo);
  }
  CHECK(visitors.addresses() < 2'100);
  CHECK(visitors.sizeOf(kOne) == 1);
}

TEST_CASE("Threads that come and go at once count right", "[limits]") {
  Visitors visitors;
  std::vector<std::thread> threads;
  std::atomic<bool> isOver = false;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&visitors, &isOver] {
      for (int round = 0; round < 2'000; ++round) {
        const auto visit = visitors.enter(3, kOne, 2);
        if (visit && visitors.size() > 3 + 4) isOver = true;  // others may be about to be refused
        if (visitors.sizeOf(kOne) > 2) isOver = true;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK_FALSE(isOver);
  CHECK(visitors.size() == 0);
  CHECK(visitors.sizeOf(kOne) == 0);
}
