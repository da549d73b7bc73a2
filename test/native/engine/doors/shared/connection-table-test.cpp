// Connections that come with their request, and go.
#include "engine/doors/shared/connection-table.hpp"

#include <catch2/catch.hpp>

#include "engine/doors/doors-rig.hpp"

using namespace beastio;
using namespace beastio::engine;
using namespace beastio::engine::test;

namespace {

struct TableRig : DoorsRig {
  /// Accepts a WebSocket, and sends what that makes it send.
  void accept(const Request& request, const Entrance& entrance) {
    connections.acceptWebSocket(request, entrance, "X-Line: 1\r\n", stream, {});
    environment.flushAll();
  }

  std::shared_ptr<FakeStream> stream = std::make_shared<FakeStream>();
};

}  // namespace

TEST_CASE("A WebSocket opens its session, and leaves the table when it is gone",
          "[connection-table]") {
  TableRig rig;
  rig.accept(DoorsRig::upgrade("transport=websocket"), {.request = 5, .sid = "chosen"});
  CHECK(rig.stream->written.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
  CHECK(rig.stream->written.find("\r\nX-Line: 1\r\n") != std::string::npos);
  CHECK(rig.stream->written.find("0{\"sid\":\"chosen\"") != std::string::npos);
  CHECK(rig.connections.size() == 1);

  SECTION("with its stream") {
    rig.stream->owner->onStreamClosed({});
    CHECK_FALSE(rig.stream->closed);
  }
  SECTION("when it is cut off by the name of its request") {
    rig.connections.cutOff(4);
    CHECK(rig.connections.size() == 1);
    rig.connections.cutOff(5);
    CHECK(rig.stream->closed);
  }
  CHECK(rig.connections.size() == 0);
  CHECK(rig.handler.lines() == Lines{"open websocket", "gone 5"});
  CHECK(rig.host.log == Lines{"close transport close"});
}

TEST_CASE("An upgrade is refused in the words of engine.io", "[connection-table]") {
  TableRig rig;
  rig.accept(DoorsRig::upgrade("transport=websocket&sid=nobody"), {.request = 5});
  CHECK(rig.stream->written.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(rig.stream->written.ends_with("\r\n\r\nSession ID unknown"));
  CHECK(rig.handler.lines() == Lines{"refused 5 Session ID unknown"});
}

TEST_CASE("A handshake that breaks RFC 6455 opens no session", "[connection-table]") {
  TableRig rig;
  auto request = DoorsRig::upgrade("transport=websocket");
  request.key = "short";
  rig.accept(request, {.request = 5});
  CHECK(rig.stream->written.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(rig.sessions.size() == 0);
}

TEST_CASE("A connection of the own port leaves the port", "[connection-table]") {
  TableRig rig;
  rig.port.add(1);
  const OwnRequest own;
  rig.accept(DoorsRig::upgrade("transport=websocket"), {.own = &own});
  CHECK(rig.port.connections() == 1);
  rig.stream->owner->onStreamClosed({});
  CHECK(rig.port.connections() == 0);
  CHECK(rig.handler.lines() == Lines{"open websocket", "port idle"});
}

TEST_CASE("A WebTransport stream takes over the session that it names", "[connection-table]") {
  TableRig rig;
  Client* client = rig.open({.sid = "chosen"}, {}, TransportName::kPolling);
  REQUIRE(client != nullptr);
  std::shared_ptr<Answer> answer;
  client->session.openOverPolling(rig.exchange(answer), rig.environment.now());
  rig.connections.acceptWebTransport({.request = 6}, "chosen", rig.stream,
                                     "\x06"
                                     "2probe");
  rig.environment.flushAll();
  CHECK(rig.stream->written ==
        "\x06"
        "3probe");
  CHECK(rig.host.log == Lines{"upgrading 6 to WebTransport"});
}
