// docs/cpp.md: sockets as values, rooms, namespaces, who may enter. The blocks of the page stand
// here as they are (test/scripts/repository/cpp-docs.test.js compares them).
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

struct Player {
  std::string name;
  int score = 0;
};

namespace {

/// Looks tokens up on a thread of its own.
class Database {
 public:
  void find(const std::string& token, std::function<void(bool isKnown)> found) {
    thread_ = std::jthread([token, found = std::move(found)] { found(token == "known"); });
  }

 private:
  std::jthread thread_;
};

}  // namespace

struct Credentials {
  std::string user;
  std::string token;
};

template <>
struct beastio::socketio::Codec<Credentials>
    : Members<Credentials, Member<"user", &Credentials::user>,
              Member<"token", &Credentials::token>> {};

TEST_CASE("docs/cpp.md: sockets as values", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;

  std::mutex mutex;
  std::map<std::string, SocketRef> players;

  io.on("name", [&](Socket& socket, const std::string& name) {
    const std::lock_guard lock(mutex);
    players[name] = socket.ref();
  });

  io.on("score", [](Socket& socket, int points, Ack ack) {
    auto& player = socket.data<Player>();
    player.score += points;
    ack(player.score);
  });

  rig.listen();
  auto client = rig.connect();
  client.enter();
  client.send("2[\"name\",\"Ada\"]");
  client.send("20[\"score\",3]");
  CHECK(client.next() == "30[3]");

  const auto whisper = [&] {
    const std::lock_guard lock(mutex);
    const SocketRef ada = players.at("Ada");
    ada.emit("whisper", "only for you");
    ada.join("team");
    ada.post([](Socket& socket) { socket.data<Player>().score = 0; });
  };

  whisper();
  CHECK(client.next() == "2[\"whisper\",\"only for you\"]");
  client.send("21[\"score\",1]");
  CHECK(client.next() == "31[1]");
  client.close();
  CHECK(players.at("Ada").emit("late") == std::error_code());
}

TEST_CASE("docs/cpp.md: rooms", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;

  io.on("join", [](Socket& socket, const std::string& room, Ack ack) {
    const auto error = socket.join(room);
    if (!error) socket.to(room).emit("joined", socket.id());
    ack(!error);
  });

  const auto announce = [&io](std::string_view id) {
    io.emit("news", "for everybody");
    io.to("a").to("b").emit("news", "for two rooms");
    io.of("/").except("muted").emit("news", "but not for these");
    io.to(id).emit("news", "for one client");
  };

  rig.listen();
  auto ada = rig.connect();
  auto grace = rig.connect();
  const auto id = ada.enter();
  grace.enter();
  ada.send("20[\"join\",\"a\"]");
  CHECK(ada.next() == "30[true]");
  grace.send("20[\"join\",\"a\"]");
  CHECK(grace.next() == "30[true]");
  CHECK(ada.next().starts_with("2[\"joined\","));
  announce(id);
  for (auto* client : {&ada, &grace}) {
    CHECK(client->next() == "2[\"news\",\"for everybody\"]");
    CHECK(client->next() == "2[\"news\",\"for two rooms\"]");
    CHECK(client->next() == "2[\"news\",\"but not for these\"]");
  }
  CHECK(ada.next() == "2[\"news\",\"for one client\"]");

  io.to("a").socketsJoin("b");
  io.to("a").fetchSockets().then([](const Result<std::vector<RemoteSocket>>& sockets) {
    for (const auto& socket : *sockets) socket.ref.emit("rooms", socket.rooms);
  });
  io.to("b").disconnectSockets();

  for (auto* client : {&ada, &grace}) {
    CHECK(client->next().starts_with("2[\"rooms\",["));
    CHECK(client->next() == "1");
  }
}

TEST_CASE("docs/cpp.md: a room by number", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;

  auto& game = io.of("/game");
  game.onConnection([](Socket& socket) { socket.join("arena"); });
  const BroadcastOperator arena = game.all().to(game.room("arena")).volatile_();

  rig.listen();
  auto client = rig.connect();
  client.enter("0/game,");
  client.send("0");
  CHECK(client.next().starts_with("0{"));

  for (int tick = 0; tick < 3; ++tick) arena.emit("tick", tick);

  for (int tick = 0; tick < 3; ++tick) {
    CHECK(client.next() == "2/game,[\"tick\"," + std::to_string(tick) + "]");
  }
}

TEST_CASE("docs/cpp.md: namespaces that clients cause", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;

  io.ofMatching([](std::string_view name, const Handshake&) { return name.starts_with("/team/"); },
                [](Namespace& team) {
                  team.on("say", [&team](const std::string& text) { team.emit("said", text); });
                });

  rig.listen();
  auto client = rig.connect();
  client.enter("0/team/red,");
  client.send("2/team/red,[\"say\",\"hi\"]");
  CHECK(client.next() == "2/team/red,[\"said\",\"hi\"]");
}

TEST_CASE("docs/cpp.md: who may enter", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;
  Database database;

  io.of("/").use([](Socket& socket, Next next) {
    const auto credentials = socket.handshake().authAs<Credentials>();
    if (!credentials) return next({.message = "who are you?"});
    socket.data<Player>().name = credentials->user;
    next();
  });

  io.of("/").use([&database](Socket& socket, Next next) {
    const auto credentials = socket.handshake().authAs<Credentials>();
    database.find(credentials->token, [next](bool isKnown) {
      if (isKnown) return next();
      next({.message = "not allowed", .dataJson = R"({"retry":false})"});
    });
  });

  io.onConnection([](Socket& socket) { socket.emit("hello", socket.data<Player>().name); });

  rig.listen();
  auto client = rig.connect();
  client.send("0");
  CHECK(client.next() == "4{\"message\":\"who are you?\"}");
  client.send("0{\"user\":\"Ada\",\"token\":\"guessed\"}");
  CHECK(client.next() == "4{\"message\":\"not allowed\",\"data\":{\"retry\":false}}");
  client.enter("0{\"user\":\"Ada\",\"token\":\"known\"}");
  CHECK(client.next() == "2[\"hello\",\"Ada\"]");
}

TEST_CASE("docs/cpp.md: who leaves, and all events", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;
  std::ostringstream log;

  io.of("/").onDisconnecting([](Socket& socket, DisconnectReason) {
    for (const auto room : socket.rooms()) socket.to(room).emit("left", socket.id());
  });
  io.of("/").onDisconnect([&log](Socket& socket, DisconnectReason reason, std::string_view) {
    log << socket.id() << " has left: " << toString(reason) << "\n";
  });
  io.of("/").onAny([&log](Socket&, std::string_view event, const Args& args) {
    log << event << " " << args.json() << "\n";
  });

  rig.io.on("join", [](Socket& socket) { socket.join("room"); });
  rig.listen();
  auto ada = rig.connect();
  auto grace = rig.connect();
  const auto id = ada.enter();
  grace.enter();
  for (auto* client : {&ada, &grace}) {
    client->send("2[\"join\",1]");
    client->send("2[\"done?\"]");
    CHECK(client->next() == "2[\"done\"]");
  }
  ada.send("1");
  CHECK(grace.next() == "2[\"left\",\"" + id + "\"]");
  grace.send("2[\"done?\"]");
  CHECK(grace.next() == "2[\"done\"]");
  rig.io.close();
  CHECK(log.str().find(id + " has left: client namespace disconnect\n") != std::string::npos);
  CHECK(log.str().starts_with("join 1\n"));
}
