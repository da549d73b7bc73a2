// How many processors a process has: those that it may run on, and the time that its group has.
#include "engine/processors.hpp"

#include <sched.h>

#include <catch2/catch.hpp>
#include <optional>
#include <thread>

using beastio::engine::processors;
using beastio::engine::processorsOfQuota;

TEST_CASE("A quota is whole processors, and one at least", "[engine][driving]") {
  CHECK(processorsOfQuota("200000 100000") == 2);
  CHECK(processorsOfQuota("150000 100000") == 1);
  CHECK(processorsOfQuota("10000 100000") == 1);
  CHECK(processorsOfQuota("18446744073709551615 1") == 65536);
}

TEST_CASE("What is no quota bounds nothing", "[engine][driving]") {
  for (const auto* text : {"max 100000", "", "100000", "100000 0", "1e5 100000", "-1 100000"}) {
    CAPTURE(text);
    CHECK(processorsOfQuota(text) == std::nullopt);
  }
}

TEST_CASE("A thread that is bound to one processor has one", "[engine][driving]") {
  CHECK(processors() >= 1);
  CHECK(processors() <= std::thread::hardware_concurrency());
  std::thread([] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<unsigned>(sched_getcpu()), &one);
    REQUIRE(sched_setaffinity(0, sizeof(one), &one) == 0);
    CHECK(processors() == 1);
  }).join();
}
