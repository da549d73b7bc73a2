// WebSocketConnection between a fake stream and a real session: the handshake's answer, messages,
// control frames, back-pressure, and every way to end.
#include "transport/channel/websocket-connection.hpp"

#include <catch2/catch.hpp>

#include "protocol/websocket/frame-builder.hpp"
#include "session/session-rig.hpp"
#include "support/server-frame.hpp"
#include "transport/stream/fake-stream.hpp"

using namespace beastio;
using namespace beastio::test;
using namespace beastio::transport;
using namespace beastio::transport::test;
using namespace std::chrono_literals;
namespace frames = beastio::protocol::test;
using session::test::FakeHost;
using session::test::Log;

namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 101 Switching Protocols\r\n\r\n";

struct Rig final : ConnectionHost {
  explicit Rig(EngineOptions options = {}) {
    host.values = options;
    environment.options = std::make_shared<const EngineOptions>(options);
    stream = std::make_shared<FakeStream>();
    connection = std::make_shared<WebSocketConnection>(environment, *this, stream);
  }

  /// Answers the handshake and opens the session; what follows is all that `written` shows.
  void open(std::string_view head = {}) {
    connection->sendHandshake(kAnswer);
    session.openOver(*connection, environment.now());
    start(&session, head);
    endBatch();
    if (!head.empty()) return;
    REQUIRE(stream->written.starts_with(std::string(kAnswer) + "\x81"));
    stream->written.clear();
    host.log.clear();
  }
  void start(session::Session* carried, std::string_view head) {
    std::vector<std::uint8_t> bytes(head.begin(), head.end());
    connection->start(carried, bytes);
  }
  void endBatch() {
    environment.flushAll();
    environment.emptyGraveyard();
  }
  void receive(std::string_view bytes) {
    stream->receive(bytes);
    endBatch();
  }
  void send(std::string_view text) {
    const session::Outgoing part{.data = text};
    session.send({&part, 1}, {}, 1);
  }
  void sendToMany(std::string_view text, bool isLast) {
    const session::Outgoing part{.data = text, .toMany = true, .isLast = isLast};
    session.send({&part, 1}, {}, 1);
  }
  /// Calls the timers as if that time had passed.
  void pass(std::chrono::milliseconds time) {
    environment.timers.run(environment.now() + time);
    endBatch();
  }

  void onGone(Connection& which) override {
    REQUIRE(&which == connection.get());
    gone = true;
    environment.bury(std::exchange(connection, nullptr));
  }

  Environment environment;
  FakeHost host;
  session::Session session{host, SessionId{.place = 1, .generation = 1}, "sid", session::Dialect{}};
  std::shared_ptr<FakeStream> stream;
  std::shared_ptr<WebSocketConnection> connection;
  bool gone = false;
};

}  // namespace

TEST_CASE("Messages go both ways after the handshake's answer", "[websocket]") {
  Rig rig;
  rig.open();
  rig.receive(frames::text("4hello") + frames::binary("\x01"));
  CHECK(rig.host.log == Log{"ascii hello", "binary \x01"});
  rig.send("a");
  rig.send(std::string(3000, 'b'));
  CHECK(rig.stream->written.empty());
  const auto writes = rig.stream->writes;
  rig.endBatch();
  CHECK(rig.stream->writes == writes + 1);  // one gathered write
  CHECK(rig.stream->written == serverText("4a") + serverText("4" + std::string(3000, 'b')));
}

TEST_CASE("Messages that came with the handshake's bytes are not lost", "[websocket]") {
  Rig rig;
  SECTION("whole") {
    rig.open(frames::text("4a") + frames::text("4b"));
    CHECK(rig.host.log == Log{"ascii a", "ascii b"});
    CHECK(rig.stream->owner == rig.connection.get());
  }
  SECTION("in part") {
    const auto frame = frames::text("4hello");
    rig.open(frame.substr(0, 4));
    rig.receive(frame.substr(4));
    CHECK(rig.host.log == Log{"ascii hello"});
  }
  SECTION("followed by a goodbye or a violation") {
    rig.open(frames::text("4a") + frames::close("\x03\xE8"));
    CHECK(rig.host.log == Log{"ascii a", "close transport close"});
    CHECK(rig.stream->written.ends_with(serverClose(1000)));
    CHECK(rig.stream->shutDown);
  }
}

