// Generated from lib/options/ by `npm run options`: programs in C++ have the same defaults.
#include <catch2/catch.hpp>

#include "beastio/options.hpp"

TEST_CASE("Options have the defaults of the table", "[engine]") {
  const beastio::EngineOptions options;
  CHECK(options.maxSendQueueBytes == 67108864);
  CHECK(options.sendTimeout.count() == 10000);
  CHECK(options.maxTotalSendQueueBytes == 1073741824);
  CHECK(options.maxInboxBytes == 16777216);
  CHECK(options.maxInboxBytesPerClient == 1048576);
  CHECK(options.port.bodyTimeout.count() == 10000);
  CHECK(options.port.minBodyBytesPerSecond == 1024);
  CHECK(options.admission.ipv6PrefixBits == 64);
  CHECK(options.pingInterval.count() == 25000);
  CHECK(options.pingTimeout.count() == 20000);
  CHECK(options.upgradeTimeout.count() == 10000);
  CHECK(options.maxHttpBufferSize == 1000000);
  CHECK(options.allowUpgrades);
  CHECK_FALSE(options.allowEIO3);
}
