// What clients should not send and applications should not do: each is answered, and costs nobody
// else anything.
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

#include "socketio/socketio-rig.hpp"

namespace beastio::socketio::test {
namespace {

using namespace std::chrono_literals;

void checkGoesOn(WireClient& client) {
  client.send("2[\"done?\"]");
  CHECK(client.next() == "2[\"done\"]");
}

/// A client that is served whatever another one does.
struct AbuseRig : ServerRig {
  explicit AbuseRig(const ServerOptions& options = {}) : ServerRig(options) {
    io.on("relay", [this](Socket& socket, const Args& args) {
      socket.broadcast().emit("relayed", args);
      journal.add("relayed");
    });
    listen();
    bystander = std::make_unique<WireClient>(port);
    bystander->enter();
  }

  void checkBystander() const { checkGoesOn(*bystander); }

  std::unique_ptr<WireClient> bystander;
};

}  // namespace

TEST_CASE("Names of events are compared as JavaScript reads them", "[socketio][abuse]") {
  AbuseRig rig;
  const std::string longName(10'000, 'n');
  for (const std::string& name : {std::string(), longName, std::string("\xC3\xA9\n")}) {
    rig.io.on(name, [](Socket& socket) { socket.emit("called"); });
  }
  auto client = rig.connect();
  client.enter();
  for (const auto& json : {std::string(), longName, std::string("\\u00e9\\n")}) {
    client.send("2[\"" + json + "\"]");
    CHECK(client.next() == "2[\"called\"]");
  }
  client.send("2[\"\\u0064one?\"]");
  CHECK(client.next() == "2[\"done\"]");
  client.send("2[7,\"a number\"]");
  checkGoesOn(client);
}

TEST_CASE("Odd values are relayed as they came", "[socketio][abuse]") {
  AbuseRig rig;
  auto client = rig.connect();
  client.enter();
  const std::string values =
      R"({"__proto__":{"x":1},"a":1,"a":2,"constructor":null},1e999,-0,"\ud800",1E+2)";
  client.send("2[\"relay\"," + values + "]");
  CHECK(rig.bystander->next() == "2[\"relayed\"," + values + "]");
  rig.checkBystander();
}

TEST_CASE("An event of who has left ends its connection", "[socketio][abuse]") {
  AbuseRig rig;
  auto client = rig.connect();
  client.enter();
  client.send("1");
  client.send("2[\"relay\"]");
  CHECK(client.next() == "closed");
  rig.checkBystander();
  CHECK(rig.journal.empty());
}

TEST_CASE("Attachments that never come keep their event from being handled", "[socketio][abuse]") {
  AbuseRig rig;
  {
    auto client = rig.connect();
    client.enter();
    client.send(R"(52-["relay",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
    client.sendBytes("one of two");
    rig.checkBystander();
  }
  rig.checkBystander();
  CHECK(rig.journal.empty());
}

TEST_CASE("Acknowledgements that nobody waits for are passed over", "[socketio][abuse]") {
  AbuseRig rig;
  rig.io.on("ask", [&rig](Socket& socket) {
    socket.emitWithAck<int>("question").then([&rig](const Result<int>& answer) {
      rig.journal.add(answer ? std::to_string(*answer) : answer.error().message());
    });
  });
  auto client = rig.connect();
  client.enter();
  client.send("2[\"ask\"]");
  CHECK(client.next() == "20[\"question\"]");
  rig.bystander->send("30[1]");  // a question to somebody else
  rig.checkBystander();
  client.send("31[1]");
  client.send("3999999999999[1]");
  CHECK(rig.journal.empty());
  client.send("30[2]");
  CHECK(rig.journal.next() == "2");
  client.send("30[3]");
  checkGoesOn(client);
  CHECK(rig.journal.empty());
}

TEST_CASE("A client that asks for 100,000 rooms gets as many as it may have", "[socketio][abuse]") {
  ServerOptions options;
  options.maxRoomsPerSocket = 100;
  AbuseRig rig(options);
  rig.io.on("join", [&](Socket& socket, int from, int to) {
    std::size_t refused = 0;
    for (int room = from; room < to; ++room) {
      if (socket.join(std::to_string(room)) == Errc::kTooManyRooms) ++refused;
    }
    socket.emit("refused", refused, socket.rooms().size());
  });
  auto client = rig.connect();
  client.enter();
  client.send("2[\"join\",0,100000]");
  CHECK(client.next() == "2[\"refused\",99900,101]");
  rig.checkBystander();
}

TEST_CASE("What is no auth ends the connection of its client", "[socketio][abuse]") {
  AbuseRig rig;
  auto client = rig.connect();
  client.send(GENERATE(as<std::string>{}, "0\"text\"", "0[1]", "0{bad", "0{}{}"));
  CHECK(client.next() == "closed");
  rig.checkBystander();
}

TEST_CASE("Names of sockets that are not there mean nobody", "[socketio][abuse]") {
  AbuseRig rig;
  SocketRef stale;
  rig.io.on("who", [&](SocketRef socket, const Ack& ack) {
    stale = socket;
    ack();
  });
  {
    auto client = rig.connect();
    client.enter();
    client.send("21[\"who\"]");
    CHECK(client.next() == "31[]");
    client.send("1");
    rig.checkBystander();
  }
  const SocketRef forged(stale.session(), stale.scope(), stale.epoch() + 1);
  const SocketRef nowhere({.place = 0x3FFFFFFF, .generation = 7}, stale.scope(), 1);
  const SocketRef foreign(stale.session(), stale.scope() + (1U << 20U), stale.epoch());
  for (const auto& socket : {stale, forged, nowhere, foreign}) {
    CHECK_FALSE(socket.emitWithAck<int>("question").get());
    socket.emit("event");
    socket.join("room");
    socket.leave("room");
    socket.disconnect(true);
    socket.broadcast().emit("others");
    socket.post([&rig](Socket&) { rig.journal.add("a task for nobody"); });
    Outbox outbox(rig.io);
    socket.emitThrough(outbox, "event");
    outbox.flush();
  }
  rig.bystander->send("2[\"done?\"]");
  auto told = rig.bystander->next();
  while (told == "2[\"others\"]") told = rig.bystander->next();
  CHECK(told == "2[\"done\"]");
  CHECK(rig.journal.empty());
}

TEST_CASE("Handlers of leaving may send everybody away", "[socketio][abuse]") {
  AbuseRig rig;
  auto& nsp = rig.io.of("/");
  nsp.onDisconnecting([&](Socket& socket, DisconnectReason) { socket.disconnect(true); });
  nsp.onDisconnect([&](Socket& socket, DisconnectReason, std::string_view) {
    socket.disconnect();
    nsp.all().disconnectSockets(true);
    rig.journal.add("left");
  });
  auto client = rig.connect();
  client.enter();
  client.send("1");
  CHECK(rig.bystander->next() == "1");
  CHECK(rig.bystander->next() == "closed");
  CHECK(rig.journal.next() == "left");
  CHECK(rig.journal.next() == "left");
  auto next = rig.connect();
  next.enter();
  checkGoesOn(next);
}

TEST_CASE("A full inbox stays full when other queues are emptied", "[socketio][abuse]") {
  constexpr int kEvents = 100;
  const std::string event = "2[\"inboxed\",\"" + std::string(1024, 'x') + "\"]";
  Inbox inbox(1);  // any event is too much
  int handled = 0;
  AbuseRig rig;
  rig.io.on(
      "inboxed", [&](const std::string&) { ++handled; }, inbox);
  rig.io.on(
      "pooled", [&] { rig.journal.add("pooled"); }, InPool{});
  rig.io.on("last", [&] { rig.journal.add("last"); });
  auto client = rig.connect();
  client.enter();
  client.send(event);
  REQUIRE(inbox.waitFor(20s));
  rig.checkBystander();
  for (int i = 1; i < kEvents; ++i) client.send(event);
  client.send("2[\"last\"]");
  for (int i = 0; i < 10; ++i) {
    auto other = rig.connect();
    other.enter();
    other.send("2[\"pooled\"]");
    CHECK(rig.journal.next() == "pooled");
    rig.checkBystander();
  }
  CHECK(rig.journal.empty());
  while (handled < kEvents && inbox.waitFor(20s)) inbox.drain();
  CHECK(handled == kEvents);
  CHECK(rig.journal.next() == "last");
}

TEST_CASE("A server is used before it listens, and after it is closed", "[socketio][abuse]") {
  Server io;
  Journal journal;
  CHECK_FALSE(io.emit("early"));
  CHECK_FALSE(io.to("room").emit("early"));
  CHECK(io.of("/").socketsCount() == 0);
  io.post(0, [&] { journal.add("a task"); });
  CHECK(journal.next() == "a task");
  CHECK_THROWS_AS(io.post(io.ioThreads(), [] {}), std::out_of_range);
  CHECK_THROWS_AS(io.after(
                      0ms, [] {}, io.ioThreads()),
                  std::out_of_range);
  CHECK(io.close());
  CHECK(io.close());
  CHECK(io.emit("late") == Errc::kClosed);
  CHECK(io.of("/late").emit("late") == Errc::kClosed);
  io.on("late", [](Socket&) {});
  io.post(0, [&] { journal.add("a late task"); });
  io.cancel(io.after(0ms, [&] { journal.add("a late timer"); }));
  std::error_code error;
  io.listen({.host = "127.0.0.1"}, error);
  CHECK(error);
  CHECK_THROWS_AS(io.listen(0, "127.0.0.1"), std::system_error);
  CHECK(journal.empty());
}

}  // namespace beastio::socketio::test
