// What a WebSocketConnection does with a peer that takes less than it is sent.
#include <catch2/catch.hpp>

#include "protocol/websocket/frame-builder.hpp"
#include "support/server-frame.hpp"
#include "transport/channel/websocket-rig.hpp"

using namespace beastio;
using namespace beastio::test;
using namespace beastio::transport;
using namespace std::chrono_literals;
namespace frames = beastio::protocol::test;
using session::test::Log;
using transport::test::kAnswer;
using Rig = transport::test::WebSocketRig;

TEST_CASE("The last packet for many leaves at once where nothing waits before it", "[websocket]") {
  Rig rig;
  rig.open();
  rig.sendToMany("for many", false);
  CHECK(rig.stream->written.empty());
  rig.endBatch();
  CHECK(rig.stream->written == serverText("4for many"));

  rig.sendToMany("last", true);
  CHECK(rig.stream->written == serverText("4for many") + serverText("4last"));
  CHECK(rig.session.writable());
  rig.endBatch();
  CHECK(rig.stream->writes == 3);  // with the handshake's

  rig.stream->written.clear();
  rig.send("first");
  rig.sendToMany("behind it", true);
  CHECK(rig.stream->written.empty());
  rig.endBatch();
  CHECK(rig.stream->written == serverText("4first") + serverText("4behind it"));
}

TEST_CASE("What the stream does not take of a packet that leaves at once follows", "[websocket]") {
  Rig rig;
  rig.open();
  rig.stream->takes = 5;
  rig.sendToMany("partly", true);
  rig.session.mark();
  CHECK(rig.stream->written == serverText("4partly").substr(0, 5));
  CHECK_FALSE(rig.session.writable());
  const auto writes = rig.stream->writes;
  rig.sendToMany("behind", true);
  rig.endBatch();
  CHECK(rig.stream->writes == writes);  // the stream will tell when it takes more
  rig.session.settle();
  CHECK(rig.host.log.empty());

  rig.stream->unblock();
  CHECK(rig.stream->written == serverText("4partly") + serverText("4behind"));
  CHECK(rig.host.log == Log{"drain 1"});
}

TEST_CASE("A blocked stream is written on when it can take more", "[websocket]") {
  Rig rig;
  rig.open();
  rig.stream->takes = 3;
  rig.send("hello");
  rig.endBatch();
  CHECK(rig.stream->written == serverText("4hello").substr(0, 3));
  CHECK_FALSE(rig.connection->writable());
  CHECK(rig.connection->queuedBytes() == serverText("4hello").size() - 3);
  const auto writes = rig.stream->writes;
  rig.send("world");
  rig.session.mark();
  rig.endBatch();
  CHECK(rig.stream->writes == writes);  // not tried in vain
  rig.stream->unblock(4);
  CHECK(rig.host.log.empty());
  rig.stream->unblock();
  CHECK(rig.stream->written == serverText("4hello") + serverText("4world"));
  CHECK(rig.host.log == Log{"drain 1"});
  CHECK(rig.connection->writable());
}

