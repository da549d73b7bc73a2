// A Socket.IO server under the packets of one client: whatever it sends, handlers get JSON that is
// checked and attachments that are there. Nothing of it is left, and others are served.
//
// Each line of an input is a step of that client. It is a packet, or "b" and the bytes of an
// attachment. A "turn" ends a turn. A "v3" or "v4" begins a new connection of that protocol.
#include <atomic>
#include <beastio/socketio.hpp>
#include <future>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine-rig.hpp"
#include "fuzz/support/socketio.hpp"
#include "fuzz/support/target.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::fuzz {
namespace {

using namespace socketio;
namespace frames = protocol::test;

ServerOptions options() {
  auto options = tightOptions();
  options.maxNamespaces = 8;
  options.connectionStateRecovery.emplace().maxBytes = 4096;
  return options;
}

class World {
 public:
  World() : io_(options()) {
    io_.onError([this](const ErrorReport& report) {
      if (report.error == Errc::kHandlerFailed && report.what != "thrown") note("a handler failed");
    });
    serve(io_.of("/"));
    io_.ofMatching([](std::string_view name, const Handshake&) { return name.starts_with("/of"); },
                   [this](Namespace& nsp) { serve(nsp); });
    port_ = io_.listen(0, "127.0.0.1").port;
  }

  /// Returns whether it is used up.
  bool take(std::string_view input) {
    std::promise<void> done;
    io_.engine().post(0, [&] {
      live(input);
      done.set_value();
    });
    done.get_future().wait();
    check();
    return ++inputs_ == kInputsPerServer;
  }

  /// A client that behaves is served, and is the only one there.
  void checkAtEnd() {
    auto peer = beastio::test::Peer::connected(port_);
    peer.send("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n" +
              std::string(engine::test::kUpgradeLines) + "\r\n");
    peer.send(frames::text("40") + frames::text(R"(42["echo","still there?"])"));
    constexpr std::string_view kAnswer = R"(42["echo","still there?")";  // an offset follows
    promise(peer.readThrough(kAnswer).ends_with(kAnswer), "others are served");
    promise(io_.of("/").socketsCount() == 1, "nobody is left");
    peer.close();
    promise(io_.close(), "the server closes in time");
    check();
  }

 private:
  void note(const char* what) { broken_ = what; }
  void check() const {
    const char* const broken = broken_;
    promise(broken == nullptr, broken);
  }

  void checkArguments(const Args& args) {
    if (const char* const broken = brokenBy(args)) note(broken);
  }

  void serve(Namespace& nsp) {
    nsp.use([](Socket& socket, const Next& next) {
      const auto auth = socket.handshake().auth();
      auth.find("\"no\"") == auth.npos ? next() : next({.message = "no", .dataJson = "{}"});
    });
    nsp.onAny([this](Socket&, std::string_view, const Args& args) { checkArguments(args); });
    nsp.onConnection([](Socket& socket) { socket.emit("welcome", socket.id()); });
    nsp.onDisconnect([](Socket& socket, DisconnectReason, std::string_view) {
      socket.broadcast().emit("gone", socket.id());
    });
    serveValues(nsp);
    serveRooms(nsp);
  }

  void serveValues(Namespace& nsp) {
    nsp.on("echo", [](Socket& socket, const Args& args) { socket.emit("echo", args); });
    nsp.on("ack", [](const Args& args, const Ack& ack) { ack(args); });
    nsp.on("typed", [](Socket& socket, const std::string& text, double x, std::optional<bool> y,
                       const Ack& ack) { ack(socket.emit("typed", text, x, y) ? "gone" : text); });
    nsp.on("bytes", [](Socket& socket, Binary bytes) { socket.emit("bytes", bytes); });
    nsp.on(
        "pool",
        [this](SocketRef socket, const Args& args) {
          checkArguments(args);
          socket.emit("pool", args);
        },
        InPool{});
    nsp.on("ask", [](Socket& socket, const RawJson& value) {
      socket.emitWithAck<std::string>("ask", value).then([](const Result<std::string>&) {});
    });
    nsp.on("throw", [](Socket&) { throw std::runtime_error("thrown"); });
  }

  static void serveRooms(Namespace& nsp) {
    nsp.on("join", [](Socket& socket, const std::string& room) { socket.join(room); });
    nsp.on("leave", [](Socket& socket, const std::string& room) { socket.leave(room); });
    nsp.on("room", [&nsp](const std::string& room, const Args& args) {
      nsp.to(room).except("not").emit("room", args);
    });
    nsp.on("bye", [](Socket& socket, bool close) { socket.disconnect(close); });
  }

  /// Runs on: the I/O thread.
  void live(std::string_view input) {
    Shard& shard = *Shard::current();
    open(shard, 4);
    while (!input.empty()) {
      const auto line = input.substr(0, input.find('\n'));
      input.remove_prefix(std::min(line.size() + 1, input.size()));
      if (line == "turn") {
        shard.onBatchEnd();
      } else if (line == "v3" || line == "v4") {
        close(shard);
        open(shard, line == "v3" ? 3 : 4);
      } else if (line.starts_with('b')) {
        shard.onMessage(session_, {.binary = true, .data = line.substr(1)});
      } else {
        shard.onMessage(session_, {.data = line});
      }
    }
    close(shard);
  }

  void open(Shard& shard, std::uint8_t protocol) {
    session_ = {.place = kSlot, .generation = session_.generation + 1};
    shard.onOpen({.id = session_, .sid = "sid", .protocol = protocol});
  }

  void close(Shard& shard) {
    shard.onClose(session_, CloseReason::kTransportClose, {});
    shard.onBatchEnd();
  }

  std::atomic<const char*> broken_ = nullptr;
  Server io_;
  std::uint16_t port_ = 0;
  SessionId session_{};  // of the I/O thread
  std::size_t inputs_ = 0;
};

const Registration kRegistration({"socketio-server", &runInWorld<World>});

}  // namespace
}  // namespace beastio::fuzz
