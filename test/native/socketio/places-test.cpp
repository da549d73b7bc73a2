// Handlers in the pool and in inboxes: order, bounds, and nobody who waits for them.
#include <atomic>
#include <map>
#include <thread>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

TEST_CASE("The pool handles the events of one socket in order", "[socketio]") {
  ServerOptions options;
  options.poolThreads = 3;
  ServerRig rig(options);
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  rig.io.on(
      "do",
      [&](SocketRef socket, int number, Ack ack) {
        const int now = ++running;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        if (number % 3 == 0) std::this_thread::yield();
        --running;
        socket.emit("did", number);
        ack(number);
      },
      InPool{});
  rig.io.on(
      "throw", [](SocketRef) { throw std::runtime_error("of the test"); }, InPool{});
  rig.listen();
  auto first = rig.connect();
  auto second = rig.connect();
  for (auto* client : {&first, &second}) client->enter();
  for (int i = 0; i < 100; ++i) {
    for (auto* client : {&first, &second}) {
      client->send("2" + std::to_string(i) + "[\"do\"," + std::to_string(i) + "]");
    }
  }
  first.send("2[\"throw\"]");
  for (auto* client : {&first, &second}) {
    for (int i = 0; i < 100; ++i) {
      const auto number = std::to_string(i);
      CHECK(client->next() == "2[\"did\"," + number + "]");
      CHECK(client->next() == "3" + number + "[" + number + "]");
    }
  }
  CHECK(rig.errors.next() == "a handler has thrown: throw");
  CHECK(most <= 3);
}

TEST_CASE("A slow handler in the pool keeps nobody waiting", "[socketio]") {
  ServerOptions options;
  options.poolThreads = 1;
  options.engine.pingInterval = 20ms;
  options.engine.pingTimeout = 200ms;
  ServerRig rig(options);
  std::mutex gate;
  std::unique_lock closed(gate);
  rig.io.on(
      "slow",
      [&](SocketRef socket) {
        const std::lock_guard lock(gate);
        socket.emit("through");
      },
      InPool{});
  rig.listen();
  auto slow = rig.connect();
  auto other = rig.connect();
  for (auto* client : {&slow, &other}) client->enter();
  slow.send("2[\"slow\"]");
  const auto until = std::chrono::steady_clock::now() + 600ms;
  while (std::chrono::steady_clock::now() < until) {
    for (auto* client : {&slow, &other}) {
      client->send("2[\"done?\"]");
      REQUIRE(client->next() == "2[\"done\"]");
    }
  }
  closed.unlock();
  CHECK(slow.next() == "2[\"through\"]");
}

TEST_CASE("An inbox is drained by a thread of the application", "[socketio]") {
  ServerRig rig;
  Inbox inbox;
  std::map<SocketRef, int> moves;
  rig.io.on(
      "move",
      [&](SocketRef socket, int by, Ack ack) {
        moves[socket] += by;
        ack(moves[socket]);
      },
      inbox);
  rig.listen();
  CHECK(inbox.drain() == 0);
  CHECK_FALSE(inbox.waitFor(1ms));
  auto client = rig.connect();
  client.enter();
  client.send("21[\"move\",2]");
  client.send("22[\"move\",3]");
  client.send("2[\"done?\"]");
  CHECK(client.next() == "2[\"done\"]");
  REQUIRE(inbox.waitFor(20s));
  CHECK(inbox.drain() == 2);
  CHECK(client.next() == "31[2]");
  CHECK(client.next() == "32[5]");
  CHECK(moves.size() == 1);
}

TEST_CASE("What waits in an inbox is counted", "[socketio]") {
  ServerOptions options;
  options.engine.ioThreads = 2;
  ServerRig rig(options);
  Inbox inbox;
  rig.io.on(
      "data", [](std::string) {}, inbox);
  rig.listen();
  auto client = rig.connect();
  client.enter();
  const std::string text(10'000, 'x');
  for (int i = 0; i < 3; ++i) client.send("2[\"data\",\"" + text + "\"]");
  client.send("2[\"done?\"]");
  CHECK(client.next() == "2[\"done\"]");
  const auto stats = rig.io.engine().stats();
  const auto waiting = stats.sum().inboxBytes;
  CHECK(waiting > 30'000);
  CHECK(waiting < 40'000);
  CHECK((stats.threads[0].inboxBytes == 0) != (stats.threads[1].inboxBytes == 0));
  CHECK(inbox.drain() == 3);
  CHECK(rig.io.engine().stats().sum().inboxBytes == 0);
}

TEST_CASE("What waits for the pool is counted, until its handlers are through", "[socketio]") {
  ServerOptions options;
  options.poolThreads = 1;
  ServerRig rig(options);
  std::mutex gate;
  std::unique_lock closed(gate);
  rig.io.on(
      "data", [&](std::string) { const std::lock_guard lock(gate); }, InPool{});
  rig.listen();
  auto client = rig.connect();
  client.enter();
  const std::string text(10'000, 'x');
  for (int i = 0; i < 3; ++i) client.send("2[\"data\",\"" + text + "\"]");
  client.send("2[\"done?\"]");
  CHECK(client.next() == "2[\"done\"]");
  CHECK(rig.io.engine().stats().sum().inboxBytes > 30'000);
  closed.unlock();
  while (rig.io.engine().stats().sum().inboxBytes > 0) std::this_thread::yield();
}

TEST_CASE("A full inbox has clients wait, and loses nothing", "[socketio]") {
  ServerRig rig;
  Inbox inbox(64 * 1024);
  std::size_t handled = 0;
  rig.io.on(
      "data", [&](std::string) { ++handled; }, inbox);
  rig.listen();
  auto client = rig.connect();
  client.enter();
  constexpr std::size_t kEvents = 4000;
  std::jthread sender([&] {
    const std::string text(1000, 'x');
    for (std::size_t i = 0; i < kEvents; ++i) client.send("2[\"data\",\"" + text + "\"]");
  });
  std::size_t most = 0;
  while (handled < kEvents) {
    REQUIRE(inbox.waitFor(20s));
    std::this_thread::sleep_for(1ms);  // events gather
    most = std::max(most, inbox.drain());
  }
  CHECK(most < 1000);
}

TEST_CASE("An inbox may go before its server, and a server before its inbox", "[socketio]") {
  auto inbox = std::make_unique<Inbox>();
  auto rig = std::make_unique<ServerRig>();
  rig->io.on(
      "move", [](SocketRef socket) { socket.emit("moved"); }, *inbox);
  rig->listen();
  auto client = rig->connect();
  client.enter();
  client.send("2[\"move\"]");
  REQUIRE(inbox->waitFor(20s));
  SECTION("the inbox") {
    inbox.reset();
    client.send("2[\"move\"]");
    client.send("2[\"done?\"]");
    CHECK(client.next() == "2[\"done\"]");
  }
  SECTION("the server") {
    rig.reset();
    CHECK(inbox->drain() == 1);
  }
}
