// A whole engine under damaged requests and frames: connections that say almost the right thing,
// cut anywhere and ended in any way. Meanwhile others are served, and in the end nothing is left.
// How to run more of it: support/mutator.hpp.
#include <catch2/catch.hpp>
#include <string>

#include "engine/engine-rig.hpp"
#include "support/mutator.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;

namespace {

namespace frames = beastio::protocol::test;

constexpr std::size_t kRounds = 600;
/// After so many damaged connections a healthy one is tried.
constexpr std::size_t kRoundsBetween = 25;
/// Stands in the seeds for the sid of a session that is open; as long as one.
const std::string kSid = "SID_of_a_session____";

std::vector<std::string> seeds() {
  const auto webSocket = httpRequest("GET", "transport=websocket", kUpgradeLines);
  const std::string offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
  const auto fragment = frames::frame({.payload = "4he", .final = false}) +
                        frames::frame({.payload = "llo", .opcode = 0x0});
  auto chunked = postOf(kSid, "");
  chunked.replace(chunked.find("Content-Length: 0"), 17, "Transfer-Encoding: chunked");
  return {
      httpRequest("GET", "transport=polling"),
      httpRequest("GET", "transport=polling&j=3&b64=1") + pollOf(kSid) + postOf(kSid, "4a"),
      postOf(kSid,
             "4first\x1e"
             "bAQID\x1e"
             "2"),
      chunked + "3\r\n4ab\r\n0\r\n\r\n" + pollOf(kSid),
      httpRequest("POST", "transport=polling&sid=" + kSid, "Expect: 100-continue\r\n", "4body"),
      httpRequest("OPTIONS", "transport=polling", "Origin: http://x\r\n"),
      "GET /engine.io/?EIO=3&transport=polling HTTP/1.1\r\nHost: x\r\nAccept-Encoding: "
      "gzip\r\n\r\n",
      webSocket + frames::text("40") + frames::text("42[\"e\",1]") + frames::ping("p") +
          frames::close("\x03\xE8"),
      webSocket + fragment + frames::binary("\x01\x02") + frames::text("1"),
      httpRequest("GET", "transport=websocket", std::string(kUpgradeLines) + offer) +
          frames::frame({.payload = "\xf2\x48\xcd\xc9\xc9\x07", .rsv = 4}),
      httpRequest("GET", "transport=websocket&sid=" + kSid, kUpgradeLines) +
          frames::text("2probe") + frames::text("5") + frames::text("4a"),
      "GET /other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  };
}

void replaceAll(std::string& text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// A client that behaves, with a socket of its own, is served on time.
bool isServing(EngineRig& rig) {
  auto peer = rig.connect();
  if (rig.openWebSocket(peer).empty()) return false;
  const auto before = rig.handler.messages();
  peer.send(frames::ping("still there?") + frames::text("4hello"));
  return peer.readThrough("\x8A\x0Cstill there?").ends_with("?") &&
         rig.handler.awaitMessages(before + 1);
}

}  // namespace

TEST_CASE("Damaged connections disturb nobody and leave nothing", "[mutation]") {
  EngineOptions options;
  options.ioThreads = 2;
  options.allowEIO3 = true;
  options.perMessageDeflate.emplace();
  options.port.compressionThreshold = 0;
  options.maxHttpBufferSize = 10'000;
  options.initialPacket = "welcome";
  EngineRig rig(options);
  rig.listen();
  rig.handler.countMessages();

  Mutator mutator(seeds());
  const auto rounds = Mutator::rounds(kRounds);
  std::string sid;
  for (std::size_t round = 0; round < rounds; ++round) {
    if (round % kRoundsBetween == 0) {
      INFO("round " << round);
      REQUIRE(isServing(rig));
      auto peer = rig.connect();
      sid = rig.openPolling(peer);
      REQUIRE(sid.size() == kSid.size());
    }
    auto input = mutator.next();
    replaceAll(input, kSid, sid);
    auto peer = rig.connect();
    for (const auto part : mutator.cut(input)) {
      if (!peer.send(part)) break;
    }
    switch (mutator.below(4)) {
      case 0:
        peer.reset();
        break;
      case 1:
        peer.shutdownWrite();
        peer.readAll();
        CHECK(peer.ended());
        break;
      case 2:
        peer.available();
        peer.close();
        break;
      default:
        peer.close();
    }
  }
  REQUIRE(isServing(rig));

  auto last = rig.connect();  // a port without connections would not tell that it is idle
  REQUIRE_FALSE(rig.openPolling(last).empty());
  rig.engine->closePort();
  rig.engine->closeAll();
  rig.engine->closeConnections(false);
  CHECK(rig.handler.awaitLine("port idle"));
  CHECK(rig.engine->connections() == 0);
  CHECK(rig.handler.awaitAllClosed());
}
