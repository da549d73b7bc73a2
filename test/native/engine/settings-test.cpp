// From the public options to the settings of an I/O thread: an option that is not handed down would
// be without effect, silently.
#include "engine/settings.hpp"

#include <catch2/catch.hpp>

#include "beastio/options.hpp"
#include "protocol/websocket/per-message-deflate.hpp"
#include "transport/loop/settings.hpp"

using namespace beastio;
using namespace beastio::engine;
using namespace std::chrono_literals;

TEST_CASE("Options of sessions reach the settings", "[settings]") {
  const auto settings = settingsOf({.pingInterval = 1ms,
                                    .pingTimeout = 2ms,
                                    .upgradeTimeout = 3ms,
                                    .closeTimeout = 4ms,
                                    .maxHttpBufferSize = 5,
                                    .maxFragments = 6,
                                    .maxSendQueueBytes = 7,
                                    .sendTimeout = 8ms,
                                    .hardMaxSendQueueBytes = 9,
                                    .maxInboxBytesPerClient = 10,
                                    .allowEIO3 = true,
                                    .initialPacket = "welcome",
                                    .initialPacketIsBinary = true,
                                    .polling = false,
                                    .websocket = false,
                                    .webtransport = true,
                                    .allowUpgrades = false,
                                    .parseSocketioHeader = true});
  CHECK(settings->pingInterval == 1ms);
  CHECK(settings->pingTimeout == 2ms);
  CHECK(settings->upgradeTimeout == 3ms);
  CHECK(settings->closeTimeout == 4ms);
  CHECK(settings->maxHttpBufferSize == 5);
  CHECK(settings->maxFragments == 6);
  CHECK(settings->maxSendQueueBytes == 7);
  CHECK(settings->sendTimeout == 8ms);
  CHECK(settings->hardMaxSendQueueBytes == 9);
  CHECK(settings->maxInboxBytesPerClient == 10);
  CHECK(settings->allowEIO3);
  CHECK(settings->initialPacket == "welcome");
  CHECK(settings->initialPacketIsBinary);
  CHECK_FALSE(settings->polling);
  CHECK_FALSE(settings->websocket);
  CHECK(settings->webtransport);
  CHECK_FALSE(settings->allowUpgrades);
  CHECK(settings->parseSocketioHeader);
}

TEST_CASE("Options of the engine and its port reach the settings", "[settings]") {
  const auto settings = settingsOf({.path = "/path/",
                                    .port = {.leftToHost = LeftToHost::kEverything,
                                             .headersTimeout = 1ms,
                                             .requestTimeout = 2ms,
                                             .keepAliveTimeout = 3ms,
                                             .bodyTimeout = 4ms,
                                             .minBodyBytesPerSecond = 5,
                                             .maxHeaderBytes = 6,
                                             .maxHeadersCount = 7,
                                             .maxConnections = 8,
                                             .compressionThreshold = 9,
                                             .reportRefusals = false,
                                             .reportHandshakes = true,
                                             .cookieStart = "io=",
                                             .cookieEnd = "; Path=/"},
                                    .maxTotalSendQueueBytes = 10,
                                    .trimMemory = true});
  CHECK(settings->path == "/path/");
  CHECK(settings->maxTotalSendQueueBytes == 10);
  CHECK(settings->trimMemory);
  const auto& port = settings->port;
  CHECK(port.leftToHost == LeftToHost::kEverything);
  CHECK(port.headersTimeout == 1ms);
  CHECK(port.requestTimeout == 2ms);
  CHECK(port.keepAliveTimeout == 3ms);
  CHECK(port.bodyTimeout == 4ms);
  CHECK(port.minBodyBytesPerSecond == 5);
  CHECK(port.maxHeaderBytes == 6);
  CHECK(port.maxHeadersCount == 7);
  CHECK(port.maxConnections == 8);
  CHECK(port.compressionThreshold == 9);
  CHECK_FALSE(port.reportRefusals);
  CHECK(port.reportHandshakes);
  CHECK(port.cookieStart == "io=");
  CHECK(port.cookieEnd == "; Path=/");
}

TEST_CASE("Compression is negotiated as its options say", "[settings]") {
  CHECK_FALSE(settingsOf({})->perMessageDeflate);
  CHECK(deflatePoolOf({}) == nullptr);
  const EngineOptions options{.perMessageDeflate = PerMessageDeflateOptions{
                                  .serverNoContextTakeover = false,
                                  .clientNoContextTakeover = true,
                                  .serverMaxWindowBits = PerMessageDeflateOptions::kRefused,
                                  .clientMaxWindowBits = 9,
                              }};
  CHECK(deflatePoolOf(options) != nullptr);
  const auto deflate = settingsOf(options)->perMessageDeflate;
  REQUIRE(deflate);
  using Kind = protocol::WindowBitsOption::Kind;
  CHECK(deflate->serverNoContextTakeover == false);
  CHECK(deflate->clientNoContextTakeover);
  CHECK(deflate->serverMaxWindowBits.kind == Kind::kRefused);
  CHECK(deflate->clientMaxWindowBits.kind == Kind::kFixed);
  CHECK(deflate->clientMaxWindowBits.bits == 9);
}
