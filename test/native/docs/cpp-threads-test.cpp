// docs/cpp.md: where handlers run, other threads, timers. The blocks of the page stand here as they
// are (test/scripts/repository/cpp-docs.test.js compares them).
#include <atomic>
#include <map>
#include <thread>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

namespace {

/// A game, which has no locks.
class World {
 public:
  void move(SocketRef player, double x, double y) { places_[player] = {x, y}; }
  std::vector<std::pair<double, double>> places() const {
    std::vector<std::pair<double, double>> places;
    for (const auto& [player, place] : places_) places.push_back(place);
    return places;
  }
  const std::map<SocketRef, std::pair<double, double>>& views() const { return places_; }

 private:
  std::map<SocketRef, std::pair<double, double>> places_;
};

std::string reversed(const std::string& text) { return {text.rbegin(), text.rend()}; }

}  // namespace

TEST_CASE("docs/cpp.md: where handlers run", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;

  const auto slow = [](SocketRef socket, const std::string& text, Ack ack) {
    socket.emit("working");
    ack(reversed(text));  // this may take its time
  };
  io.on("reverse", slow, InPool{});

  rig.listen();
  auto client = rig.connect();
  client.enter();
  client.send("20[\"reverse\",\"abc\"]");
  CHECK(client.next() == "2[\"working\"]");
  CHECK(client.next() == "30[\"cba\"]");
}

TEST_CASE("docs/cpp.md: a loop of the application", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;
  World world;

  Inbox inbox;
  const auto move = [&world](SocketRef player, double x, double y) { world.move(player, x, y); };
  io.on("move", move, inbox);

  std::jthread game([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      inbox.waitFor(16ms);
      inbox.drain();
      io.to("arena").volatile_().emit("places", world.places());
    }
  });

  io.onConnection([](Socket& socket) { socket.join("arena"); });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  client.send("2[\"move\",1,2]");
  std::string packet;
  do {
    packet = client.next();
  } while (packet == "2[\"places\",[]]");
  CHECK(packet == "2[\"places\",[[1,2]]]");
  game.request_stop();
  game.join();

  Outbox outbox(io);
  for (const auto& [player, view] : world.views()) player.emitThrough(outbox, "view", view);
  outbox.flush();

  do {
    packet = client.next();
  } while (packet == "2[\"places\",[[1,2]]]");
  CHECK(packet == "2[\"view\",[1,2]]");
}

TEST_CASE("docs/cpp.md: timers and tasks", "[docs]") {
  ServerRig rig;
  auto& io = rig.io;
  rig.listen();
  auto client = rig.connect();
  client.enter();
  const auto player = io.of("/").all().fetchSockets().get()->front().ref;

  int seconds = 0;
  const auto clock = io.every(1ms, [&] { io.emit("time", ++seconds); });
  const auto goodbye = io.after(30s, [player] { player.disconnect(); });
  io.post(0, [&io, clock, goodbye] {
    io.cancel(clock);
    io.cancel(goodbye);
  });

  client.send("2[\"done?\"]");
  std::string packet;
  do {
    packet = client.next();
  } while (packet.starts_with("2[\"time\","));
  CHECK(packet == "2[\"done\"]");
  CHECK(io.of("/").socketsCount() == 1);
}