TEST_CASE("A compressed message counts as what it inflates to", "[websocket]") {
  EngineOptions options;
  options.perMessageDeflate.emplace();
  Rig rig(options);
  const protocol::DeflateSettings settings;
  rig.environment.deflatePool = std::make_unique<protocol::DeflatePool>(settings, 1024);
  rig.connection->agree({}, protocol::DeflateParameters{.serverNoContextTakeover = true});
  rig.open();
  const std::string message = "4" + std::string(500'000, 'x');
  const auto bytes = protocol::asBytes(message);
  std::string payload;
  protocol::MessageDeflater(15, settings).deflate({&bytes, 1}, payload);
  REQUIRE(payload.size() < 1000);
  rig.receive(frames::frame({.payload = payload, .rsv = 4}));
  CHECK(rig.host.log == Log{"ascii " + message.substr(1)});
  CHECK(rig.environment.bytesRead >= message.size());
}

TEST_CASE("A slow consumer is cut at the hard limit of its queue", "[websocket]") {
  EngineOptions options;
  options.maxSendQueueBytes = options.hardMaxSendQueueBytes.emplace(100);
  Rig rig(options);
  rig.open();
  rig.stream->takes = 0;
  rig.send(std::string(90, 'x'));
  rig.endBatch();
  rig.send(std::string(90, 'y'));
  CHECK(rig.host.log == Log{"close transport error: send queue limit exceeded"});
  CHECK(rig.stream->closed);
  CHECK(rig.gone);
  rig.endBatch();
}

TEST_CASE("A connection knows when its peer last took something", "[websocket]") {
  Rig rig;
  rig.open();
  const auto& waiting = rig.environment.chunks.waiting;
  rig.send("taken");
  rig.endBatch();
  CHECK_FALSE(rig.connection->stalledSince());
  CHECK(waiting.bytes() == 0);
  rig.stream->takes = 10;
  rig.send(std::string(5000, 'x'));
  CHECK_FALSE(rig.connection->stalledSince());  // it has not been offered yet
  rig.endBatch();
  const auto first = rig.connection->stalledSince();
  CHECK(first == rig.environment.now());
  CHECK(waiting.bytes() >= 5000);
  rig.environment.forgetNow();
  rig.send("more");
  rig.endBatch();
  CHECK(rig.connection->stalledSince() == first);
  rig.stream->unblock(10);
  CHECK(rig.connection->stalledSince() > first);
  SECTION("all of it") {
    rig.stream->unblock();
    CHECK_FALSE(rig.connection->stalledSince());
  }
  SECTION("and what it did not take is gone with it, though it is buried later") {
    rig.session.cutOff(base::Cut::kSendTimeout);
  }
  CHECK(waiting.bytes() == 0);
  rig.endBatch();
}

TEST_CASE("A peer that pings and does not read is cut", "[websocket]") {
  Rig rig;
  rig.open();
  std::string pings;
  for (int i = 0; i < 60; ++i) pings += frames::ping("p");
  rig.receive(pings + pings + pings);  // answered as long as it reads
  CHECK(rig.stream->written.size() == 180 * serverPong("p").size());
  CHECK_FALSE(rig.gone);
  rig.stream->takes = 1;
  rig.receive(frames::ping("p"));
  rig.receive(pings);
  CHECK_FALSE(rig.gone);
  SECTION("when more than 60 wait") {
    rig.receive(frames::ping("p") + frames::text("4late"));
    CHECK(rig.gone);
    CHECK(rig.stream->closed);
    CHECK(rig.host.log == Log{"close transport error: too many unanswered pings"});
  }
  SECTION("but not if it reads in between") {
    rig.stream->unblock();
    rig.stream->takes = 1;
    rig.receive(pings);
    CHECK_FALSE(rig.gone);
  }
}

TEST_CASE("A large message leaves at once, behind what waits, and the rest follows",
          "[websocket]") {
  constexpr std::size_t kLarge = 20'000;
  const std::string large(kLarge, 'x');
  const auto before = serverText("4before");
  const auto frame = serverText("4" + large);
  Rig rig;
  rig.open();
  rig.send("before");
  SECTION("where the stream takes all") {
    rig.send(large);
    rig.session.mark();
    CHECK(rig.stream->written == before + frame);
    rig.session.settle();
    CHECK(rig.host.log == Log{"drain 1"});
  }
  SECTION("where it takes less") {
    // Nothing, of what waits, of the header, just the header, of the payload, all but one byte.
    const auto takes = GENERATE_COPY(
        values({std::size_t{0}, before.size() - 1, before.size(), before.size() + 2,
                before.size() + 5, before.size() + 10'000, before.size() + frame.size() - 1}));
    CAPTURE(takes);
    rig.stream->takes = takes;
    rig.send(large);
    rig.session.mark();
    rig.send("behind");
    rig.endBatch();
    CHECK(rig.stream->written == (before + frame).substr(0, takes));
    rig.session.settle();
    CHECK(rig.host.log.empty());
    rig.stream->unblock();
    CHECK(rig.stream->written == before + frame + serverText("4behind"));
    CHECK(rig.host.log == Log{"drain 1"});
  }
}

TEST_CASE("A large first message leaves when the host has been told of its session",
          "[websocket]") {
  const std::string large(20'000, 'x');
  Rig rig;
  rig.connection->sendHandshake(kAnswer);
  rig.session.openOver(*rig.connection, rig.environment.now());
  rig.start(&rig.session, {});
  rig.send(large);
  CHECK(rig.stream->written.empty());
  rig.endBatch();
  CHECK(rig.stream->written.starts_with(kAnswer));
  CHECK(rig.stream->written.ends_with(serverText("4" + large)));
}
