// Messages through a whole Engine: audiences over two threads, ids of the past, and consumers that
// end inside a broadcast.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "engine/engine-rig.hpp"
#include "protocol/websocket/message-inflater.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
namespace frames = beastio::protocol::test;

TEST_CASE("A broadcast reaches exactly its audience over two threads", "[engine][fan-out]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  constexpr std::size_t kPeers = 12;
  constexpr RoomId kEven = 2;
  constexpr RoomId kThirds = 3;
  std::vector<Peer> peers;
  std::vector<SessionId> ids;
  std::set<unsigned> threads;
  Batch joins(2);
  for (std::size_t i = 0; i < kPeers; ++i) {
    peers.push_back(rig.connect());
    rig.openWebSocket(peers.back());
    ids.push_back(rig.handler.awaitOpened(i).id);
    threads.insert(ids.back().thread());
    if (i % 2 == 0) joins.join(ids.back(), kEven);
    if (i % 3 == 0) joins.join(ids.back(), kThirds);
  }
  REQUIRE(threads.size() == 2);
  rig.engine->submit(joins);

  const auto check = [&](const Audience& audience, const auto& belongs) {
    rig.broadcast(audience, "to some");
    rig.broadcast({.sessions = ids}, "to all");
    for (std::size_t i = 0; i < kPeers; ++i) {
      CAPTURE(i);
      const auto expected =
          (belongs(i) ? serverText("4to some") : std::string()) + serverText("4to all");
      CHECK(peers[i].readThrough("to all") == expected);
    }
  };
  check({.rooms = {kEven}}, [](std::size_t i) { return i % 2 == 0; });
  check({.rooms = {kEven, kThirds}}, [](std::size_t i) { return i % 2 == 0 || i % 3 == 0; });
  check({.rooms = {kEven}, .exceptRooms = {kThirds}},
        [](std::size_t i) { return i % 2 == 0 && i % 3 != 0; });
  check({.rooms = {kEven}, .exceptSessions = {ids[0], ids[2]}},
        [](std::size_t i) { return i % 2 == 0 && i > 2; });
  // Slots and generations are alike on both threads: only the thread tells these apart.
  check({.sessions = {ids[5]}}, [](std::size_t i) { return i == 5; });

  Batch leave(2);
  leave.leave(ids[4], kEven);
  rig.engine->submit(leave);
  check({.rooms = {kEven}}, [](std::size_t i) { return i % 2 == 0 && i != 4; });
}

