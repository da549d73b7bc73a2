// Rooms, broadcasts, and what is done to many sockets at once.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "application.hpp"
#include "report.hpp"

namespace beastio::test {
namespace {

/// Whom a broadcast is for, and how it is sent.
struct Choice {
  std::optional<std::string> from{};  ///< "namespace": the sender gets it too
  std::optional<std::vector<std::string>> to{};
  std::optional<std::vector<std::string>> except{};
  std::optional<bool> isVolatile{};
  std::optional<bool> compress{};
};

}  // namespace
}  // namespace beastio::test

template <>
struct beastio::socketio::Codec<beastio::test::Choice>
    : Members<beastio::test::Choice, Member<"from", &beastio::test::Choice::from>,
              Member<"to", &beastio::test::Choice::to>,
              Member<"except", &beastio::test::Choice::except>,
              Member<"isVolatile", &beastio::test::Choice::isVolatile>,
              Member<"compress", &beastio::test::Choice::compress>> {};

namespace beastio::test {

using namespace beastio::socketio;

namespace {

BroadcastOperator chosen(Socket& socket, const Choice& choice) {
  auto audience = choice.from == "namespace" ? socket.nsp().all() : socket.broadcast();
  for (const auto& room : choice.to.value_or(std::vector<std::string>())) {
    audience = audience.to(room);
  }
  for (const auto& room : choice.except.value_or(std::vector<std::string>())) {
    audience = audience.except(room);
  }
  if (choice.isVolatile) audience = audience.volatile_();
  if (choice.compress) audience = audience.compress(*choice.compress);
  return audience;
}

using Member = std::tuple<std::string, std::vector<std::string>>;

/// Ids and rooms, in the order of the ids.
std::vector<Member> membersOf(const std::vector<RemoteSocket>& sockets) {
  std::vector<Member> members;
  for (const auto& socket : sockets) {
    members.emplace_back(socket.id, socket.rooms);
    auto& rooms = std::get<1>(members.back());
    std::sort(rooms.begin(), rooms.end());
  }
  std::sort(members.begin(), members.end());
  return members;
}

void serveMany(Server& io) {
  io.on("who", [](Socket& socket, const Choice& choice, const Ack& ack) {
    chosen(socket, choice).fetchSockets().then([ack](Result<std::vector<RemoteSocket>> sockets) {
      ack(membersOf(*sockets));
    });
  });
  io.on("all join", [](Socket& socket, const Choice& choice, const std::string& room) {
    chosen(socket, choice).socketsJoin(room);
  });
  io.on("all leave", [](Socket& socket, const Choice& choice, const std::string& room) {
    chosen(socket, choice).socketsLeave(room);
  });
  io.on("all out", [](Socket& socket, const Choice& choice, bool close) {
    chosen(socket, choice).disconnectSockets(close);
  });
  io.on("goodbye", [](Socket& socket, const Choice& choice, bool isMoved) {
    const auto all = chosen(socket, choice);
    if (isMoved) all.socketsJoin("last");
    (isMoved ? all.to("last") : all).emit("said", "goodbye");
    if (isMoved) all.socketsLeave("last");
    all.disconnectSockets();
  });
  io.on("size", [](Socket& socket, const Ack& ack) { ack(socket.nsp().socketsCount()); });
}

}  // namespace

std::vector<std::string_view> sorted(std::vector<std::string_view> rooms) {
  std::sort(rooms.begin(), rooms.end());
  return rooms;
}

void serveRooms(Server& io) {
  io.on("join", [](Socket& socket, const std::string& room, const Ack& ack) {
    socket.join(room);
    ack(sorted(socket.rooms()));
  });
  io.on("leave", [](Socket& socket, const std::string& room, const Ack& ack) {
    socket.leave(room);
    ack(sorted(socket.rooms()));
  });
  io.on("join many", [](Socket& socket, int count, const Ack& ack) {
    for (int i = 0; i < count; ++i) socket.join("room " + std::to_string(i));
    ack(socket.rooms().size());
  });
  io.on("say", [](Socket& socket, const Choice& choice, const Argument& what) {
    chosen(socket, choice).emit("said", what);
  });
  io.on("relay", [](Socket& socket, const Args& args) { socket.broadcast().emit("relay", args); });
  io.on("say by number", [](Socket& socket, const std::string& room, const std::string& text) {
    auto& nsp = socket.nsp();
    nsp.all().to(nsp.room(room)).emit("said", text);
  });
  serveMany(io);
}

}  // namespace beastio::test
