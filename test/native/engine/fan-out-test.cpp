// Messages through a whole Engine: audiences over two threads, ids of the past, slow consumers, and
// back-pressure in both directions.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <future>
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

TEST_CASE("Broadcasts to slow readers arrive whole and in order", "[engine][fan-out]") {
  EngineOptions options;
  options.maxSendQueueBytes = 100'000'000;
  EngineRig rig(options);
  rig.listen();
  std::vector<Peer> peers;
  Batch joins(1);
  for (std::size_t i = 0; i < 3; ++i) {
    peers.push_back(rig.connect());
    rig.openWebSocket(peers.back());
    joins.join(rig.handler.awaitOpened(i).id, 1);
  }
  rig.engine->submit(joins);
  const std::string large(12'000'000, 'x');  // more than the sockets' buffers hold
  std::string expected;
  for (const auto& text : {std::string("small"), large, std::string("small"), large}) {
    rig.broadcast({.rooms = {1}}, text);
    expected += serverText("4" + text);
  }
  for (auto& peer : peers) CHECK((peer.readExactly(expected.size()) == expected));
}

TEST_CASE("A slow reader gets everything in order, and the host the drain", "[engine][fan-out]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect();
  rig.openWebSocket(peer);
  const auto id = rig.handler.awaitOpened(0).id;
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const auto text = std::to_string(i) + std::string(50'000, 'x');
    expected += serverText("4" + text);
    rig.send(id, text);
  }
  Batch batch(rig.engine->ioThreads());
  batch.mark(id);
  rig.engine->submit(batch);
  CHECK(peer.readExactly(expected.size()) == expected);
  CHECK(rig.handler.awaitLine("drain"));
}

TEST_CASE("Reading pauses while the host is full, and goes on", "[engine][fan-out]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect();
  rig.openWebSocket(peer);
  rig.handler.awaitOpened(0);
  rig.handler.countMessages();
  rig.handler.setFull(true);
  constexpr std::size_t kMessages = 100'000;
  const auto frame = frames::text("4" + std::string(100, 'x'));
  std::thread sender([&] {
    for (std::size_t i = 0; i < kMessages; ++i) {
      if (!peer.send(frame)) return;
    }
  });
  CHECK(rig.handler.awaitPause());
  // Commands still run, and after a few of them the reading has stopped for good.
  const auto id = rig.handler.awaitOpened(0).id;
  std::size_t before = 0;
  std::size_t after = rig.handler.messages();
  for (int i = 0; before != after; ++i) {
    before = after;
    rig.send(id, "mark" + std::to_string(i) + ";");
    peer.readThrough("mark" + std::to_string(i) + ";");
    after = rig.handler.messages();
  }
  CHECK(after < kMessages);
  rig.handler.setFull(false);
  rig.engine->resume(0);
  CHECK(rig.handler.awaitMessages(kMessages));
  sender.join();
}

TEST_CASE("A host that produces too fast has to wait", "[engine][fan-out]") {
  EngineOptions options;
  options.maxSendQueueBytes = 1'000'000'000;
  EngineRig rig(options);
  // Far more than may be pending at a time: every block is executed and released in the end.
  for (int i = 0; i < 40; ++i) rig.broadcast({.rooms = {1}}, std::string(8'000'000, 'x'));
  rig.listen();
  auto peer = rig.connect();
  CHECK(rig.openWebSocket(peer).size() == 20);
}