TEST_CASE("Shared packets stand in order among others", "[engine][fan-out]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  std::vector<Peer> peers;
  std::vector<SessionId> ids;
  for (std::size_t i = 0; i < 6; ++i) {
    peers.push_back(rig.connect());
    rig.openWebSocket(peers.back());
    ids.push_back(rig.handler.awaitOpened(i).id);
  }
  const std::string large(5'000, 's');  // sent by reference
  Batch batch(2);
  const Part parts[] = {batch.addText(large), batch.addBinary("bytes")};
  const Part other = batch.addText("other");
  batch.broadcast({.sessions = ids}, {other}, {});
  batch.share(parts, 2, {});
  for (const auto id : ids) {
    batch.sendShared(id);
    batch.send(id, &other, 1, {});
  }
  batch.sendShared(ids[0]);
  batch.share(&other, 1, {});
  for (const auto id : ids) batch.sendShared(id);
  rig.engine->submit(batch);
  rig.broadcast({.sessions = ids}, "end");
  const auto shared = serverText("4" + large) + serverFrame(0x2, "bytes");
  for (std::size_t i = 0; i < peers.size(); ++i) {
    CAPTURE(i);
    const auto expected = serverText("4other") + shared + serverText("4other") +
                          (i == 0 ? shared : std::string()) + serverText("4other") +
                          serverText("4end");
    CHECK(peers[i].readThrough("4end") == expected);
  }
}

TEST_CASE("A packet for many reaches compressed and plain connections alike", "[engine][fan-out]") {
  EngineOptions options;
  options.perMessageDeflate = PerMessageDeflateOptions{.serverNoContextTakeover = true};
  EngineRig rig(options);
  rig.listen();
  const std::string offer = std::string(kUpgradeLines) +
                            "Sec-WebSocket-Extensions: permessage-deflate; "
                            "server_no_context_takeover\r\n";
  std::vector<Peer> peers;
  std::vector<SessionId> ids;
  for (std::size_t i = 0; i < 4; ++i) {
    peers.push_back(
        rig.connect(httpRequest("GET", "transport=websocket", i % 2 == 0 ? offer : kUpgradeLines)));
    peers.back().readThrough("\r\n\r\n");
    peers.back().readThrough("}");
    ids.push_back(rig.handler.awaitOpened(i).id);
  }
  const std::string text(5'000, 's');  // over the threshold
  const auto inflated = [](std::string_view payload) {
    std::vector<std::uint8_t> message;
    protocol::MessageInflater inflater(15);
    inflater.inflate(protocol::asBytes(payload), 10'000, message);
    return std::string(protocol::asText(message));
  };
  const auto check = [&] {
    for (std::size_t i = 0; i < peers.size(); ++i) {
      CAPTURE(i);
      if (i % 2 != 0) {
        CHECK(peers[i].readExactly(serverText("4" + text).size()) == serverText("4" + text));
        continue;
      }
      const auto header = peers[i].readExactly(2);
      CHECK(header[0] == '\xC1');
      CHECK(inflated(peers[i].readExactly(static_cast<std::size_t>(header[1]))) == "4" + text);
    }
  };
  Batch batch(1);
  const Part part = batch.addText(text);
  batch.share(&part, 1, {});
  for (const auto id : ids) batch.sendShared(id);
  rig.engine->submit(batch);
  check();
  rig.broadcast({.sessions = ids}, text);
  check();
}

TEST_CASE("Commands for a session that is gone do nothing", "[engine][fan-out]") {
  EngineRig rig;
  rig.listen();
  auto first = rig.connect();
  rig.openWebSocket(first);
  const auto stale = rig.handler.awaitOpened(0).id;
  first.close();
  REQUIRE(rig.handler.awaitLine("close transport close"));

  auto second = rig.connect();
  rig.openWebSocket(second);
  const auto fresh = rig.handler.awaitOpened(1).id;
  CHECK(fresh.slot() == stale.slot());
  Batch batch(1);
  const Part part = batch.addText("for the dead");
  batch.join(stale, 1);
  batch.send(stale, &part, 1, {});
  batch.broadcast({.rooms = {1}, .sessions = {stale}}, {part}, {});
  batch.leave(stale, 1);
  batch.close(stale, true);
  rig.engine->submit(batch);
  rig.send(fresh, "for the living");
  CHECK(second.readThrough("living") == serverText("4for the living"));
}

TEST_CASE("A broadcast survives consumers that end inside it", "[engine][fan-out]") {
  EngineOptions options;
  options.maxSendQueueBytes = options.hardMaxSendQueueBytes.emplace(1'000'000);
  EngineRig rig(options);
  rig.listen();
  std::vector<Peer> peers;
  std::vector<SessionId> ids;
  Batch joins(1);
  for (std::size_t i = 0; i < 8; ++i) {
    peers.push_back(rig.connect());
    rig.openWebSocket(peers.back());
    ids.push_back(rig.handler.awaitOpened(i).id);
    joins.join(ids.back(), 1);
  }
  rig.engine->submit(joins);
  const std::string large(900'000, 'x');
  for (int i = 0; i < 12; ++i) rig.broadcast({.rooms = {1}}, large);  // nobody reads
  CHECK(rig.handler.awaitCount("close transport error: send queue limit exceeded", 8));
  rig.broadcast({.rooms = {1}, .sessions = ids}, "nobody is left");
  auto next = rig.connect();
  rig.openWebSocket(next);
  rig.send(rig.handler.awaitOpened(8).id, "alive");
  CHECK(next.readThrough("alive") == serverText("4alive"));
}

TEST_CASE("A handler may submit from its I/O thread", "[engine][fan-out]") {
  struct Echo final : RecordingHandler {
    Engine* engine = nullptr;
    void onMessage(SessionId id, const Message& message) override {
      Batch batch(engine->ioThreads());
      const Part part = batch.addText(message.data);
      batch.send(id, &part, 1, {});
      engine->submit(batch);
    }
  } echo;
  Engine engine({}, [&echo](unsigned) -> EngineHandler& { return echo; });
  echo.engine = &engine;
  std::error_code error;
  const auto port = engine.listen({.host = "127.0.0.1"}, error);
  REQUIRE(port);
  auto peer = Peer::connected(port->port, httpRequest("GET", "transport=websocket", kUpgradeLines));
  peer.readThrough("}");
  const std::string text(500'000, 'e');
  for (int i = 0; i < 4; ++i) peer.send(frames::text("4" + text));
  for (int i = 0; i < 4; ++i) {
    CHECK(peer.readExactly(serverText("4" + text).size()) == serverText("4" + text));
  }
  engine.stop();
}
