// The attached door: requests that the host's own HTTP server parsed, upgrades by descriptor, and
// bridged streams.
#include <poll.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>

#include "engine/engine-rig.hpp"
#include "engine/registry/sids.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
namespace frames = beastio::protocol::test;

namespace {

AttachedRequest request(RequestId id, std::string query, std::string method = "GET",
                        std::string body = {}) {
  AttachedRequest result;
  result.id = id;
  result.method = std::move(method);
  result.target = "/engine.io/?EIO=4&" + query;
  result.contentType = "text/plain;charset=UTF-8";
  result.body = std::move(body);
  return result;
}

AttachedUpgrade upgrade(RequestId id, std::string query, int descriptor) {
  AttachedUpgrade result;
  result.request = request(id, std::move(query));
  result.request.isUpgrade = true;
  result.request.key = "dGhlIHNhbXBsZSBub25jZQ==";
  result.request.version = "13";
  result.request.upgrade = "websocket";
  result.descriptor = descriptor;
  return result;
}

}  // namespace

TEST_CASE("An attached polling session lives by its requests", "[attached]") {
  EngineRig rig(withThreads(2));
  auto& engine = *rig.engine;
  auto handshake = request(1, "transport=polling");
  handshake.sid = "chosen-by-the-host";
  rig.request(handshake);
  const auto opened = rig.handler.awaitOpened(0);
  const auto thread = opened.id.thread();
  CHECK(opened.sid == "chosen-by-the-host");
  CHECK(opened.request == 1);
  CHECK(engine::threadOf(opened.sid, 2) == thread);

  const std::string query = "transport=polling&sid=chosen-by-the-host";
  rig.request(request(2, query, "POST", "4hello"));
  CHECK(rig.handler.awaitLine("response 2 200 ok"));
  CHECK(rig.handler.awaitLine("text hello"));
  rig.request(request(3, query));
  rig.send(opened.id, "answer");
  CHECK(rig.handler.awaitLine("response 3 200 4answer"));
  rig.request(request(4, query, "PUT"));
  CHECK(rig.handler.awaitLine("response 4 500 "));

  SECTION("and ends when the client of a poll goes away") {
    rig.request(request(5, query));
    engine.abort(thread, 4);  // answered before: nothing
    engine.abort(thread, 5);
    CHECK(rig.handler.awaitLine("close transport error: poll connection closed prematurely"));
  }
  SECTION("and ends when two polls overlap") {
    rig.request(request(5, query));
    rig.request(request(6, query));
    CHECK(rig.handler.awaitLine("response 6 400 "));
    CHECK(rig.handler.awaitLine("response 5 200 1"));
  }
  SECTION("and keeps its name to itself") {
    auto twin = request(7, "transport=polling");
    twin.sid = "chosen-by-the-host";
    rig.request(twin);
    CHECK(rig.handler.awaitLine("refused 7 Bad request"));
    CHECK(rig.handler.awaitLine(R"(response 7 400 {"code":3,"message":"Bad request"})"));
  }
}

TEST_CASE("A request can be verified before it is made", "[attached]") {
  EngineRig rig;
  auto good = request(1, "transport=polling");
  good.verifyOnly = true;
  rig.request(good);
  CHECK(rig.handler.awaitLine("verified 1"));
  auto bad = request(2, "transport=polling");
  bad.verifyOnly = true;
  bad.origin = "\x01";
  rig.request(bad);
  CHECK(rig.handler.awaitLine("refused 2 Bad request"));
  auto webSocket = request(3, "transport=websocket");
  webSocket.verifyOnly = true;
  webSocket.isUpgrade = true;
  rig.request(webSocket);
  CHECK(rig.handler.awaitLine("verified 3"));
}

