// The whole engine on its own port, with clients on blocking sockets.
#include <mutex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "beastio/engine.hpp"
#include "engine/engine-rig.hpp"
#include "scripts.hpp"

namespace beastio::instructions {
namespace {

using engine::test::bodyOf;
using engine::test::httpRequest;
using engine::test::kUpgradeLines;
using engine::test::pollOf;
using engine::test::postOf;
using engine::test::sidIn;
using test::Peer;

constexpr std::string_view kMessage = "2[\"echo\",\"0000000700000001mmmmmmmmmmmmmmmm\"]";
constexpr int kRoundTrips = 50;
constexpr int kMembers = 100;
constexpr int kInRoom = 10;
constexpr RoomId kEveryone = 1;
constexpr RoomId kRoom = 2;

/// Sends back what comes, in one batch for each batch that comes; and notes who has opened.
/// Runs on: the I/O thread.
class EchoHandler final : public test::RecordingHandler {
 public:
  void useEngine(Engine& engine) { engine_ = &engine; }

  void onMessage(SessionId id, const Message& message) override {
    const Part part = batch_.addText(message.data);
    batch_.send(id, &part, 1, {});
  }
  bool onBatchEnd() override {
    if (!batch_.empty()) {
      engine_->submit(batch_);
      batch_ = Batch(1);
    }
    return RecordingHandler::onBatchEnd();
  }

 private:
  Engine* engine_ = nullptr;
  Batch batch_{1};
};

EngineOptions optionsOf() {
  EngineOptions options;
  options.parseSocketioHeader = true;
  // No timer comes due in the minutes that a run takes.
  options.pingInterval = std::chrono::hours(1);
  return options;
}

/// One engine with one I/O thread.
struct Server {
  EchoHandler handler;
  std::unique_ptr<Engine> engine =
      std::make_unique<Engine>(optionsOf(), [this](unsigned) -> EngineHandler& { return handler; });
  std::uint16_t port = 0;

  Server() {
    handler.useEngine(*engine);
    std::error_code error;
    const auto bound = engine->listen({.host = "127.0.0.1"}, error);
    if (!bound) throw std::system_error(error);
    port = bound->port;
  }

  /// A client that has received its open packet.
  Peer openWebSocket() const {
    Peer peer = Peer::connected(port, httpRequest("GET", "transport=websocket", kUpgradeLines));
    peer.readThrough("\r\n\r\n");
    peer.readThrough("}");
    return peer;
  }
  void close(Peer& peer) const {
    peer.send(protocol::test::close("\x03\xE8"));
    peer.readAll();
  }
};

/// What a client gets for a text message.
std::size_t frameBytes(std::string_view message) { return 2 + 1 + message.size(); }

}  // namespace

struct Echoes::Impl : Server {};

Echoes::Echoes() : impl_(std::make_shared<Impl>()) {}
Echoes::~Echoes() = default;

Script Echoes::webSocket(int inFlight) {
  std::string frames;
  for (int i = 0; i < inFlight; ++i) {
    frames.append(protocol::test::text("4" + std::string(kMessage)));
  }
  const std::size_t due = static_cast<std::size_t>(inFlight) * frameBytes(kMessage);
  return [peer = std::make_shared<Peer>(impl_->openWebSocket()), frames, due] {
    for (int i = 0; i < kRoundTrips; ++i) {
      peer->send(frames);
      peer->readExactly(due);
    }
  };
}

Script Echoes::polling() {
  const auto peer = std::make_shared<Peer>(Peer::connected(impl_->port));
  peer->send(httpRequest("GET", "transport=polling"));
  const std::string sid = sidIn(peer->readResponse());
  return [peer, poll = pollOf(sid), post = postOf(sid, "4" + std::string(kMessage))] {
    for (int i = 0; i < kRoundTrips; ++i) {
      peer->send(post);
      peer->readResponse();
      peer->send(poll);
      peer->readResponse();
    }
  };
}

Script Echoes::handshakes() {
  return [server = impl_] {
    for (int i = 0; i < kRoundTrips; ++i) {
      Peer peer = server->openWebSocket();
      server->close(peer);
    }
  };
}

struct FanOut::Impl : Server {
  std::vector<Peer> everyone;

  Impl() {
    Batch joins(1);
    for (int i = 0; i < kMembers; ++i) {
      everyone.push_back(openWebSocket());
      const SessionId id = handler.awaitOpened(static_cast<std::size_t>(i)).id;
      joins.join(id, kEveryone);
      if (i < kInRoom) joins.join(id, kRoom);
    }
    engine->submit(joins);
  }

  void broadcast(RoomId room, int members) {
    Batch batch(1);
    const Part part = batch.addText(kMessage);
    batch.broadcast({.rooms = {room}}, {part}, {});
    engine->submit(batch);
    for (int i = 0; i < members; ++i) {
      everyone[static_cast<std::size_t>(i)].readExactly(frameBytes(kMessage));
    }
  }
};

FanOut::FanOut() : impl_(std::make_shared<Impl>()) {}
FanOut::~FanOut() = default;

Script FanOut::toEveryone() {
  return [server = impl_] {
    for (int i = 0; i < kRoundTrips; ++i) server->broadcast(kEveryone, kMembers);
  };
}

Script FanOut::toRoom() {
  return [server = impl_] {
    for (int i = 0; i < kRoundTrips; ++i) server->broadcast(kRoom, kInRoom);
  };
}

}  // namespace beastio::instructions
