// Which requests the own port serves by itself. What becomes of the others is in own-port-test.cpp.
#include "engine/doors/port/departures.hpp"

#include <catch2/catch.hpp>

#include "beastio/options.hpp"

using namespace beastio;
using engine::isServed;

TEST_CASE("A path is served with or without what follows it", "[departures]") {
  const EngineOptions options;
  CHECK(isServed("/engine.io/", options));
  CHECK(isServed("/engine.io/?EIO=4", options));
  CHECK_FALSE(isServed("/engine.io", options));
  CHECK_FALSE(isServed("/engine.io/more", options));
  CHECK_FALSE(isServed("/", options));
  CHECK_FALSE(isServed("", options));
}

TEST_CASE("A path without a slash at its end is served with one too", "[departures]") {
  EngineOptions options;
  options.path = "/engine.io";
  CHECK(isServed("/engine.io", options));
  CHECK(isServed("/engine.io/", options));
  CHECK(isServed("/engine.io?EIO=4", options));
  CHECK_FALSE(isServed("/engine.ioo", options));
}
