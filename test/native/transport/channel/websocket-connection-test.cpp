// WebSocketConnection between a fake stream and a real session: the handshake's answer, messages,
// control frames, and every way to end.
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
