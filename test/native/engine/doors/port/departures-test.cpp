// Which requests the own port serves by itself. What becomes of the others is in own-port-test.cpp.
#include "engine/doors/port/departures.hpp"

#include <catch2/catch.hpp>

#include "beastio/options.hpp"
#include "engine/settings.hpp"
#include "transport/loop/settings.hpp"

using namespace beastio;
using engine::isServed;
using engine::settingsOf;

TEST_CASE("A path is served with or without what follows it", "[departures]") {
  const EngineOptions options;
  CHECK(isServed("/engine.io/", *settingsOf(options)));
  CHECK(isServed("/engine.io/?EIO=4", *settingsOf(options)));
  CHECK_FALSE(isServed("/engine.io", *settingsOf(options)));
  CHECK_FALSE(isServed("/engine.io/more", *settingsOf(options)));
  CHECK_FALSE(isServed("/", *settingsOf(options)));
  CHECK_FALSE(isServed("", *settingsOf(options)));
}

TEST_CASE("A path without a slash at its end is served with one too", "[departures]") {
  EngineOptions options;
  options.path = "/engine.io";
  CHECK(isServed("/engine.io", *settingsOf(options)));
  CHECK(isServed("/engine.io/", *settingsOf(options)));
  CHECK(isServed("/engine.io?EIO=4", *settingsOf(options)));
  CHECK_FALSE(isServed("/engine.ioo", *settingsOf(options)));
}