TEST_CASE("A host whose broadcasts are too much work has to wait", "[engine][fan-out]") {
  struct Gate final : RecordingHandler {
    std::promise<void> entered, opened;
    void onMessage(SessionId, const Message&) override {
      entered.set_value();
      opened.get_future().wait();
    }
  } gate;
  Engine engine({}, [&gate](unsigned) -> EngineHandler& { return gate; });
  std::error_code error;
  const auto port = engine.listen({.host = "127.0.0.1"}, error);
  REQUIRE(port);
  std::vector<Peer> peers;
  Batch batch(1);
  for (std::size_t i = 0; i < 20; ++i) {
    peers.push_back(
        Peer::connected(port->port, httpRequest("GET", "transport=websocket", kUpgradeLines)));
    batch.join(gate.awaitOpened(i).id, 1);
  }
  const auto broadcast = [&batch](int count) {
    for (int i = 0; i < count; ++i) batch.broadcast({.rooms = {1}}, {batch.addText("x")});
  };
  broadcast(100);  // the thread learns how many recipients there are
  batch.mark(gate.awaitOpened(0).id);
  engine.submit(batch);
  CHECK(gate.awaitLine("drain"));

  peers[0].send(frames::text("4stop"));
  gate.entered.get_future().wait();
  constexpr int kBlocks = 100;
  std::atomic<int> submitted = 0;
  std::thread host([&] {
    for (; submitted < kBlocks; ++submitted) {
      broadcast(1000);
      engine.submit(batch);
    }
  });
  // Two million deliveries, of which a thread accepts about one million in advance.
  for (int before = -1; before != submitted;) {
    before = submitted;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  CHECK(submitted > 10);
  CHECK(submitted < 70);
  gate.opened.set_value();
  host.join();
  CHECK(submitted == kBlocks);
  engine.stop();
}

TEST_CASE("The sockets have their turn within a block, and the order is kept",
          "[engine][fan-out]") {
  struct Turns final : RecordingHandler {
    std::atomic<int> turns = 0;
    bool onBatchEnd() override {
      ++turns;
      return RecordingHandler::onBatchEnd();
    }
  } handler;
  Engine engine({}, [&handler](unsigned) -> EngineHandler& { return handler; });
  std::error_code error;
  const auto port = engine.listen({.host = "127.0.0.1"}, error);
  REQUIRE(port);
  auto peer = Peer::connected(port->port, httpRequest("GET", "transport=websocket", kUpgradeLines));
  peer.readThrough("}");
  const auto id = handler.awaitOpened(0).id;
  Batch batch(1);
  batch.join(id, 1);
  const Part text = batch.addText(std::string(1000, 'x'));
  std::string expected;
  constexpr int kMessages = 100'000;  // six turns
  for (int i = 0; i < kMessages; ++i) batch.broadcast({.rooms = {1}}, {text});
  batch.send(id, batch.addText("last"));
  const int before = handler.turns;
  engine.submit(batch);
  batch.send(id, batch.addText("of the next block"));
  engine.submit(batch);
  engine.closeAll();
  const auto each = serverText("4" + std::string(1000, 'x'));
  for (int i = 0; i < kMessages; ++i) {
    if (peer.readExactly(each.size()) != each) FAIL("message " << i << " is another");
  }
  for (const auto& end : {serverText("4last"), serverText("4of the next block")}) {
    CHECK(peer.readExactly(end.size()) == end);
  }
  CHECK(handler.turns - before >= 6);
  engine.stop();
}

TEST_CASE("At the bound of all queues those are cut who take nothing", "[engine][fan-out]") {
  EngineOptions options;
  options.ioThreads = GENERATE(1U, 2U);
  options.maxTotalSendQueueBytes = 30'000'000;
  EngineRig rig(options);
  rig.listen();
  constexpr std::size_t kSlow = 12;
  std::vector<Peer> peers;
  std::vector<SessionId> ids;
  for (std::size_t i = 0; i <= kSlow; ++i) {
    peers.push_back(rig.connect());
    rig.openWebSocket(peers.back());
    ids.push_back(rig.handler.awaitOpened(i).id);
  }
  auto& reader = peers.back();
  const std::string large(500'000, 'x');
  const auto frame = serverText("4" + large);
  const auto countOf = [&rig](std::string_view line) {
    const auto lines = rig.handler.lines();
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
  };
  constexpr std::string_view kCut = "close transport error: total send queue limit exceeded";
  SECTION("what each has for itself, until there is room") {
    // The system's buffers take some MB of what each client is sent.
    for (int i = 0; i < 40; ++i) {
      for (const auto& id : ids) rig.send(id, large);
      if (reader.readExactly(frame.size()) != frame) FAIL("the reader lost message " << i);
    }
    CHECK(countOf(kCut) >= kSlow / 2);
    CHECK(countOf("close transport error: send timeout") == 0);
  }
  SECTION("but not what they share, for that is there once") {
    Batch joins(options.ioThreads);
    for (const auto& id : ids) joins.join(id, 1);
    rig.engine->submit(joins);
    for (int i = 0; i < 20; ++i) {  // 130 MB if each had its own
      rig.broadcast({.rooms = {1}}, large);
      if (reader.readExactly(frame.size()) != frame) FAIL("the reader lost message " << i);
    }
    CHECK(countOf(kCut) == 0);
  }
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
