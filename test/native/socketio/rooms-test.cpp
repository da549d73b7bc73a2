// Rooms and broadcasts, with one I/O thread and with several.
#include <algorithm>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

namespace {

struct RoomsRig : ServerRig {
  explicit RoomsRig(unsigned threads) : ServerRig(withThreads(threads)) {
    io.on("join", [](Socket& socket, std::string room, Ack ack) {
      socket.join(room);
      ack(socket.rooms().size());
    });
    io.on("leave", [](Socket& socket, std::string room, Ack ack) {
      socket.leave(room);
      ack(socket.rooms().size());
    });
    listen();
  }

  WireClient enter(const std::vector<std::string>& rooms, std::string* id = nullptr) {
    auto client = connect();
    const auto sid = client.enter();
    if (id != nullptr) *id = sid;
    for (const auto& room : rooms) {
      client.send("20[\"join\",\"" + room + "\"]");
      CHECK(client.next().starts_with("30["));
    }
    return client;
  }
  /// Whether the next thing a client gets is that event, and else "end".
  static bool gets(WireClient& client, const std::string& event) {
    const auto packet = client.next();
    return packet == "2[\"" + event + "\"]";
  }
};

}  // namespace

TEST_CASE("A broadcast reaches whom it names", "[socketio]") {
  RoomsRig rig(GENERATE(1U, 3U));
  std::string id;
  auto both = rig.enter({"a", "b"}, &id);
  auto onlyA = rig.enter({"a"});
  auto none = rig.enter({});
  auto& nsp = rig.io.of("/");
  const auto reaches = [&](const BroadcastOperator& target, bool first, bool second, bool third) {
    CHECK_FALSE(target.emit("x"));
    CHECK_FALSE(rig.io.emit("end"));
    const auto check = [](WireClient& client, bool isMeant) {
      if (isMeant) CHECK(RoomsRig::gets(client, "x"));
      CHECK(RoomsRig::gets(client, "end"));
    };
    check(both, first);
    check(onlyA, second);
    check(none, third);
  };
  reaches(nsp.all(), true, true, true);
  reaches(nsp.to("a"), true, true, false);
  reaches(nsp.to("b"), true, false, false);
  reaches(nsp.to("a").to("b"), true, true, false);
  reaches(nsp.to("nobody"), false, false, false);
  reaches(nsp.to("nobody").to("b"), true, false, false);
  reaches(nsp.except("b"), false, true, true);
  reaches(nsp.to("a").except("b"), false, true, false);
  reaches(nsp.except("nobody"), true, true, true);
  reaches(nsp.to(id), true, false, false);
  reaches(nsp.except(id), false, true, true);
  reaches(nsp.to(id).to("a").volatile_().compress(false), true, true, false);
  reaches(nsp.all().to(nsp.room("a")), true, true, false);
  reaches(nsp.all().to(nsp.room("later")), false, false, false);
  both.send("20[\"leave\",\"b\"]");
  CHECK(both.next() == "30[2]");
  reaches(nsp.to("b"), false, false, false);
  both.send("20[\"leave\",\"" + id + "\"]");
  CHECK(both.next() == "30[1]");
}

TEST_CASE("Sockets broadcast to others", "[socketio]") {
  RoomsRig rig(2);
  rig.io.on("say", [](Socket& socket) {
    socket.broadcast().emit("others");
    socket.to("a").emit("room");
    socket.except("a").emit("rest");
    socket.emit("self");
  });
  auto speaker = rig.enter({"a"});
  auto member = rig.enter({"a"});
  auto stranger = rig.enter({});
  speaker.send("2[\"say\"]");
  CHECK(RoomsRig::gets(speaker, "self"));
  CHECK(RoomsRig::gets(member, "others"));
  CHECK(RoomsRig::gets(member, "room"));
  CHECK(RoomsRig::gets(stranger, "others"));
  CHECK(RoomsRig::gets(stranger, "rest"));
}

