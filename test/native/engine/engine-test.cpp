// A whole Engine on its own port: sessions over both transports, refusals, and the way to the
// thread that owns a session. Also closing and stopping. What is sent is in fan-out-test.cpp.
#include "beastio/engine.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "engine/engine-rig.hpp"
#include "engine/registry/sids.hpp"
#include "support/descriptors.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
namespace frames = beastio::protocol::test;

TEST_CASE("A polling session opens, posts, polls and closes", "[engine]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect(httpRequest("GET", "transport=polling", "Origin: http://x\r\n"));
  const auto response = peer.readResponse();
  CHECK(response.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(response.find("Access-Control") == std::string::npos);
  const auto sid = sidIn(response);
  CHECK(sid.size() == 20);
  const auto opened = rig.handler.awaitOpened(0);
  CHECK(opened.sid == sid);

  peer.send(postOf(sid,
                   "4hello\x1e"
                   "bAQI="));
  CHECK(bodyOf(peer.readResponse()) == "ok");
  CHECK(rig.handler.awaitLine("text hello"));
  CHECK(rig.handler.awaitLine("binary \x01\x02"));

  rig.send(opened.id, "one");
  rig.send(opened.id, "two");
  std::string received;
  while (received.find("4two") == std::string::npos) {
    peer.send(pollOf(sid));
    const auto body = bodyOf(peer.readResponse());
    REQUIRE_FALSE(body.empty());
    received += body + "|";
  }
  CHECK((received == "4one\x1e"
                     "4two|" ||
         received == "4one|4two|"));

  peer.send(pollOf(sid));
  auto second = rig.connect(postOf(sid, "1"));
  CHECK(bodyOf(second.readResponse()) == "ok");
  CHECK(bodyOf(peer.readResponse()) == "6");
  CHECK(rig.handler.awaitLine("close transport close"));
  peer.send(pollOf(sid));
  CHECK(bodyOf(peer.readResponse()) == R"({"code":1,"message":"Session ID unknown"})");
}

TEST_CASE("An engine that cannot have its descriptors says so, and keeps none", "[engine]") {
  RecordingHandler handler;
  // None at all, some of the first thread's, and those of one thread of two.
  const auto left = GENERATE(0U, 1U, 2U, 3U, 4U);
  const auto before = openDescriptors().size();
  std::error_code error;
  {
    NoDescriptors none;
    none.free(left);
    try {
      const Engine engine(withThreads(2), [&](unsigned) -> EngineHandler& { return handler; });
    } catch (const std::system_error& thrown) {
      error = thrown.code();
    }
  }
  CHECK(error == std::errc::too_many_files_open);
  CHECK(openDescriptors().size() == before);
}

TEST_CASE("Compression stays as it was at the start", "[engine]") {
  EngineRig rig;
  rig.listen();
  EngineOptions options;
  options.perMessageDeflate.emplace();
  rig.engine->setOptions(options);
  auto peer = rig.connect(
      httpRequest("GET", "transport=websocket",
                  std::string(kUpgradeLines) + "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
  const auto answer = peer.readThrough("\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 101 "));
  CHECK(answer.find("permessage-deflate") == std::string::npos);
  peer.send(frames::text("4" + std::string(2000, 'x')));
  CHECK(rig.handler.awaitLine("text " + std::string(2000, 'x')));
}

TEST_CASE("An engine may be stopped while another thread waits for it", "[engine]") {
  for (int i = 0; i < 20; ++i) {
    EngineRig rig;
    std::atomic<int> rounds = 0;
    std::error_code error;
    std::thread other([&] {
      while (error != std::errc::operation_canceled) {
        rig.engine->listen({.host = "127.0.0.1"}, error);
        rig.engine->closePort();
        ++rounds;
      }
    });
    while (rounds < 3) std::this_thread::yield();
    rig.engine->stop();
    other.join();
    CHECK_FALSE(rig.engine->listen({}, error));
    CHECK_FALSE(rig.engine->askTls(0, 1, [](TlsSession&) {}));
  }
}

TEST_CASE("A WebSocket session echoes", "[engine]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect();
  CHECK(rig.openWebSocket(peer).size() == 20);
  const auto opened = rig.handler.awaitOpened(0);
  peer.send(frames::text("4hello") + frames::binary("\x01"));
  CHECK(rig.handler.awaitLine("text hello"));
  CHECK(rig.handler.awaitLine("binary \x01"));
  rig.send(opened.id, "hello to you");
  CHECK(peer.readExactly(15) == serverText("4hello to you"));
  peer.send(frames::close("\x03\xE8"));
  CHECK(peer.readAll() == serverClose(1000));
  CHECK(peer.ended());
  CHECK(rig.handler.awaitLine("close transport close"));
}

TEST_CASE("Messages in the same segment as the handshake arrive", "[engine]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect(httpRequest("GET", "transport=websocket", kUpgradeLines) +
                          frames::text("4first") + frames::text("4second"));
  CHECK(rig.handler.awaitLine("text first"));
  CHECK(rig.handler.awaitLine("text second"));
}

TEST_CASE("A session upgrades and loses nothing on the way", "[engine]") {
  EngineRig rig(withThreads(GENERATE(1U, 2U)));
  rig.listen();
  auto polling = rig.connect();
  const auto sid = rig.openPolling(polling);
  const auto opened = rig.handler.awaitOpened(0);

  auto webSocket = rig.connect(httpRequest("GET", "transport=websocket&sid=" + sid, kUpgradeLines));
  CHECK(webSocket.readThrough("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  polling.send(pollOf(sid));
  webSocket.send(frames::text("2probe"));
  CHECK(webSocket.readExactly(8) == serverText("3probe"));
  CHECK(bodyOf(polling.readResponse()) == "6");
  rig.send(opened.id, "while upgrading");
  webSocket.send(frames::text("5"));
  CHECK(rig.handler.awaitLine("upgrade to websocket 0"));
  CHECK(webSocket.readExactly(18) == serverText("4while upgrading"));
  webSocket.send(frames::text("4after"));
  CHECK(rig.handler.awaitLine("text after"));

  polling.send(pollOf(sid));
  CHECK(bodyOf(polling.readResponse()) == R"({"code":3,"message":"Bad request"})");
  CHECK(rig.handler.awaitLine("refused 0 Bad request"));
}

TEST_CASE("Requests that are refused get engine.io's answers", "[engine]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect(httpRequest("GET", "transport=x"));
  const auto response = peer.readResponse();
  CHECK(response.starts_with("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n"));
  CHECK(bodyOf(response) == R"({"code":0,"message":"Transport unknown"})");
  peer.send("GET /engine.io/?EIO=3&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(bodyOf(peer.readResponse()) == R"({"code":5,"message":"Unsupported protocol version"})");
  peer.send("GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(peer.readResponse().starts_with("HTTP/1.1 404 Not Found\r\n"));
  peer.send("PUT /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(bodyOf(peer.readResponse()) == R"({"code":2,"message":"Bad handshake method"})");

  SECTION("an upgrade with the message alone, and the end") {
    peer.send(httpRequest("GET", "transport=websocket&sid=nobody", kUpgradeLines));
    CHECK(peer.readAll() ==
          "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n"
          "Content-Length: 18\r\n\r\nSession ID unknown");
    CHECK(peer.ended());
  }
  SECTION("an upgrade of protocol 3 before its 101") {
    peer.send("GET /engine.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: x\r\n" +
              std::string(kUpgradeLines) + "\r\n");
    CHECK(peer.readAll().ends_with("Unsupported protocol version"));
  }
  SECTION("an upgrade that is no WebSocket's as ws answers it") {
    peer.send(httpRequest("GET", "transport=websocket", "Connection: Upgrade\r\nUpgrade: h2c\r\n"));
    CHECK(peer.readAll().ends_with("Invalid Upgrade header"));
  }
  SECTION("an upgrade elsewhere with 404") {
    peer.send("GET /elsewhere HTTP/1.1\r\nHost: x\r\n" + std::string(kUpgradeLines) + "\r\n");
    CHECK(peer.readAll().starts_with("HTTP/1.1 404 Not Found\r\n"));
  }
  SECTION("an upgrade on polling with 101 and a close frame") {
    peer.send(httpRequest("GET", "transport=polling", kUpgradeLines) + frames::close(""));
    const auto answer = peer.readAll();
    CHECK(answer.starts_with("HTTP/1.1 101 "));
    CHECK(answer.ends_with(serverClose()));
  }
  SECTION("a reset meanwhile, which harms nobody") {
    peer.send(httpRequest("GET", "transport=websocket&sid=nobody", kUpgradeLines));
    peer.reset();
    auto next = rig.connect();
    CHECK(rig.openPolling(next).size() == 20);
  }
}

TEST_CASE("A sid leads to the thread that owns its session", "[engine]") {
  constexpr unsigned kThreads = 4;
  EngineRig rig(withThreads(kThreads));
  rig.listen();
  std::set<unsigned> threads;
  for (std::size_t i = 0; i < 12; ++i) {
    auto opening = rig.connect();
    const auto sid = rig.openPolling(opening);
    const auto opened = rig.handler.awaitOpened(i);
    REQUIRE(opened.sid == sid);
    threads.insert(opened.id.thread());
    CHECK(engine::threadOf(sid, kThreads) == opened.id.thread());

    // New connections are spread over the threads, so most of these are handed over.
    for (int j = 0; j < 3; ++j) {
      auto other = rig.connect(postOf(sid, "4from another connection"));
      CHECK(bodyOf(other.readResponse()) == "ok");
      other.send(postOf(sid, "4again"));
      CHECK(bodyOf(other.readResponse()) == "ok");
    }
    rig.send(opened.id, "back");
    auto poll = rig.connect(pollOf(sid));
    CHECK(bodyOf(poll.readResponse()) == "4back");
  }
  CHECK(threads.size() == kThreads);
  CHECK(rig.handler.awaitCount("text again", 36));
}

TEST_CASE("One connection may serve sessions of several threads", "[engine]") {
  EngineRig rig(withThreads(3));
  rig.listen();
  auto peer = rig.connect();
  std::vector<std::string> sids;
  for (int i = 0; i < 6; ++i) sids.push_back(rig.openPolling(peer));
  std::string pipelined;
  for (const auto& sid : sids) pipelined += postOf(sid, "4hello");
  peer.send(pipelined);
  for (std::size_t i = 0; i < sids.size(); ++i) CHECK(bodyOf(peer.readResponse()) == "ok");
  CHECK(rig.handler.awaitCount("text hello", sids.size()));
}

TEST_CASE("A poll pipelined behind another is still known when its client leaves", "[engine]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect();
  const auto sid = rig.openPolling(peer);
  const auto opened = rig.handler.awaitOpened(0);
  peer.send(pollOf(sid) + pollOf(sid));
  rig.send(opened.id, "a");
  CHECK(bodyOf(peer.readResponse()) == "4a");
  rig.send(opened.id, "b");
  CHECK(bodyOf(peer.readResponse()) == "4b");
  peer.send(pollOf(sid) + pollOf(sid));
  rig.send(opened.id, "c");
  CHECK(bodyOf(peer.readResponse()) == "4c");
  peer.close();
  CHECK(rig.handler.awaitLine("close transport error: poll connection closed prematurely"));
}

TEST_CASE("A POST pipelined behind a poll cannot end the session inside its upgrade", "[engine]") {
  EngineRig rig;
  rig.listen();
  auto polling = rig.connect();
  const auto sid = rig.openPolling(polling);
  auto webSocket = rig.connect(httpRequest("GET", "transport=websocket&sid=" + sid, kUpgradeLines));
  webSocket.readThrough("\r\n\r\n");
  polling.send(pollOf(sid) + postOf(sid, "1"));
  webSocket.send(frames::text("5"));
  CHECK(rig.handler.awaitLine("upgrade to websocket 0"));
  CHECK(bodyOf(polling.readResponse()) == "1");
  CHECK(bodyOf(polling.readResponse()) == R"({"code":3,"message":"Bad request"})");
  webSocket.send(frames::text("4still here"));
  CHECK(rig.handler.awaitLine("text still here"));
}

TEST_CASE("Closing a session of the host's is told to both sides", "[engine]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect();
  rig.openWebSocket(peer);
  const auto id = rig.handler.awaitOpened(0).id;
  Batch batch(1);
  const Part part = batch.addText("bye");
  batch.send(id, &part, 1, {});
  batch.close(id, false);
  rig.engine->submit(batch);
  CHECK(peer.readExactly(8) == serverText("4bye") + serverClose());
  CHECK(rig.handler.awaitLine("close forced close"));
  peer.send(frames::close(""));
  CHECK(peer.readAll().empty());
  CHECK(peer.ended());
}

TEST_CASE("closeAll ends listening and every session", "[engine]") {
  EngineRig rig(withThreads(2));
  const auto port = rig.listen();
  auto polling = rig.connect();
  const auto sid = rig.openPolling(polling);
  polling.send(pollOf(sid) + "GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n");
  auto webSocket = rig.connect();
  rig.openWebSocket(webSocket);
  auto idle = rig.connect();
  rig.engine->closeAll();
  CHECK(rig.handler.awaitCount("close forced close", 2));
  CHECK(webSocket.readExactly(2) == serverClose());
  polling.readAll();
  CHECK(polling.ended());
  idle.readAll();
  CHECK(idle.ended());
  CHECK_THROWS(Peer::connected(port));

  rig.listen();  // and it may listen again
  auto next = rig.connect();
  CHECK(rig.openPolling(next).size() == 20);
}

TEST_CASE("An engine listens once, and not after it has stopped", "[engine]") {
  EngineRig rig;
  rig.listen();
  std::error_code error;
  CHECK_FALSE(rig.engine->listen({.host = "127.0.0.1"}, error));
  CHECK(error == std::errc::already_connected);
  rig.engine->stop();
  CHECK_FALSE(rig.engine->listen({.host = "127.0.0.1"}, error));
  CHECK(error == std::errc::operation_canceled);
}

TEST_CASE("An engine checks its number of threads", "[engine]") {
  RecordingHandler handler;
  const auto handlerOf = [&handler](unsigned) -> EngineHandler& { return handler; };
  CHECK_THROWS_AS(Engine(withThreads(0), handlerOf), std::invalid_argument);
  CHECK_THROWS_AS(Engine(withThreads(65), handlerOf), std::invalid_argument);
  const Engine largest(withThreads(64), handlerOf);
  CHECK(largest.ioThreads() == 64);
}

TEST_CASE("An engine stops while it is busy, and calls nobody afterwards", "[engine]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  std::vector<Peer> peers;
  for (std::size_t i = 0; i < 6; ++i) {
    peers.push_back(rig.connect());
    rig.openWebSocket(peers.back());
    Batch batch(2);
    batch.join(rig.handler.awaitOpened(i).id, 1);
    rig.engine->submit(batch);
  }
  rig.handler.countMessages();
  std::vector<std::thread> senders;
  for (auto& peer : peers) {
    senders.emplace_back([&peer] {
      const auto burst = frames::text("4a") + frames::ping("b") + frames::text("4c");
      while (peer.send(burst)) {
      }
    });
  }
  for (int i = 0; i < 50; ++i) rig.broadcast({.rooms = {1}}, std::string(100'000, 'x'));
  CHECK(rig.handler.awaitMessages(100));
  rig.engine->stop();
  const auto messages = rig.handler.messages();
  const auto lines = rig.handler.lines().size();
  rig.broadcast({.rooms = {1}}, "too late");
  rig.engine->closeAll();
  rig.engine->stop();
  rig.engine.reset();
  for (auto& sender : senders) sender.join();
  CHECK(rig.handler.messages() == messages);
  CHECK(rig.handler.lines().size() == lines);
}

TEST_CASE("New options hold for new sessions", "[engine]") {
  EngineRig rig;
  rig.listen();
  EngineOptions options;
  options.path = "/socket.io/";
  options.maxHttpBufferSize = 777;
  rig.engine->setOptions(options);
  auto peer = rig.connect("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(peer.readResponse().find("\"maxPayload\":777") != std::string::npos);
}
