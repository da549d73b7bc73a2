// Namespaces: who may enter, what is said of them, and how they leave.
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "application.hpp"
#include "report.hpp"

namespace beastio::test {

using namespace beastio::socketio;

namespace {

/// A member of what the client has given as `auth`, if that is a string.
std::string authOf(const Socket& socket, std::string_view key) {
  std::string value;
  const auto json = ObjectReader::find(socket.handshake().auth(), key);
  if (!json || !readString(*json, value)) value.clear();
  return value;
}

/// Those of a socket but its own.
std::string listOf(const Socket& socket) {
  std::string text;
  for (const auto room : sorted(socket.rooms())) {
    if (room != socket.id()) text.append(text.empty() ? "" : ",").append(room);
  }
  return text;
}

/// By `auth.how`: lets in, refuses with and without data, now or from another thread.
void guard(Socket& socket, const Next& next) {
  const auto how = authOf(socket, "how");
  if (how == "refuse") return next(ConnectError{"no", {}});
  if (how == "refuse with data") return next(ConnectError{"nö", R"({"code":[1,"x"]})"});
  if (how == "late") {
    return std::thread([next] {
             std::this_thread::sleep_for(std::chrono::milliseconds(20));
             next();
           })
        .detach();
  }
  if (how == "refuse late") {
    return std::thread([next] { next(ConnectError{"too late", {}}); }).detach();
  }
  next();
}

void serveGuarded(Server& io) {
  auto& guarded = io.of("/guarded");
  watch(guarded);
  guarded.use([](Socket& socket, const Next& next) {
    tell("first middleware: " + std::string(socket.isConnected() ? "connected" : "not yet"));
    guard(socket, next);
  });
  guarded.use([](Socket& socket, const Next& next) {
    tell("second middleware");
    socket.join("joined before");
    socket.data<std::string>() = "of the middleware";
    next();
  });
  guarded.on("who am I", [](Socket& socket, const Ack& ack) {
    ack(socket.data<std::string>(), sorted(socket.rooms()));
  });
}

// What only C++ promises: an answer to everybody.
void serveFaulty(Server& io) {
  io.of("/thrown").use([](Socket& /*socket*/, const Next& /*next*/) {
    throw std::runtime_error("of a middleware");
  });
  io.of("/undecided").use([](Socket& /*socket*/, const Next& /*next*/) {});
  io.of("/twice").use([](Socket& /*socket*/, const Next& next) {
    next();
    next(ConnectError{"changed my mind", {}});
  });
}

void serveDynamic(Server& io) {
  io.ofMatching([](std::string_view name,
                   const Handshake& /*handshake*/) { return name.starts_with("/dynamic-"); },
                [](Namespace& nsp) {
                  tell("made " + std::string(nsp.name()));
                  watch(nsp);
                  nsp.on("where", [](Socket& socket, const Ack& ack) { ack(socket.nsp().name()); });
                  nsp.on("all", [](Socket& socket, const std::string& text) {
                    socket.nsp().emit("all", text);
                  });
                });
  io.ofMatching(
      [](std::string_view name, const Handshake& handshake) {
        return name == "/asked-for" && ObjectReader::find(handshake.auth(), "please").has_value();
      },
      [](Namespace& nsp) { watch(nsp); });
}

}  // namespace

void watch(Namespace& nsp) {
  nsp.onConnection([](Socket& socket) {
    tell(std::string(socket.nsp().name()) + " connection");
    socket.emit("welcome", socket.nsp().name());
  });
  nsp.onDisconnecting([](Socket& socket, DisconnectReason reason) {
    tell(std::string(socket.nsp().name()) + " disconnecting: " + std::string(toString(reason)) +
         ", in " + std::to_string(socket.rooms().size()) + " rooms: " + listOf(socket));
  });
  nsp.onDisconnect([](Socket& socket, DisconnectReason reason, std::string_view /*description*/) {
    tell(std::string(socket.nsp().name()) + " disconnect: " + std::string(toString(reason)) +
         ", in " + std::to_string(socket.rooms().size()) + " rooms" +
         (socket.isConnected() ? ", connected" : ""));
  });
}

void serveNamespaces(Server& io) {
  auto& watched = io.of("/watched");
  watch(watched);
  watched.on("join", [](Socket& socket, const std::string& room, const Ack& ack) {
    socket.join(room);
    ack();
  });
  watched.onAny([](Socket& /*socket*/, std::string_view event, const Args& args) {
    tell("any: " + std::string(event) + " " + std::string(args.json()));
  });
  watched.on("leave me", [](Socket& socket, bool close) {
    socket.disconnect(close);
    // What comes behind it does nothing.
    socket.emit("too late");
    socket.join("too late");
  });
  watched.on("handshake", [](Socket& socket, const Ack& ack) {
    const auto& handshake = socket.handshake();
    const auto url = handshake.url();
    ack(handshake.header("X-Test"), handshake.query("token"), handshake.address(),
        handshake.isSecure(), url.substr(0, url.find('?')), RawJson::trusted(handshake.auth()));
  });
  io.on("leave me", [](Socket& socket, bool close) { socket.disconnect(close); });
  io.of("no-slash").on("where", [](Socket& socket, const Ack& ack) { ack(socket.nsp().name()); });
  serveGuarded(io);
  serveFaulty(io);
  serveDynamic(io);
}

}  // namespace beastio::test
