// docs/cpp.md: events, their arguments, acknowledgements, types of the application. The blocks of
// the page stand here as they are (test/scripts/repository/cpp-docs.test.js compares them).
#include <beastio/json/nlohmann.hpp>
#include <iostream>
#include <thread>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

struct Move {
  std::string piece;
  std::array<int, 2> to;
  std::optional<std::string> comment;
};

template <>
struct beastio::socketio::Codec<Move>
    : Members<Move, Member<"piece", &Move::piece>, Member<"to", &Move::to>,
              OptionalMember<"comment", &Move::comment>> {};

enum class Side : std::uint8_t { kWhite, kBlack };

template <>
struct beastio::socketio::Codec<Side> {
  static void write(Side side, Writer& writer) {
    writer.string(side == Side::kWhite ? "white" : "black");
  }
  static bool read(const Argument& argument, Side& side) {
    std::string text;
    if (!readString(argument.json, text)) return false;
    side = text == "white" ? Side::kWhite : Side::kBlack;
    return text == "white" || text == "black";
  }
};

TEST_CASE("docs/cpp.md: typed arguments", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;

  io.on("draw", [](Socket& socket, double x, double y, std::optional<std::string> color) {
    socket.broadcast().emit("drawn", x, y, color.value_or("black"));
  });

  io.on("log", [](const std::vector<std::string>& lines) {
    for (const auto& line : lines) std::clog << line << "\n";
  });

  io.on("relay", [](Socket& socket, const Args& args) { socket.broadcast().emit("relay", args); });

  rig.listen();
  auto ada = rig.connect();
  auto grace = rig.connect();
  ada.enter();
  grace.enter();
  ada.send("2[\"draw\",1,2.5]");
  CHECK(grace.next() == "2[\"drawn\",1,2.5,\"black\"]");
  ada.send("2[\"draw\",1,2,\"red\"]");
  CHECK(grace.next() == "2[\"drawn\",1,2,\"red\"]");
  ada.send("51-[\"relay\",{\"a\":{\"_placeholder\":true,\"num\":0}},null]");
  ada.sendBytes("xyz");
  CHECK(grace.next() == "51-[\"relay\",{\"a\":{\"_placeholder\":true,\"num\":0}},null]");
  CHECK(grace.next() == "bytes:xyz");
  ada.send("2[\"log\",[]]");
  ada.send("2[\"draw\",\"1\",2]");
  CHECK(rig.errors.next() == "the arguments are not what the handler takes: draw");
}

TEST_CASE("docs/cpp.md: bytes", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;

  io.on("avatar", [](Socket& socket, Binary image) {
    socket.broadcast().emit("avatar", socket.id(), image);
  });

  io.on("checksum", [](const std::vector<std::byte>& bytes, Ack ack) {
    unsigned sum = 0;
    for (const auto byte : bytes) sum += std::to_integer<unsigned>(byte);
    ack(sum);
  });

  rig.listen();
  auto ada = rig.connect();
  auto grace = rig.connect();
  const auto id = ada.enter();
  grace.enter();
  ada.send("51-[\"avatar\",{\"_placeholder\":true,\"num\":0}]");
  ada.sendBytes("png");
  CHECK(grace.next() == "51-[\"avatar\",\"" + id + "\",{\"_placeholder\":true,\"num\":0}]");
  CHECK(grace.next() == "bytes:png");
  ada.send("51-7[\"checksum\",{\"_placeholder\":true,\"num\":0}]");
  ada.sendBytes("\x01\x02");
  CHECK(ada.next() == "37[3]");
}

TEST_CASE("docs/cpp.md: types of the application", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;

  io.on("move", [](Socket& socket, const Move& move, Side side) {
    if (move.to[0] > 8) return socket.disconnect();
    socket.broadcast().emit("moved", move, side);
  });

  io.on("settings", [](Socket& socket, nlohmann::json settings) {
    settings["by"] = socket.id();
    socket.broadcast().emit("settings", settings);
  });

  rig.listen();
  auto ada = rig.connect();
  auto grace = rig.connect();
  const auto id = ada.enter();
  grace.enter();
  ada.send("2[\"settings\",{\"a\":[1.5,{}]}]");
  CHECK(grace.next() == "2[\"settings\",{\"a\":[1.5,{}],\"by\":\"" + id + "\"}]");
  ada.send("2[\"move\",{\"piece\":\"king\",\"to\":[1,2],\"more\":0},\"white\"]");
  CHECK(grace.next() == "2[\"moved\",{\"piece\":\"king\",\"to\":[1,2]},\"white\"]");
  ada.send("2[\"move\",{\"piece\":\"king\",\"to\":[1,2],\"comment\":\"!\"},\"black\"]");
  CHECK(grace.next() ==
        "2[\"moved\",{\"piece\":\"king\",\"to\":[1,2],\"comment\":\"!\"},\"black\"]");
  ada.send("2[\"move\",{\"piece\":\"king\",\"to\":[1,2]},\"green\"]");
  CHECK(rig.errors.next() == "the arguments are not what the handler takes: move");
  ada.send("2[\"move\",{\"piece\":\"king\",\"to\":[9,2]},\"white\"]");
  CHECK(ada.next() == "1");
}

TEST_CASE("docs/cpp.md: clients ask", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;
  std::jthread worker;

  io.on("add", [](int a, int b, Ack ack) { ack(a + b); });

  io.on("report", [&worker](const std::string& name, Ack ack) {
    worker = std::jthread([name, ack = std::move(ack)] { ack("the report of " + name); });
  });

  rig.listen();
  auto client = rig.connect();
  client.enter();
  client.send("20[\"add\",2,3]");
  CHECK(client.next() == "30[5]");
  client.send("21[\"report\",\"Ada\"]");
  CHECK(client.next() == "31[\"the report of Ada\"]");
}

TEST_CASE("docs/cpp.md: the server asks", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;

  io.onConnection([](Socket& socket) {
    socket.timeout(5s).emitWithAck<std::string>("name?").then(
        [ref = socket.ref()](const Result<std::string>& name) {
          if (name) ref.emit("welcome", *name);
          if (name.error() == Errc::kTimeout) ref.disconnect();
        });
  });

  rig.listen();
  auto client = rig.connect();
  client.enter();
  CHECK(client.next() == "20[\"name?\"]");
  client.send(
      "3"
      "0[\"Ada\"]");
  CHECK(client.next() == "2[\"welcome\",\"Ada\"]");
  const auto ada = rig.io.of("/").all().fetchSockets().get()->front().ref;

  const auto asking = [&] {
    const Result<int> age = ada.emitWithAck<int>("age?").get();
    if (!age) throw std::system_error(age.error(), "age?");
    return *age;
  };

  int answered = 0;
  {
    const std::jthread other([&] { answered = asking(); });
    CHECK(client.next() == "21[\"age?\"]");
    client.send(
        "3"
        "1[36]");
  }
  CHECK(answered == 36);

  io.to("jury")
      .timeout(2s)
      .emitWithAck<int>("points?", "Ada")
      .then([&io](const Result<Answers<int>>& answers) {
        int sum = 0;
        for (const int points : answers->values) sum += points;
        io.emit("points", sum, answers->values.size() == answers->expected);
      });

  CHECK(client.next() == "2[\"points\",0,true]");
}