TEST_CASE("A ping is answered with its payload", "[websocket]") {
  Rig rig;
  rig.open();
  rig.receive(frames::ping("are you there"));
  CHECK(rig.stream->written == serverPong("are you there"));
  rig.receive(frames::pong("unsolicited"));
  CHECK(rig.host.log.empty());
}

TEST_CASE("The peer's close frame is echoed, and the stream ended", "[websocket]") {
  Rig rig;
  rig.open();
  rig.send("before");
  if (GENERATE(true, false)) {
    rig.receive(frames::close("\x0B\xB8 bye") + frames::text("4late"));
    CHECK(rig.stream->written == serverText("4before") + serverClose(3000, " bye"));
  } else {
    rig.receive(frames::close(""));
    CHECK(rig.stream->written == serverText("4before") + serverClose());
  }
  CHECK(rig.host.log == Log{"close transport close"});
  CHECK(rig.stream->shutDown);
  CHECK_FALSE(rig.gone);
  rig.receive(frames::text("4later") + frames::ping("x"));
  CHECK(rig.host.log.size() == 1);

  SECTION("until the peer ends too") {
    rig.connection->onEnd();
    CHECK(rig.gone);
    CHECK(rig.stream->closed);
  }
  SECTION("or the time is over") {
    rig.pass(30s);
    CHECK(rig.gone);
    CHECK(rig.stream->closed);
  }
}

