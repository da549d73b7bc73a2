// Objects that belong to the first thread that uses them.
#include "base/thread-affinity.hpp"

#include <catch2/catch.hpp>
#include <thread>

using beastio::base::ThreadAffinity;

TEST_CASE("An object belongs to the first thread that uses it", "[thread-affinity]") {
  const ThreadAffinity affinity;
  CHECK(affinity.isHere());
  CHECK(affinity.isHere());
  affinity.check();
  bool isThere = false;
  std::thread([&] { isThere = affinity.isHere(); }).join();
  CHECK(isThere == !ThreadAffinity::kIsChecked);
  CHECK(affinity.isHere());
}

TEST_CASE("An object may be made by another thread than its own", "[thread-affinity]") {
  const ThreadAffinity affinity;
  bool isThere = false;
  std::thread([&] { isThere = affinity.isHere(); }).join();
  CHECK(isThere);
  CHECK(affinity.isHere() == !ThreadAffinity::kIsChecked);
}
