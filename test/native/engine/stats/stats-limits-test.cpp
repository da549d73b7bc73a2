// What an engine counts of whom it refuses, and of whom it cuts off.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "engine/stats/stats-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
using namespace std::chrono_literals;
namespace frames = beastio::protocol::test;

TEST_CASE("Refusals are counted by code, and errors of HTTP by status", "[engine][stats]") {
  EngineRig rig;
  rig.listen();
  const auto ask = [&](const std::string& request) { rig.connect(request).readResponse(); };
  ask(httpRequest("GET", "transport=tcp"));
  ask(httpRequest("GET", "transport=polling&sid=nobody"));
  ask(httpRequest("PUT", "transport=polling"));
  ask(httpRequest("GET", "transport=websocket"));
  ask(request3("polling"));
  ask("GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n");
  ask("GET /elsewhere HTTP/1.1\r\nHost: x\r\n" + std::string(kUpgradeLines) + "\r\n");
  ask("no request\r\n\r\n");
  const auto stats = statsOf(rig);
  CHECK(stats.refusals.unknownTransport == 1);
  CHECK(stats.refusals.unknownSid == 1);
  CHECK(stats.refusals.badHandshakeMethod == 1);
  CHECK(stats.refusals.badRequest == 1);
  CHECK(stats.refusals.unsupportedProtocolVersion == 1);
  CHECK(stats.httpErrors.counts[0] == 6);  // 400: the refusals, and what is no request
  CHECK(stats.httpErrors.counts[2] == 2);  // 404
  CHECK(await(rig, isEmpty));
}

TEST_CASE("Clients that a limit turns away are counted by limit", "[engine][stats]") {
  EngineOptions options;
  SECTION("in all") { options.admission.maxClients = 1; }
  SECTION("of an address") { options.admission.maxClientsPerAddress = 1; }
  SECTION("handshakes") { options.admission.maxHandshakesPerSecond = 1; }
  EngineRig rig(options);
  rig.listen();
  auto first = rig.connect();
  rig.openWebSocket(first);
  rig.connect(httpRequest("GET", "transport=polling")).readResponse();
  const auto& limits = options.admission;
  const auto stats = statsOf(rig);
  CHECK(stats.limited.maxClients == limits.maxClients);
  CHECK(stats.limited.maxClientsPerAddress == limits.maxClientsPerAddress);
  CHECK(stats.limited.maxHandshakesPerSecond == limits.maxHandshakesPerSecond);
  CHECK(stats.refusals.forbidden == 0);
  CHECK(stats.httpErrors.counts[7] == 1 - limits.maxClients);  // 429
  CHECK(stats.httpErrors.counts[10] == limits.maxClients);     // 503
}

TEST_CASE("Who comes while the server ends is counted as such", "[engine][stats]") {
  EngineOptions options;
  options.admission.isDraining = true;
  EngineRig rig(options);
  rig.listen();
  rig.connect(httpRequest("GET", "transport=polling")).readResponse();
  const auto stats = statsOf(rig);
  CHECK(stats.limited.draining == 1);
  CHECK(stats.httpErrors.counts[0] == 0);
  CHECK(stats.httpErrors.counts[10] == 1);  // 503
}

TEST_CASE("Clients that send too fast are counted by limit", "[engine][stats]") {
  EngineOptions options;
  SECTION("messages") { options.rate.maxMessagesPerSecond = 2; }
  SECTION("bytes") { options.rate.maxBytesPerSecond = 2; }
  options.rate.policy = GENERATE(RatePolicy::kPause, RatePolicy::kDisconnect);
  const bool isCut = options.rate.policy == RatePolicy::kDisconnect;
  EngineRig rig(options);
  rig.listen();
  auto peer = rig.connect();
  rig.openWebSocket(peer);
  for (int i = 0; i < 3; ++i) peer.send(frames::text("4x"));
  CHECK(await(rig, [](const auto& stats) {
    return stats.limited.maxMessagesPerSecond + stats.limited.maxBytesPerSecond == 1;
  }));
  if (isCut) CHECK(rig.handler.awaitAllClosed());
  const auto count = isCut ? 2U : 3U;  // the last one is counted behind its limit
  CHECK(await(rig, [count](const auto& stats) { return stats.messages.in == count; }));
  const auto stats = statsOf(rig);
  CHECK(stats.limited.maxMessagesPerSecond == (options.rate.maxMessagesPerSecond > 0 ? 1 : 0));
  CHECK(stats.cut.rate == (isCut ? 1 : 0));
}

TEST_CASE("Connections beyond the most are counted", "[engine][stats]") {
  EngineOptions options;
  options.port.maxConnections = 1;
  EngineRig rig(options);
  rig.listen();
  auto first = rig.connect();
  rig.openWebSocket(first);
  CHECK(rig.connect().readAll().empty());
  CHECK(statsOf(rig).connections.turnedAway == 1);
  CHECK(statsOf(rig).connections.accepted == 1);
}

