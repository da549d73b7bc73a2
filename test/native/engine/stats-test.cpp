// What an engine counts: each figure moves with what it stands for, and gauges go back to zero
// whichever way a client leaves.
#include "beastio/host/stats.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

#include "engine/driving/driving-rig.hpp"
#include "engine/engine-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
using namespace std::chrono_literals;
namespace frames = beastio::protocol::test;

namespace {

ThreadStats statsOf(EngineRig& rig) { return rig.engine->stats().sum(); }

/// Looks until the figures are as they should be. Returns whether they came to that.
template <class Condition>
bool await(const Engine& engine, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + RecordingHandler::kPatience;
  while (!condition(engine.stats().sum())) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

template <class Condition>
bool await(EngineRig& rig, Condition condition) {
  return await(*rig.engine, condition);
}

std::uint64_t sessionsIn(const SessionCounts& counts) {
  std::uint64_t sum = 0;
  for (const auto* protocols : {&counts.polling, &counts.webSocket, &counts.webTransport}) {
    sum += protocols->v3 + protocols->v4;
  }
  return sum;
}

bool isEmpty(const ThreadStats& stats) {
  return sessionsIn(stats.sessions) == 0 && stats.connections.open == 0 &&
         stats.sendQueueBytes == 0;
}

std::string closeOf(const CloseStats& closed) {
  return std::to_string(closed.transportClose) + std::to_string(closed.transportError) +
         std::to_string(closed.pingTimeout) + std::to_string(closed.parseError) +
         std::to_string(closed.forcedClose);
}

std::string request3(std::string_view transport, std::string_view lines = {}) {
  return "GET /engine.io/?EIO=3&transport=" + std::string(transport) + " HTTP/1.1\r\nHost: x\r\n" +
         std::string(lines) + "\r\n";
}

}  // namespace

TEST_CASE("Each figure has a path of its own, and is in the sum", "[engine][stats]") {
  EngineStats stats;
  stats.threads.resize(3);
  std::set<std::string> paths;
  for (auto& thread : stats.threads) {
    std::uint64_t figure = 1;
    stats::each(thread, [&](const char* path, std::uint64_t& value) {
      paths.insert(path);
      value = figure++;
    });
  }
  CHECK(paths.size() * sizeof(std::uint64_t) == sizeof(ThreadStats));
  const auto sum = stats.sum();
  std::uint64_t figure = 0;
  stats::each(sum, [&](const char* path, std::uint64_t value) {
    INFO(path);
    CHECK(value == 3 * ++figure);
  });
}

TEST_CASE("Sessions are counted by transport and protocol", "[engine][stats]") {
  EngineOptions options = withThreads(3);
  options.allowEIO3 = true;
  EngineRig rig(options);
  rig.listen();
  CHECK(rig.engine->stats().threads.size() == 3);
  std::vector<Peer> peers;
  for (int i = 0; i < 4; ++i) peers.push_back(rig.connect());
  rig.openPolling(peers[0]);
  rig.openWebSocket(peers[1]);
  peers[2].send(request3("polling"));
  peers[2].readResponse();
  peers[3].send(request3("websocket", kUpgradeLines));
  peers[3].readThrough("}");
  const auto stats = statsOf(rig);
  for (const auto* counts : {&stats.sessions, &stats.handshakes}) {
    CHECK(counts->polling.v4 == 1);
    CHECK(counts->webSocket.v4 == 1);
    CHECK(counts->polling.v3 == 1);
    CHECK(counts->webSocket.v3 == 1);
  }
  CHECK(stats.connections.open == 4);
  CHECK(stats.connections.accepted == 4);
  CHECK(stats.bytes.in > 400);
  CHECK(stats.bytes.out > 400);
  rig.engine->closeAll();
  CHECK(rig.handler.awaitAllClosed());
  peers.clear();
  CHECK(await(rig, isEmpty));
  const auto end = statsOf(rig);
  CHECK(sessionsIn(end.handshakes) == 4);
  CHECK(closeOf(end.closed) == "00004");
}

TEST_CASE("Messages are counted in both directions", "[engine][stats]") {
  EngineOptions options;
  options.initialPacket = "hello";
  EngineRig rig(options);
  rig.listen();
  auto webSocket = rig.connect();
  rig.openWebSocket(webSocket);
  webSocket.readExactly(serverText("4hello").size());
  auto polling = rig.connect();
  const auto sid = rig.openPolling(polling);
  Batch joins(1);
  for (std::size_t i = 0; i < 2; ++i) joins.join(rig.handler.awaitOpened(i).id, 1);
  rig.engine->submit(joins);
  const auto before = statsOf(rig);
  CHECK(before.messages.out == 2);  // the initial packets

  webSocket.send(frames::text("4a") + frames::text("4b"));
  polling.send(postOf(sid,
                      "4c\x1e"
                      "4d\x1e"
                      "bAQI="));
  polling.readResponse();
  CHECK(rig.handler.awaitLine("text b"));
  rig.send(rig.handler.awaitOpened(0).id, "one");
  rig.broadcast({.rooms = {1}}, "two");
  CHECK(webSocket.readThrough("two").ends_with("4two"));
  const auto after = statsOf(rig);
  CHECK(after.messages.in == 5);
  CHECK(after.messages.out == 5);
  CHECK(after.bytes.in - before.bytes.in >= 2 * frames::text("4a").size() + 9);
  CHECK(rig.engine->settle(20s));
  CHECK(statsOf(rig).sendQueueBytes > 0);  // the poll has not come
  polling.send(pollOf(sid));
  polling.readResponse();
  CHECK(rig.engine->settle(20s));
  CHECK(statsOf(rig).sendQueueBytes == 0);
}

TEST_CASE("An upgrade moves a session, and one that is given up does not", "[engine][stats]") {
  EngineRig rig;
  rig.listen();
  auto polling = rig.connect();
  const auto sid = rig.openPolling(polling);
  const auto upgrade = httpRequest("GET", "transport=websocket&sid=" + sid, kUpgradeLines);
  {
    auto first = rig.connect(upgrade);
    first.readThrough("\r\n\r\n");
    first.send(frames::text("2probe"));
    first.readThrough("3probe");
  }
  CHECK(await(rig, [](const auto& stats) { return stats.upgrades.abandoned == 1; }));
  CHECK(statsOf(rig).sessions.polling.v4 == 1);
  auto second = rig.connect(upgrade);
  second.readThrough("\r\n\r\n");
  second.send(frames::text("2probe"));
  second.readThrough("3probe");
  second.send(frames::text("5"));
  CHECK(await(rig, [](const auto& stats) { return stats.upgrades.webSocket == 1; }));
  const auto stats = statsOf(rig);
  CHECK(stats.sessions.polling.v4 == 0);
  CHECK(stats.sessions.webSocket.v4 == 1);
  CHECK(stats.handshakes.webSocket.v4 == 0);
  second.close();
  polling.close();
  CHECK(await(rig, isEmpty));
  CHECK(closeOf(statsOf(rig).closed) == "10000");
}

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
  CHECK(stats.httpErrors.counts[1] == 2);  // 404
  CHECK(await(rig, isEmpty));
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

TEST_CASE("Heartbeats are counted, and how long they take", "[engine][stats]") {
  EngineOptions options;
  options.pingInterval = 1ms;
  options.pingTimeout = 200ms;
  options.allowEIO3 = true;
  EngineRig rig(options);
  rig.listen();
  auto peer = rig.connect();
  SECTION("of protocol 4") {
    rig.openWebSocket(peer);
    for (int i = 0; i < 3; ++i) {
      CHECK(peer.readExactly(3) == serverText("2"));
      peer.send(frames::text("3"));
    }
    CHECK(await(rig, [](const auto& stats) { return stats.heartbeats == 3; }));
    const auto& buckets = statsOf(rig).roundTrips.buckets;
    CHECK(std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0}) == 3);
    peer.send(frames::text("3"));  // which nobody has asked for, or answers the next PING
    CHECK(await(rig, [](const auto& stats) { return stats.closed.pingTimeout == 1; }));
  }
  SECTION("of protocol 3") {
    peer.send(request3("websocket", kUpgradeLines));
    peer.readThrough("}");
    peer.send(frames::text("2"));
    CHECK(peer.readExactly(3) == serverText("3"));
    const auto stats = statsOf(rig);
    CHECK(stats.heartbeats == 1);
    CHECK(stats.roundTrips.buckets == decltype(stats.roundTrips.buckets){});
  }
}

