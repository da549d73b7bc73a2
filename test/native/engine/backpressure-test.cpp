// Back-pressure through a whole Engine, in both directions: slow readers, a host that is full, and
// one that produces too fast.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <thread>

#include "engine/engine-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
namespace frames = beastio::protocol::test;

TEST_CASE("Broadcasts to slow readers arrive whole and in order", "[engine][backpressure]") {
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

TEST_CASE("A slow reader gets everything in order, and the host the drain",
          "[engine][backpressure]") {
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

TEST_CASE("Reading pauses while the host is full, and goes on", "[engine][backpressure]") {
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

TEST_CASE("A host that produces too fast has to wait", "[engine][backpressure]") {
  EngineOptions options;
  options.maxSendQueueBytes = 1'000'000'000;
  EngineRig rig(options);
  // Far more than may be pending at a time: every block is executed and released in the end.
  for (int i = 0; i < 40; ++i) rig.broadcast({.rooms = {1}}, std::string(8'000'000, 'x'));
  rig.listen();
  auto peer = rig.connect();
  CHECK(rig.openWebSocket(peer).size() == 20);
}

TEST_CASE("A host whose broadcasts are too much work has to wait", "[engine][backpressure]") {
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
          "[engine][backpressure]") {
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

TEST_CASE("At the bound of all queues those are cut who take nothing", "[engine][backpressure]") {
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