TEST_CASE("Connections of an address beyond its most are closed, and counted", "[engine][stats]") {
  EngineOptions options;
  options.admission.maxConnectionsPerAddress = 1;
  options.ioThreads = GENERATE(1U, 3U);
  EngineRig rig(options);
  rig.listen();
  auto first = rig.connect();
  rig.openWebSocket(first);
  CHECK(rig.connect().readAll().empty());
  CHECK(statsOf(rig).limited.maxConnectionsPerAddress == 1);
  first.close();
  CHECK(await(rig, isEmpty));
  auto second = rig.connect();
  rig.openWebSocket(second);
}

TEST_CASE("Clients that take nothing are counted by what cut them off", "[engine][stats]") {
  EngineOptions options;
  options.maxSendQueueBytes = 1'000'000;
  options.hardMaxSendQueueBytes = 2'000'000;
  SECTION("the bound of their queue") {}
  SECTION("time") {
    options.hardMaxSendQueueBytes = 1'000'000'000;
    options.sendTimeout = 1ms;
  }
  SECTION("the bound of all queues") {
    options.maxSendQueueBytes = options.hardMaxSendQueueBytes.emplace(1'000'000'000);
    options.maxTotalSendQueueBytes = 1'000'000;
  }
  EngineRig rig(options);
  rig.listen();
  auto peer = rig.connect();
  rig.openWebSocket(peer);
  const auto id = rig.handler.awaitOpened(0).id;
  rig.send(id, std::string(20'000'000, 'x'));  // more than the sockets' buffers hold
  rig.send(id, std::string(1'500'000, 'x'));
  Batch dropped(1);
  const Part part = dropped.addText("volatile");
  dropped.send(id, &part, 1, {.isVolatile = true});
  rig.engine->submit(dropped);
  CHECK(await(rig, [](const auto& stats) {
    return stats.sendQueueBytes > 10'000'000 || stats.closed.transportError == 1;
  }));
  rig.send(id, std::string(1'500'000, 'x'));
  CHECK(rig.handler.awaitAllClosed());
  const auto stats = statsOf(rig);
  const auto& cut = stats.cut;
  const bool isByTime = options.sendTimeout == 1ms;
  const bool isByAll = options.maxTotalSendQueueBytes == 1'000'000;
  CHECK(cut.sendTimeout == (isByTime ? 1 : 0));
  CHECK(cut.totalSendQueue == (isByAll ? 1 : 0));
  CHECK(cut.sendQueue == (isByTime || isByAll ? 0 : 1));
  CHECK(closeOf(stats.closed) == "01000");
  CHECK(await(rig, isEmpty));
}

TEST_CASE("Clients that let answers to their PINGs wait are counted", "[engine][stats]") {
  EngineOptions options;
  options.allowEIO3 = true;
  EngineRig rig(options);
  rig.listen();
  auto peer = rig.connect(request3("polling"));
  const auto sid = sidIn(peer.readResponse());
  std::string pings;
  for (int i = 0; i < 1'001; ++i) pings += "1:2";
  peer.send("POST /engine.io/?EIO=3&transport=polling&sid=" + sid +
            " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(pings.size()) + "\r\n\r\n" +
            pings);
  CHECK(rig.handler.awaitAllClosed());
  CHECK(statsOf(rig).cut.pings == 1);
  CHECK(statsOf(rig).heartbeats == 1'000);
}

TEST_CASE("Volatile messages that are dropped are counted", "[engine][stats]") {
  EngineRig rig;
  rig.listen();
  auto polling = rig.connect();
  rig.openPolling(polling);  // and does not poll
  rig.handler.awaitOpened(0);
  Batch batch(1);
  const Part part = batch.addText("volatile");
  batch.send(rig.handler.awaitOpened(0).id, &part, 1, {.isVolatile = true});
  batch.join(rig.handler.awaitOpened(0).id, 1);
  batch.broadcast({.rooms = {1}}, {part}, {.isVolatile = true});
  rig.engine->submit(batch);
  CHECK(await(rig, [](const auto& stats) { return stats.droppedMessages == 2; }));
  CHECK(statsOf(rig).messages.out == 0);
}

TEST_CASE("What is wrong with a message is counted as what cut its sender off", "[engine][stats]") {
  EngineOptions options;
  options.maxHttpBufferSize = 1'000;
  EngineRig rig(options);
  rig.listen();
  auto peer = rig.connect();
  rig.openWebSocket(peer);
  SECTION("it is too large") {
    peer.send(frames::text("4" + std::string(1'000, 'x')));
    CHECK(rig.handler.awaitAllClosed());
    CHECK(statsOf(rig).cut.messageSize == 1);
    CHECK(closeOf(statsOf(rig).closed) == "01000");
  }
  SECTION("it is no packet") {
    peer.send(frames::text("abc"));
    CHECK(rig.handler.awaitAllClosed());
    CHECK(statsOf(rig).cut.messageSize == 0);
    CHECK(closeOf(statsOf(rig).closed) == "00010");
  }
  peer.close();
  CHECK(await(rig, isEmpty));
}