TEST_CASE("Who drives the loop is counted", "[engine][stats][driving]") {
  EchoHost host(IoDriver::kHost);
  auto peer = host.connect();
  for (int i = 0; i < 100; ++i) {
    peer.send(frames::text("4x"));
    peer.readThrough("x");
  }
  const auto stats = host.engine().stats().sum();
  CHECK(stats.driving.handOvers > 0);
  CHECK(stats.driving.hostTurns > 0);
  CHECK(stats.driving.hostTurns <= stats.driving.turns);
  CHECK(await(host.engine(), [](const auto& now) { return now.driving.byHost == 1; }));
  host.engine().takeBack(true);
  CHECK(host.engine().stats().sum().driving.byHost == 0);
}

TEST_CASE("Figures are read while the threads serve, and nobody leaves a gauge behind",
          "[engine][stats]") {
  EngineRig rig(withThreads(3));
  rig.listen();
  std::atomic<bool> isOver = false;
  std::thread reader([&] {
    std::uint64_t before = 0;
    while (!isOver) {
      const auto now = statsOf(rig).messages.in;
      if (now < before) FAIL("a counter has gone back");
      before = now;
    }
  });
  rig.handler.countMessages();
  for (std::size_t round = 0; round < 5; ++round) {
    std::vector<Peer> peers;
    for (int i = 0; i < 12; ++i) {
      auto& peer = peers.emplace_back(rig.connect());
      i % 2 == 0 ? rig.openPolling(peer) : rig.openWebSocket(peer);
      if (i % 2 == 1) peer.send(frames::text("4x"));
    }
    Batch batch(3);
    for (std::size_t i = 12 * round; i < 12 * round + 12; ++i) {
      batch.join(rig.handler.awaitOpened(i).id, 1);
    }
    batch.broadcast({.rooms = {1}}, {batch.addText(std::string(3'000, 'x'))}, {});
    rig.engine->submit(batch);
    for (auto& peer : peers) round % 2 == 0 ? peer.reset() : peer.close();
    if (round == 4) rig.engine->close(20s);
  }
  rig.engine->closeAll();  // polling clients are not missed otherwise
  CHECK(rig.handler.awaitAllClosed());
  CHECK(await(rig, isEmpty));
  isOver = true;
  reader.join();
  CHECK(sessionsIn(statsOf(rig).handshakes) == 60);
}