TEST_CASE("One thread's calls take effect in their order", "[socketio]") {
  RoomsRig rig(3);
  std::vector<SocketRef> refs;
  rig.io.on("ref", [&](Socket& socket, Ack ack) {
    refs.push_back(socket.ref());
    ack();
  });
  auto client = rig.enter({});
  client.send("21[\"ref\"]");
  CHECK(client.next() == "31[]");
  const auto ref = refs.front();
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const auto room = "room" + std::to_string(i % 7);
    ref.join(room);
    rig.io.to(room).emit("in", i);
    ref.emit("own", i);
    ref.leave(room);
    rig.io.to(room).emit("out", i);
    CHECK(client.next() == "2[\"in\"," + std::to_string(i) + "]");
    CHECK(client.next() == "2[\"own\"," + std::to_string(i) + "]");
  }
  SECTION("also by an outbox") {
    Outbox outbox(rig.io);
    for (int i = 0; i < 3; ++i) {
      ref.emitThrough(outbox, "one", i);
      rig.io.of("/").all().emitThrough(outbox, "all", i);
    }
    CHECK(outbox.bytes() > 0);
    CHECK_FALSE(outbox.flush());
    for (int i = 0; i < 3; ++i) {
      CHECK(client.next() == "2[\"one\"," + std::to_string(i) + "]");
      CHECK(client.next() == "2[\"all\"," + std::to_string(i) + "]");
    }
  }
  SECTION("and a socket that has left gets nothing") {
    ref.disconnect();
    ref.emit("late");
    rig.io.emit("late");
    CHECK(client.next() == "1");
    client.enter();
    ref.emit("late");
    CHECK(ref.join("room") == std::error_code());
    rig.io.to("room").emit("late");
    client.send("2[\"done?\"]");
    CHECK(client.next() == "2[\"done\"]");
  }
}

TEST_CASE("Many sockets are told to do something", "[socketio]") {
  RoomsRig rig(GENERATE(1U, 3U));
  auto first = rig.enter({"a"});
  auto second = rig.enter({"a", "b"});
  auto third = rig.enter({});
  const auto namesIn = [&](const std::string& room) {
    auto found = rig.io.of("/").to(room).fetchSockets().get();
    REQUIRE(found);
    return found->size();
  };
  CHECK(namesIn("a") == 2);
  auto all = *rig.io.of("/").all().fetchSockets().get();
  REQUIRE(all.size() == 3);
  std::vector<std::size_t> counts;
  for (const auto& socket : all) {
    CHECK(socket.id == socket.rooms.front());
    CHECK(socket.handshake.address() == "127.0.0.1");
    counts.push_back(socket.rooms.size());
  }
  std::sort(counts.begin(), counts.end());
  CHECK(counts == std::vector<std::size_t>{1, 2, 3});
  rig.io.to("a").except("b").socketsJoin("c");
  CHECK(namesIn("c") == 1);
  rig.io.to("a").socketsLeave("a");
  CHECK(namesIn("a") == 0);
  rig.io.to("b").disconnectSockets();
  CHECK(second.next() == "1");
  CHECK(rig.io.of("/").all().fetchSockets().get()->size() == 2);
  rig.io.of("/").all().disconnectSockets(true);
  CHECK(first.next() == "1");
  CHECK(first.next() == "closed");
  CHECK(third.next() == "1");
  CHECK(third.next() == "closed");
}

TEST_CASE("A socket is in so many rooms at most", "[socketio]") {
  ServerOptions options;
  options.maxRoomsPerSocket = 2;
  ServerRig rig(options);
  rig.io.on("join", [&](Socket& socket, std::string room) {
    rig.journal.add(socket.join(room).message());
  });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  for (const auto* const room : {"a", "b", "b", "c"}) {
    client.send(std::string("2[\"join\",\"") + room + "\"]");
  }
  for (int i = 0; i < 3; ++i) CHECK(rig.journal.next() == std::error_code().message());
  CHECK(rig.journal.next() == make_error_code(Errc::kTooManyRooms).message());
}
