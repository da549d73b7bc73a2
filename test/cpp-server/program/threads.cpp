// Handlers in the pool and in an inbox, and what they send from there.
#include <stdexcept>
#include <string>
#include <utility>

#include "application.hpp"

namespace beastio::test {

using namespace beastio::socketio;

namespace {

/// The same handlers in the pool, or in an inbox.
template <class... Where>
void serveAt(Server& io, const std::string& place, Where&&... where) {
  io.on(
      "echo in " + place,
      [](SocketRef socket, const Args& args, const Ack& ack) {
        ack.isWanted() ? ack(args) : socket.emit("echo", args);
      },
      where...);
  io.on(
      "count in " + place, [](SocketRef socket, int number) { socket.emit("number", number); },
      where...);
  io.on(
      "join in " + place,
      [](SocketRef socket, const std::string& room, const Ack& ack) {
        socket.join(room);
        socket.to(room).emit("said", "somebody joins");
        ack();
      },
      where...);
  io.on(
      "throw in " + place,
      [](SocketRef /*socket*/) { throw std::runtime_error("far from its thread"); }, where...);
  io.on(
      "leave in " + place,
      [](SocketRef socket) {
        socket.emit("number", -1);
        socket.disconnect();
      },
      where...);
  io.on(
      "ask in " + place,
      [](SocketRef socket, const Ack& ack) {
        socket.emitWithAck<std::string>("question", "from afar")
            .then(
                [ack](const Result<std::string>& answer) { ack(answer ? *answer : "no answer"); });
      },
      where...);
  io.on(
      "wait in " + place,
      [](SocketRef socket, const Ack& ack) {
        const auto answer = socket.emitWithAck<std::string>("question", "waiting").get();
        ack(answer ? *answer : "no answer");
      },
      where...);
  io.on(
      "gather in " + place,
      [&io](SocketRef socket, int count) {
        Outbox outbox(io);
        for (int i = 0; i < count; ++i) socket.emitThrough(outbox, "number", i);
        io.of("/").all().emitThrough(outbox, "said", "gathered");
        outbox.flush();
      },
      where...);
  io.on(
      "visit from " + place,
      [](SocketRef socket, const Ack& ack) {
        socket.post([ack](Socket& here) { ack(here.id(), here.rooms().size()); });
      },
      where...);
}

}  // namespace

void serveThreads(Server& io, Inbox& inbox) {
  serveAt(io, "the pool", InPool{});
  serveAt(io, "the inbox", inbox);
}

}  // namespace beastio::test
