// Connection state recovery: rooms, data and missed packets, each packet once.
#include <atomic>
#include <thread>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

namespace {

ServerOptions recovering(unsigned threads = 1) {
  auto options = withThreads(threads);
  options.connectionStateRecovery.emplace();
  return options;
}

std::string memberIn(const std::string& text, const std::string& name) {
  const auto at = text.find("\"" + name + "\":\"");
  return at == std::string::npos ? "" : text.substr(at + name.size() + 4, 20);
}

struct RecoveryRig : ServerRig {
  explicit RecoveryRig(const ServerOptions& options) : ServerRig(options) {
    io.onConnection([this](Socket& socket) {
      journal.add(socket.isRecovered() ? "back " + socket.data<std::string>() : "new");
      if (socket.isRecovered()) return;
      socket.join("room");
      socket.data<std::string>() = "kept";
    });
    io.of("/").onDisconnect(
        [this](Socket&, DisconnectReason, std::string_view) { journal.add("left"); });
    listen();
  }

  /// A new client; its names are remembered.
  WireClient enter() {
    auto client = connect();
    client.send("0");
    const auto answer = client.next();
    sid = memberIn(answer, "sid");
    pid = memberIn(answer, "pid");
    CHECK(journal.next() == "new");
    return client;
  }
  /// Comes back.
  WireClient comeBack(const std::string& offset) {
    auto client = connect();
    client.send("0{\"pid\":\"" + pid + "\"" +
                (offset.empty() ? "" : ",\"offset\":\"" + offset + "\"") + "}");
    return client;
  }
  void loseIt(WireClient& client) {
    client.close();
    CHECK(journal.next() == "left");
  }

  std::string sid;
  std::string pid;
};

}  // namespace

TEST_CASE("A client that comes back has lost nothing", "[socketio][recovery]") {
  RecoveryRig rig(recovering());
  auto client = rig.enter();
  const auto ref = rig.io.of("/").all().fetchSockets().get()->front().ref;
  rig.io.emit("seen", 1);
  CHECK(client.next() == "2[\"seen\",1,\"1\"]");
  rig.loseIt(client);
  const std::string bytes = "b";
  rig.io.emit("all");
  rig.io.to("room").emit("room", Binary{std::as_bytes(std::span(bytes))});
  rig.io.to(rig.sid).emit("own");
  rig.io.of("/").all().to(rig.io.of("/").room("room")).emit("number");
  ref.emit("direct");
  rig.io.to("other").emit("no");
  rig.io.of("/").except("room").emit("no");
  rig.io.of("/").all().except(ref).emit("no");
  rig.io.of("/").all().volatile_().emit("no");
  auto back = rig.comeBack("1");
  CHECK(back.next() == "2[\"all\",\"2\"]");
  CHECK(back.next() == "51-[\"room\",{\"_placeholder\":true,\"num\":0},\"3\"]");
  CHECK(back.next() == "bytes:b");
  CHECK(back.next() == "2[\"own\",\"4\"]");
  CHECK(back.next() == "2[\"number\",\"5\"]");
  CHECK(back.next() == "2[\"direct\",\"6\"]");
  CHECK(back.next() == "0{\"sid\":\"" + rig.sid + "\",\"pid\":\"" + rig.pid + "\"}");
  CHECK(rig.journal.next() == "back kept");
  rig.io.to("room").emit("again");
  CHECK(back.next().starts_with("2[\"again\","));
  rig.io.to(rig.sid).emit("own");
  CHECK(back.next().starts_with("2[\"own\","));
}

TEST_CASE("A client comes back before its old connection is known to be dead",
          "[socketio][recovery]") {
  RecoveryRig rig(recovering(GENERATE(1U, 3U)));
  auto lost = rig.enter();
  rig.io.emit("seen");
  CHECK(lost.next() == "2[\"seen\",\"1\"]");
  rig.io.to("room").emit("missed");
  const auto checkBack = [&rig](WireClient& back) {
    CHECK(back.next() == "2[\"missed\",\"2\"]");
    CHECK(back.next() == "0{\"sid\":\"" + rig.sid + "\",\"pid\":\"" + rig.pid + "\"}");
    CHECK(rig.journal.next() == "left");
    CHECK(rig.journal.next() == "back kept");
    CHECK(rig.io.of("/").socketsCount() == 1);
  };
  auto back = rig.comeBack("1");
  checkBack(back);
  CHECK(lost.next() == "2[\"missed\",\"2\"]");
  CHECK(lost.next() == "closed");
  auto again = rig.comeBack("1");
  checkBack(again);
  CHECK(back.next() == "closed");
}