TEST_CASE("An upgrade by descriptor becomes a session", "[attached]") {
  EngineRig rig;
  auto [peer, descriptor] = Peer::pair();
  auto incoming = upgrade(1, "transport=websocket", descriptor);
  incoming.request.sid = "sid-of-the-host";
  incoming.headerLines = "X-Custom: 1\r\n";
  incoming.request.protocols = "a, b";
  incoming.head = frames::text("4in the head");
  rig.engine->upgrade(std::move(incoming));
  const auto answer = peer.readThrough("\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
  CHECK(answer.find("Sec-WebSocket-Protocol: a\r\nX-Custom: 1\r\n") != std::string::npos);
  CHECK(peer.readThrough("}").find("\"sid\":\"sid-of-the-host\"") != std::string::npos);
  CHECK(rig.handler.awaitLine("text in the head"));
  peer.send(frames::text("4later"));
  CHECK(rig.handler.awaitLine("text later"));
  peer.close();
  CHECK(rig.handler.awaitLine("close transport close"));
  CHECK(rig.handler.awaitLine("gone 1"));
}

TEST_CASE("The connection of an upgrade can be cut off by its request", "[attached]") {
  EngineRig rig;
  auto [peer, descriptor] = Peer::pair();
  SECTION("with its session") {
    const auto thread = rig.engine->upgrade(upgrade(1, "transport=websocket", descriptor));
    peer.readThrough("}");
    rig.engine->cutOff(thread, 2);  // nobody's
    rig.engine->cutOff(thread, 1);
    CHECK(rig.handler.awaitLine("close transport close"));
    CHECK(rig.handler.awaitLine("gone 1"));
    rig.engine->cutOff(thread, 1);
  }
  SECTION("while its session still polls") {
    rig.request(request(1, "transport=polling"));
    const auto opened = rig.handler.awaitOpened(0);
    const auto thread =
        rig.engine->upgrade(upgrade(2, "transport=websocket&sid=" + opened.sid, descriptor));
    peer.send(frames::text("2probe"));
    peer.readThrough("3probe");
    rig.engine->cutOff(thread, 2);
    CHECK(rig.handler.awaitLine("gone 2"));
    rig.request(request(3, "transport=polling&sid=" + opened.sid));
    rig.send(opened.id, "by polling");
    CHECK(rig.handler.awaitLine("response 3 200 4by polling"));
  }
  peer.readAll();
  CHECK(peer.ended());
}

TEST_CASE("An upgrade that is refused is answered, ended and told", "[attached]") {
  EngineRig rig;
  auto [peer, descriptor] = Peer::pair();
  SECTION("by the checks of Engine.IO") {
    rig.engine->upgrade(upgrade(1, "transport=websocket&sid=nobody", descriptor));
    CHECK(peer.readAll().ends_with("\r\n\r\nSession ID unknown"));
    CHECK(rig.handler.awaitLine("refused 1 Session ID unknown"));
  }
  SECTION("by those of RFC 6455") {
    auto bad = upgrade(1, "transport=websocket", descriptor);
    bad.request.key = "short";
    rig.engine->upgrade(std::move(bad));
    CHECK(peer.readAll().ends_with("Missing or invalid Sec-WebSocket-Key header"));
  }
  CHECK(peer.ended());
  peer.close();
  CHECK(rig.handler.awaitLine("gone 1"));
}

TEST_CASE("A descriptor that is no socket ends its request", "[attached]") {
  EngineRig rig;
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  rig.engine->upgrade(upgrade(1, "transport=websocket", pipe[0]));
  CHECK(rig.handler.awaitLine("gone 1"));
  CHECK(rig.handler.awaitLine("close transport close"));
  pollfd other{.fd = pipe[1], .events = 0, .revents = 0};
  CHECK(::poll(&other, 1, 20'000) == 1);
  CHECK((other.revents & POLLERR) != 0);  // the engine has closed its end
  ::close(pipe[1]);
}

TEST_CASE("A descriptor that arrives too late is closed", "[attached]") {
  EngineRig rig;
  auto [peer, descriptor] = Peer::pair();
  rig.engine->stop();
  rig.engine->upgrade(upgrade(1, "transport=websocket", descriptor));
  rig.engine.reset();
  CHECK(peer.readAll().empty());
  CHECK(peer.ended());
}

TEST_CASE("A bridged stream carries a session", "[attached]") {
  EngineRig rig;
  auto& engine = *rig.engine;
  const auto thread = engine.upgrade(upgrade(9, "transport=websocket", -1));
  CHECK(rig.handler.awaitWritten(9, "}"));
  const auto id = rig.handler.awaitOpened(0).id;
  const auto frame = frames::text("4hello");
  rig.streamData(thread, 9, frame.substr(0, 3));
  engine.streamData(thread, 9, frame.substr(3));
  rig.streamData(thread, 77, "of nobody");
  engine.streamDrain(thread, 77, 1);
  engine.streamEnd(thread, 77, {});
  CHECK(rig.handler.awaitLine("text hello"));

  SECTION("with a window towards the host") {
    for (int i = 0; i < 40; ++i) rig.send(id, std::string(20'000, 'x'));
    rig.send(id, "the last");
    Batch batch(engine.ioThreads());
    batch.mark(id);
    engine.submit(batch);
    CHECK(rig.handler.awaitWritten(9, "xxxx"));
    engine.streamData(thread, 9, frames::text("4mark"));
    CHECK(rig.handler.awaitLine("text mark"));
    CHECK(rig.handler.written(9).find("the last") == std::string::npos);
    for (std::size_t drained = 0; rig.handler.written(9).find("the last") == std::string::npos;) {
      const auto total = rig.handler.awaitMoreThan(drained, 9);
      REQUIRE(total > drained);
      engine.streamDrain(thread, 9, total - drained);
      drained = total;
    }
    CHECK(rig.handler.awaitLine("drain"));
  }
  SECTION("until the host's stream fails") {
    engine.streamEnd(thread, 9, "read ECONNRESET");
    CHECK(rig.handler.awaitLine("close transport close"));
    CHECK(rig.handler.awaitLine("gone 9"));
  }
  SECTION("until the client says goodbye and ends, and still gets its answer") {
    engine.streamData(thread, 9, frames::close("\x03\xE8"));
    engine.streamReadEnd(thread, 9);
    CHECK(rig.handler.awaitLine("stream end 9"));
    CHECK(rig.handler.awaitWritten(9, serverClose(1000)));
    CHECK(rig.handler.awaitLine("gone 9"));
  }
  SECTION("until the client says goodbye") {
    engine.streamData(thread, 9, frames::close("\x03\xE8"));
    CHECK(rig.handler.awaitLine("stream end 9"));
    CHECK(rig.handler.awaitWritten(9, serverClose(1000)));
    engine.streamEnd(thread, 9, {});
    CHECK(rig.handler.awaitLine("gone 9"));
  }
  SECTION("and takes no more when the host is full") {
    const auto one = frames::text("4one");
    const auto many = frames::text("4" + std::string(70'000, 'x'));
    rig.handler.setFull(true);
    engine.streamData(thread, 9, one);
    CHECK(rig.handler.awaitLine("text one"));
    CHECK(rig.handler.awaitPause());
    engine.streamData(thread, 9, many);
    CHECK(rig.handler.awaitLine("text " + std::string(70'000, 'x')));
    CHECK(rig.handler.lines().back().starts_with("text "));
    rig.handler.setFull(false);
    engine.resume(thread);
    CHECK(rig.handler.awaitLine("stream taken 9 " +
                                std::to_string(frame.size() + one.size() + many.size())));
  }
}

TEST_CASE("A polling session of the attached door upgrades", "[attached]") {
  EngineRig rig(withThreads(2));
  rig.request(request(1, "transport=polling"));
  const auto opened = rig.handler.awaitOpened(0);
  auto [peer, descriptor] = Peer::pair();
  CHECK(rig.engine->upgrade(upgrade(2, "transport=websocket&sid=" + opened.sid, descriptor)) ==
        opened.id.thread());
  peer.readThrough("\r\n\r\n");
  peer.send(frames::text("2probe"));
  CHECK(peer.readExactly(8) == serverText("3probe"));
  CHECK(rig.handler.awaitLine("upgrading to websocket 2"));
  peer.send(frames::text("5"));
  CHECK(rig.handler.awaitLine("upgrade to websocket 2"));
  rig.send(opened.id, "over here");
  CHECK(peer.readThrough("here") == serverText("4over here"));
  peer.close();
  CHECK(rig.handler.awaitLine("gone 2"));
}

TEST_CASE("A WebTransport stream carries a session", "[attached]") {
  EngineRig rig(withThreads(2));
  auto& engine = *rig.engine;
  const auto thread = engine.webTransport({.id = 3,
                                           .head = "\x03"
                                                   "4hi"});
  CHECK(rig.handler.awaitLine("open webtransport"));
  CHECK(rig.handler.awaitLine("text hi"));
  const auto opened = rig.handler.awaitOpened(0);
  CHECK(opened.id.thread() == thread);
  CHECK(opened.request == 3);
  CHECK(rig.handler.awaitWritten(3, "\"sid\":\"" + opened.sid));
  engine.streamData(thread, 3, "\x04");
  engine.streamData(thread, 3, "4you");
  CHECK(rig.handler.awaitLine("text you"));
  rig.send(opened.id, "back");
  CHECK(rig.handler.awaitWritten(3,
                                 "\x05"
                                 "4back"));
  SECTION("until the host's stream ends") {
    engine.streamEnd(thread, 3, {});
    CHECK(rig.handler.awaitLine("close transport close"));
  }
  SECTION("until it is closed") {
    engine.closeAll();
    CHECK(rig.handler.awaitLine("stream end 3"));
    engine.streamEnd(thread, 3, {});
  }
  CHECK(rig.handler.awaitLine("gone 3"));
}

TEST_CASE("Sessions of every transport are upgraded to WebTransport by name", "[attached]") {
  EngineRig rig(withThreads(3));
  auto& engine = *rig.engine;
  const bool polls = GENERATE(true, false);
  if (polls) {
    rig.request(request(1, "transport=polling"));
  } else {
    engine.upgrade(upgrade(1, "transport=websocket", -1));
  }
  const auto opened = rig.handler.awaitOpened(0);
  const auto owner = opened.id.thread();
  CHECK(engine.webTransport({.id = 2,
                             .sid = opened.sid,
                             .head = "\x06"
                                     "2probe"}) == owner);
  CHECK(rig.handler.awaitWritten(2,
                                 "\x06"
                                 "3probe"));
  CHECK(rig.handler.awaitLine("upgrading to webtransport 2"));
  engine.webTransport({.id = 3, .sid = opened.sid});
  CHECK(rig.handler.awaitLine("stream end 3"));
  engine.streamData(owner, 2,
                    "\x01"
                    "5");
  CHECK(rig.handler.awaitLine("upgrade to webtransport 2"));
  if (!polls) CHECK(rig.handler.awaitWritten(1, std::string("\x88\0", 2)));  // its close frame
  rig.broadcast({.sessions = {opened.id}}, "to all");
  CHECK(rig.handler.awaitWritten(2,
                                 "\x07"
                                 "4to all"));
  engine.webTransport({.id = 4, .sid = opened.sid});
  CHECK(rig.handler.awaitLine("stream end 4"));
  engine.webTransport({.id = 5, .sid = "nobody"});
  CHECK(rig.handler.awaitLine("stream end 5"));
}
