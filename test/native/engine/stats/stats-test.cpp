// What an engine counts: each figure moves with what it stands for, and gauges go back to zero
// whichever way a client leaves.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

#include "engine/driving/driving-rig.hpp"
#include "engine/stats/stats-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
using namespace std::chrono_literals;
namespace frames = beastio::protocol::test;

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

TEST_CASE("POSTs that wait until the host has caught up are counted", "[engine][stats]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect();
  const auto sid = rig.openPolling(peer);
  rig.handler.setFull(true);
  peer.send(postOf(sid, "4one"));
  peer.readResponse();
  CHECK(rig.handler.awaitPause());
  // The first connection has had its share.
  auto other = rig.connect(postOf(sid, "4" + std::string(9999, 'x')));
  CHECK(await(rig, [](const ThreadStats& stats) { return stats.heldPostBytes == 10'000; }));
  rig.handler.setFull(false);
  rig.engine->resume(0);
  other.readResponse();
  CHECK(statsOf(rig).heldPostBytes == 0);
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
