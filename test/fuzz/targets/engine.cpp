// A whole engine under the bytes of its clients: connections that are cut anywhere and end in any
// way. Meanwhile others are served, and in the end nothing is left.
#include <string>

#include "engine/engine-rig.hpp"
#include "fuzz/support/dice.hpp"
#include "fuzz/support/target.hpp"

namespace beastio::fuzz {
namespace {

namespace frames = protocol::test;

/// After so many connections a healthy one is tried, and after so many more the engine ends.
constexpr std::size_t kInputsBetween = 25;
constexpr std::size_t kInputsPerEngine = 200;
/// Stands in inputs for the sid of a session that is open; as long as one.
constexpr std::string_view kSid = "SID_of_a_session____";

EngineOptions options() {
  EngineOptions options;
  options.ioThreads = 2;
  options.allowEIO3 = true;
  options.perMessageDeflate.emplace();
  options.port.compressionThreshold = 0;
  options.maxHttpBufferSize = 10'000;
  options.initialPacket = "welcome";
  return options;
}

class World {
 public:
  World() {
    rig_.listen();
    rig_.handler.countMessages();
  }

  /// Returns whether it is used up.
  bool take(std::string_view input) {
    if (inputs_ % kInputsBetween == 0) checkServing();
    send(withSid(input), Dice(input));
    return ++inputs_ == kInputsPerEngine;
  }

  void checkAtEnd() {
    checkServing();
    auto last = rig_.connect();  // a port without connections would not tell that it is idle
    promise(!rig_.openPolling(last).empty(), "a session opens");
    rig_.engine->closePort();
    rig_.engine->closeAll();
    rig_.engine->closeConnections(false);
    promise(rig_.handler.awaitLine("port idle"), "the port is idle");
    promise(rig_.engine->connections() == 0, "no connection is left");
    promise(rig_.handler.awaitAllClosed(), "no session is left");
  }

 private:
  /// A client that behaves, with a socket of its own, is served on time.
  void checkServing() {
    auto peer = rig_.connect();
    promise(!rig_.openWebSocket(peer).empty(), "a WebSocket opens");
    const auto before = rig_.handler.messages();
    peer.send(frames::ping("still there?") + frames::text("4hello"));
    promise(peer.readThrough("\x8A\x0Cstill there?").ends_with('?'), "a ping is answered");
    promise(rig_.handler.awaitMessages(before + 1), "a message arrives");
    auto polling = rig_.connect();
    sid_ = rig_.openPolling(polling);
    promise(sid_.size() == kSid.size(), "a session opens");
  }

  std::string withSid(std::string_view input) const {
    std::string bytes(input);
    for (auto at = bytes.find(kSid); at != std::string::npos; at = bytes.find(kSid, at)) {
      bytes.replace(at, kSid.size(), sid_);
    }
    return bytes;
  }

  void send(std::string_view bytes, Dice dice) {
    auto peer = rig_.connect();
    for (const auto part : dice.cut(bytes)) {
      if (!peer.send(part)) break;
    }
    switch (dice.below(4)) {
      case 0:
        peer.reset();
        break;
      case 1:
        peer.shutdownWrite();
        peer.readAll();
        promise(peer.ended(), "a connection ends with its client");
        break;
      case 2:
        peer.available();
        break;
      default:
        break;
    }
  }

  engine::test::EngineRig rig_{options()};
  std::string sid_{};
  std::size_t inputs_ = 0;
};

const Registration kRegistration({"engine", &runInWorld<World>, 600});

}  // namespace
}  // namespace beastio::fuzz
