// How clients enter namespaces, and who does not.
#include <thread>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

TEST_CASE("A client enters a namespace", "[socketio]") {
  ServerRig rig;
  rig.io.of("/chat").onConnection([&](Socket& socket) {
    const auto& handshake = socket.handshake();
    rig.journal.add(std::string(handshake.auth()) + handshake.query("token") +
                    std::string(handshake.header("x-from")) + std::string(handshake.address()));
    socket.emit("hello", socket.nsp().name());
  });
  rig.listen();
  auto client = rig.connect();
  const auto id = client.enter("0/chat,{\"a\":1}");
  CHECK(id.size() == 20);
  CHECK(client.next() == "2/chat,[\"hello\",\"/chat\"]");
  CHECK(rig.journal.next() == "{\"a\":1}a btest127.0.0.1");
  CHECK(rig.io.of("/chat").socketsCount() == 1);
  CHECK(rig.io.of("/").socketsCount() == 0);
}

TEST_CASE("A client that asks twice is in once", "[socketio]") {
  ServerRig rig;
  rig.io.on("done?", [](Socket& socket) { socket.emit("done"); });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  client.send("0");
  client.send("2[\"done?\"]");
  CHECK(client.next() == "2[\"done\"]");
  CHECK(rig.io.of("/").socketsCount() == 1);
}

TEST_CASE("A namespace that nobody serves is refused", "[socketio]") {
  ServerRig rig;
  rig.io.ofMatching([](std::string_view name, const Handshake&) { return name == "/made"; },
                    [&](Namespace& nsp) {
                      rig.journal.add("set up");
                      nsp.onConnection([](Socket& socket) { socket.emit("in"); });
                    });
  rig.listen();
  auto client = rig.connect();
  client.send("0/none,");
  CHECK(client.next() == "4/none,{\"message\":\"Invalid namespace\"}");
  client.enter("0/made,");
  CHECK(client.next() == "2/made,[\"in\"]");
  auto other = rig.connect();
  other.enter("0/made,");
  CHECK(other.next() == "2/made,[\"in\"]");
  CHECK(rig.journal.next() == "set up");
  CHECK(rig.journal.empty());
}

TEST_CASE("A middleware decides who enters", "[socketio]") {
  ServerRig rig;
  std::vector<std::jthread> threads;
  std::optional<Next> kept;
  rig.io.of("/").use([&](Socket& socket, Next next) {
    const std::string auth(socket.handshake().auth());
    if (auth == "{\"how\":\"now\"}") return next();
    if (auth == "{\"how\":\"no\"}") return next({"not you", "[1]"});
    if (auth == "{\"how\":\"throw\"}") throw std::runtime_error("of the test");
    if (auth == "{\"how\":\"twice\"}") {
      next();
      return next({"too late", {}});
    }
    if (auth == "{\"how\":\"later\"}") {
      threads.emplace_back([next] { next(); });
    } else if (auth == "{\"how\":\"never\"}") {
      kept = next;
    }
  });
  rig.io.of("/").use([&](Socket& socket, Next next) {
    socket.data<std::string>() = "second";
    next();
  });
  rig.io.onConnection([](Socket& socket) { socket.emit("in", socket.data<std::string>()); });
  rig.listen();
  auto client = rig.connect();
  SECTION("at once") { client.enter("0{\"how\":\"now\"}"); }
  SECTION("on another thread") { client.enter("0{\"how\":\"later\"}"); }
  SECTION("once") { client.enter("0{\"how\":\"twice\"}"); }
  SECTION("who is refused may try again") {
    client.send("0{\"how\":\"no\"}");
    CHECK(client.next() == "4{\"message\":\"not you\",\"data\":[1]}");
    client.enter("0{\"how\":\"now\"}");
  }
  SECTION("and what it throws is an internal error") {
    client.send("0{\"how\":\"throw\"}");
    CHECK(client.next() == "4{\"message\":\"Internal error\"}");
    CHECK(rig.errors.next() == "a handler has thrown: connection");
    client.enter("0{\"how\":\"now\"}");
  }
  SECTION("and one that decides nothing refuses") {
    client.send("0{\"how\":\"dropped\"}");
    CHECK(client.next() == "4{\"message\":\"Internal error\"}");
    client.enter("0{\"how\":\"now\"}");
  }
  SECTION("and has no say when the client is gone") {
    client.send("0{\"how\":\"never\"}");
    client.close();
    auto other = rig.connect();
    other.enter("0{\"how\":\"now\"}");
    CHECK(other.next() == "2[\"in\",\"second\"]");
    (*kept)();
    other.send("2[\"done?\"]");
    CHECK(other.next() == "2[\"done\"]");
    CHECK(rig.io.of("/").socketsCount() == 1);
    return;
  }
  CHECK(client.next() == "2[\"in\",\"second\"]");
}