TEST_CASE("A client that has got nothing comes back too", "[socketio][recovery]") {
  RecoveryRig rig(recovering());
  rig.io.emit("before");
  auto client = rig.enter();
  rig.loseIt(client);
  rig.io.emit("missed");
  auto back = rig.comeBack("");
  CHECK(back.next() == "2[\"missed\",\"2\"]");
  CHECK(memberIn(back.next(), "sid") == rig.sid);
}

TEST_CASE("Who cannot be recovered is new", "[socketio][recovery]") {
  auto options = recovering();
  options.connectionStateRecovery->maxBytes = 4000;
  options.connectionStateRecovery->maxDisconnectionDuration = 300ms;
  RecoveryRig rig(options);
  auto client = rig.enter();
  std::string offset;
  SECTION("unknown names") {
    rig.loseIt(client);
    rig.pid = GENERATE("", "x", "aaaaaaaaaaaaaaaaaaaa");
  }
  SECTION("offsets that never were") {
    rig.loseIt(client);
    offset = GENERATE("-1", "1", "x", "18446744073709551616");
  }
  SECTION("too much was missed") {
    rig.loseIt(client);
    rig.io.emit("large", std::string(5000, 'x'));
  }
  SECTION("it was away for too long") {
    rig.loseIt(client);
    std::this_thread::sleep_for(400ms);
  }
  SECTION("it has left by itself") {
    client.send("1");
    CHECK(rig.journal.next() == "left");
  }
  SECTION("the server has sent it away") {
    rig.io.of("/").all().disconnectSockets(true);
    CHECK(rig.journal.next() == "left");
  }
  auto back = rig.comeBack(offset);
  const auto answer = back.next();
  CHECK(answer.starts_with("0{\"sid\":\""));
  CHECK(memberIn(answer, "sid") != rig.sid);
  CHECK(rig.journal.next() == "new");
}

TEST_CASE("Middlewares see who comes back only if they are to", "[socketio][recovery]") {
  auto options = recovering();
  options.connectionStateRecovery->skipMiddlewares = GENERATE(true, false);
  RecoveryRig rig(options);
  std::atomic<int> passed = 0;
  rig.io.of("/").use([&](Socket&, Next next) {
    ++passed;
    next();
  });
  auto client = rig.enter();
  rig.loseIt(client);
  auto back = rig.comeBack("");
  CHECK(memberIn(back.next(), "sid") == rig.sid);
  CHECK(passed == (options.connectionStateRecovery->skipMiddlewares ? 1 : 2));
}

TEST_CASE("No packet is lost or comes twice while others emit", "[socketio][recovery]") {
  RecoveryRig rig(recovering(3));
  std::atomic<bool> isOver = false;
  std::jthread emitter([&] {
    for (int i = 1; !isOver; ++i) {
      rig.io.to("room").emit("count", i);
      if (i % 8 == 0) std::this_thread::sleep_for(50us);
    }
  });
  std::optional<WireClient> client(rig.enter());
  std::string offset;
  int last = 0;
  for (int round = 0; round < 30; ++round) {
    for (int i = 0; i < 20;) {
      const auto packet = client->next();
      if (packet.starts_with("0")) continue;
      const auto number = std::stoi(packet.substr(10));
      if (last != 0) REQUIRE(number == last + 1);
      last = number;
      const auto at = packet.rfind(",\"");
      offset = packet.substr(at + 2, packet.size() - at - 4);
      ++i;
    }
    rig.loseIt(*client);
    client.emplace(rig.comeBack(offset));
    REQUIRE(rig.journal.next() == "back kept");
  }
  isOver = true;
}