TEST_CASE("Closing sends a frame without code and waits for the peer's", "[websocket]") {
  Rig rig;
  rig.open();
  rig.send("last");
  rig.session.close(false, rig.environment.now());
  rig.endBatch();
  CHECK(rig.stream->written == serverText("4last") + serverClose());
  CHECK(rig.host.log == Log{"close forced close"});
  CHECK_FALSE(rig.stream->shutDown);
  rig.receive(frames::text("4late") + frames::ping("late"));
  CHECK(rig.host.log.size() == 1);

  SECTION("then ends the stream") {
    rig.receive(frames::close(""));
    CHECK(rig.stream->written == serverText("4last") + serverClose());
    CHECK(rig.stream->shutDown);
    CHECK_FALSE(rig.gone);
    rig.connection->onEnd();
    CHECK(rig.gone);
  }
  SECTION("but not for ever") {
    rig.pass(29'999ms);
    CHECK_FALSE(rig.gone);
    rig.pass(30s);
    CHECK(rig.gone);
    CHECK(rig.stream->closed);
  }
  SECTION("nor beyond a violation") {
    rig.receive(frames::frame({.opcode = 3}));
    CHECK(rig.stream->shutDown);
    CHECK(rig.stream->written == serverText("4last") + serverClose());
  }
  SECTION("nor beyond the end of the stream") {
    rig.connection->onEnd();
    CHECK(rig.gone);
  }
  CHECK(rig.host.log.size() == 1);
}

TEST_CASE("A session that is cut off sends what it can, and no goodbye", "[websocket]") {
  Rig rig;
  rig.open();
  rig.send("a");
  SECTION("all of it") {
    rig.session.terminate();
    CHECK(rig.stream->written == serverText("4a"));
  }
  SECTION("a part") {
    rig.stream->takes = 1;
    rig.session.terminate();
    CHECK(rig.stream->written == serverText("4a").substr(0, 1));
  }
  SECTION("nothing more, after its own goodbye") {
    rig.connection->close();
    rig.session.terminate();
    CHECK(rig.stream->written.starts_with(serverText("4a")));
  }
  CHECK(rig.stream->closed);
  CHECK(rig.gone);
  CHECK(rig.host.log == Log{"close transport close"});
}

TEST_CASE("A violation is answered with its close code", "[websocket]") {
  struct Row {
    std::string input;
    std::uint16_t code;
    std::string description;
  };
  const auto row = GENERATE(
      Row{frames::frame({.payload = "4a", .masked = false}), 1002,
          "RangeError: Invalid WebSocket frame: MASK must be set"},
      Row{frames::frame({.opcode = 3}), 1002,
          "RangeError: Invalid WebSocket frame: invalid opcode 3"},
      Row{frames::frame({.rsv = 2}), 1002,
          "RangeError: Invalid WebSocket frame: RSV2 and RSV3 must be clear"},
      Row{frames::text("4\xFF"), 1007, "Error: Invalid WebSocket frame: invalid UTF-8 sequence"},
      Row{frames::frame({.announced = 1'000'001}), 1009, "RangeError: Max payload size exceeded"},
      Row{frames::close("\x03\xE7"), 1002,
          "RangeError: Invalid WebSocket frame: invalid status code 999"});
  Rig rig;
  rig.open();
  rig.receive(frames::text("4before") + row.input + frames::text("4after"));
  CHECK(rig.host.log == Log{"ascii before", "close transport error: " + row.description});
  CHECK(rig.stream->written == serverClose(row.code));
  CHECK(rig.stream->shutDown);
  CHECK_FALSE(rig.gone);
  rig.receive(frames::text("4later"));
  CHECK(rig.stream->written == serverClose(row.code));
  rig.connection->onEnd();
  CHECK(rig.gone);
  CHECK(rig.host.log.size() == 2);
}

TEST_CASE("Limits of zero mean none, as with ws", "[websocket]") {
  EngineOptions options;
  options.maxHttpBufferSize = 0;
  options.maxFragments = 0;
  Rig rig(options);
  rig.open();
  rig.receive(frames::frame({.payload = "4a", .final = false}) +
              frames::frame({.payload = std::string(2'000'000, 'b'), .opcode = 0}));
  REQUIRE(rig.host.log.size() == 1);
  CHECK(rig.host.log.front().size() == std::string("ascii a").size() + 2'000'000);
}

TEST_CASE("A session that ends itself inside a frame closes the rest", "[websocket]") {
  Rig rig;
  rig.open();
  rig.receive(frames::text("4a") + frames::text("2") + frames::text("4b") + frames::ping("x"));
  CHECK(rig.host.log == Log{"ascii a", "close transport error: invalid heartbeat direction"});
  CHECK(rig.stream->written == serverClose());
}

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
    rig.session.cutOff("too slow");
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

TEST_CASE("The end of the stream is transport close", "[websocket]") {
  Rig rig;
  rig.open();
  SECTION("by its end") {
    rig.connection->onEnd();
    CHECK(rig.stream->closed);
  }
  SECTION("by an error") { rig.connection->onStreamClosed("Connection reset by peer"); }
  rig.endBatch();
  CHECK(rig.gone);
  CHECK(rig.host.log == Log{"close transport close"});
}

TEST_CASE("A peer that ended its own direction still gets what is queued", "[websocket]") {
  Rig rig;
  rig.open();
  rig.send("queued");
  SECTION("at the end of the batch") {
    rig.connection->onEnd();
    CHECK_FALSE(rig.gone);
    rig.endBatch();
    CHECK(rig.stream->written == serverText("4queued"));
    CHECK(rig.gone);
  }
  SECTION("its close frame's echo") {
    rig.stream->receive(frames::close("\x03\xE8"));
    rig.connection->onEnd();
    rig.endBatch();
    CHECK(rig.stream->written == serverText("4queued") + serverClose(1000));
    CHECK(rig.gone);
  }
  SECTION("when it reads on, within closeTimeout") {
    rig.stream->takes = 2;
    rig.endBatch();
    rig.connection->onEnd();
    CHECK_FALSE(rig.gone);
    if (GENERATE(true, false)) {
      rig.stream->unblock();
      CHECK(rig.stream->written == serverText("4queued"));
    } else {
      rig.pass(30s);
    }
    CHECK(rig.gone);
    CHECK(rig.stream->closed);
  }
  CHECK(rig.host.log == Log{"close transport close"});
}

TEST_CASE("A connection without a session is answered and closed", "[websocket]") {
  Rig rig;
  rig.connection->sendHandshake(kAnswer);
  rig.start(nullptr, frames::text("4a"));
  rig.endBatch();
  CHECK(rig.stream->written == std::string(kAnswer) + serverClose());
  rig.receive(frames::close(""));
  CHECK(rig.stream->shutDown);
  rig.connection->onEnd();
  CHECK(rig.gone);
}

TEST_CASE("A refused connection gets its answer and ends", "[websocket]") {
  Rig rig;
  rig.connection->refuse("HTTP/1.1 400 Bad Request\r\n\r\n");
  rig.endBatch();
  CHECK(rig.stream->written == "HTTP/1.1 400 Bad Request\r\n\r\n");
  CHECK(rig.stream->shutDown);
  rig.receive("anything");
  if (GENERATE(true, false)) {
    rig.connection->onEnd();
  } else {
    rig.pass(30s);
  }
  CHECK(rig.gone);
}