TEST_CASE("Packets that do not fit end the connection of their client only", "[socketio]") {
  ServerRig rig;
  std::vector<std::string> left;
  rig.io.of("/").onDisconnect([&](Socket&, DisconnectReason reason, std::string_view) {
    rig.journal.add(std::string(toString(reason)));
  });
  rig.listen();
  auto bystander = rig.connect();
  bystander.enter();
  auto client = rig.connect();
  const auto isEnded = [&](const char* reason) {
    CHECK(client.next() == "closed");
    if (reason != nullptr) CHECK(rig.journal.next() == reason);
    bystander.send("2[\"done?\"]");
    CHECK(bystander.next() == "2[\"done\"]");
  };
  SECTION("an event before CONNECT") {
    client.send("2[\"done?\"]");
    isEnded(nullptr);
  }
  SECTION("what is no packet") {
    client.enter();
    client.send(GENERATE(as<std::string>{}, "2[\"done?\"", "9", "2[\"connect\"]", "x",
                         "2[\"a\",{bad]", "53-[\"a\"]x"));
    isEnded("forced close");
    CHECK(rig.errors.next() == "not a packet, or none for this state");
  }
  SECTION("an attachment that nobody announced") {
    client.enter();
    client.sendBytes("x");
    isEnded("forced close");
  }
  SECTION("a text where an attachment was to come") {
    client.enter();
    client.send("51-[\"a\",{\"_placeholder\":true,\"num\":0}]");
    client.send("2[\"done?\"]");
    isEnded("forced close");
  }
  SECTION("too many attachments") {
    client.enter();
    client.send("511-[\"a\"]");
    isEnded("forced close");
  }
  SECTION("JSON that is too deep") {
    client.enter();
    client.send("2[\"a\"," + std::string(100'000, '[') + std::string(100'000, ']') + "]");
    isEnded("forced close");
  }
}

TEST_CASE("Who asks for no namespace in time is disconnected", "[socketio]") {
  ServerOptions options;
  options.connectTimeout = 50ms;
  ServerRig rig(options);
  rig.listen();
  auto early = rig.connect();
  early.enter();
  auto client = rig.connect();
  CHECK(client.next() == "closed");
  early.send("2[\"done?\"]");
  CHECK(early.next() == "2[\"done\"]");
}

TEST_CASE("Clients of protocol 3 are in the main namespace at once", "[socketio]") {
  ServerOptions options;
  options.engine.allowEIO3 = true;
  ServerRig rig(options);
  rig.io.onConnection([](Socket& socket) { socket.emit("in", socket.protocol(), socket.id()); });
  rig.io.of("/admin").onConnection([](Socket& socket) { socket.emit("in", socket.id()); });
  rig.io.of("/admin").use([](Socket& socket, Next next) {
    socket.handshake().auth() == "{\"token\":\"1\"}" ? next() : next({"no", "\"data\""});
  });
  rig.listen();
  auto client = rig.connect(3);
  CHECK(client.next() == "0");
  const auto sid = client.sid();
  CHECK(client.next() == "2[\"in\",3,\"" + sid + "\"]");
  client.send("0/admin?token=2");
  CHECK(client.next() == "4/admin,\"data\"");
  client.send("0/admin?token=1,");
  CHECK(client.next() == "0/admin,");
  CHECK(client.next() == "2/admin,[\"in\",\"/admin#" + sid + "\"]");
}
