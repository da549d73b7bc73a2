// The own port as a host sees it: what is left to the host, and the request of a session. Also
// cookies, compression, the count of connections, and closing. The rest is in engine-test.cpp.
#include <catch2/catch.hpp>

#include "engine/engine-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;

namespace {

const std::string kOther = "GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n";

EngineOptions leaving(LeftToHost what) {
  EngineOptions options;
  options.ioThreads = 2;
  options.port.leftToHost = what;
  return options;
}

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// A POST whose body does not come. It is answered with kContinue.
std::string bodyless(const std::string& sid) {
  return "POST /engine.io/?EIO=4&transport=polling&sid=" + sid +
         " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 900000\r\n\r\n";
}

}  // namespace

TEST_CASE("A connection for another path is the host's, with all its bytes", "[own-port]") {
  EngineRig rig(leaving(LeftToHost::kOtherPaths));
  rig.listen();
  auto peer = rig.connect();
  rig.openPolling(peer);
  peer.send(kOther + "and what follows");
  auto& host = rig.handler.awaitConnection(0);
  CHECK(rig.handler.awaitLine("connection " + kOther + "and what follows"));
  peer.send(" later");
  host.send("answer");
  CHECK(host.readExactly(6) == " later");
  CHECK(peer.readExactly(6) == "answer");
  CHECK(rig.engine->connections() == 1);
  rig.engine->addConnections(-1);
  CHECK(rig.engine->connections() == 0);
}

TEST_CASE("A connection of the host's counts for its address until its end", "[own-port]") {
  auto options = leaving(LeftToHost::kOtherPaths);
  options.admission.maxConnectionsPerAddress = 1;
  EngineRig rig(options);
  rig.listen();
  auto peer = rig.connect(kOther);
  const auto line = rig.handler.addressLine(0);
  CHECK(line != 0);
  CHECK(rig.connect().readAll().empty());
  rig.engine->hangUp(line);
  rig.engine->hangUp(line);
  auto next = rig.connect(kOther);
  CHECK(rig.handler.addressLine(1) != line);
  CHECK(rig.connect().readAll().empty());
}

TEST_CASE("Where connections are not limited, that of the host's counts as nothing", "[own-port]") {
  EngineRig rig(leaving(LeftToHost::kOtherPaths));
  rig.listen();
  auto peer = rig.connect(kOther);
  CHECK(rig.handler.addressLine(0) == 0);
}

TEST_CASE("A connection that the host does not take is closed, and counts no longer",
          "[own-port]") {
  auto options = leaving(LeftToHost::kEverything);
  options.ioThreads = 1;
  options.admission.maxConnectionsPerAddress = 1;
  struct Deaf : EngineHandler {
    void onOpen(const OpenedSession&) override {}
    void onMessage(SessionId, const Message&) override {}
    void onClose(SessionId, CloseReason, std::string_view) override {}
  };
  Deaf handler;
  Engine engine(options, [&](unsigned) -> EngineHandler& { return handler; });
  std::error_code error;
  const auto bound = engine.listen({.host = "127.0.0.1"}, error);
  REQUIRE(bound);
  for (int i = 0; i < 3; ++i) {
    CHECK(Peer::connected(bound->port, kOther).readAll().empty());
    CHECK(engine.connections() == 0);
  }
}

TEST_CASE("What is no request line is the host's too", "[own-port]") {
  EngineRig rig(leaving(LeftToHost::kOtherPaths));
  rig.listen();
  const auto bytes = GENERATE(as<std::string>(), "\x16\x03\x01", "GET /engine.io/\n", "a b c d\r\n",
                              "GET http://x/engine.io/ HTTP/1.1\r\n");
  auto peer = rig.connect(bytes);
  CHECK(rig.handler.awaitLine("connection " + bytes));
}

TEST_CASE("All connections are the host's from its word on", "[own-port]") {
  EngineRig rig(leaving(LeftToHost::kOtherPaths));
  rig.listen();
  auto peer = rig.connect();
  CHECK(rig.openPolling(peer).size() == 20);
  rig.engine->setOptions(leaving(LeftToHost::kEverything));
  const auto request = httpRequest("GET", "transport=polling");
  peer.send(request);
  CHECK(rig.handler.awaitLine("connection " + request));
}

TEST_CASE("A session of the own port brings its request", "[own-port]") {
  EngineRig rig;
  rig.listen();
  const auto lines = GENERATE(as<std::string>(), "", std::string(kUpgradeLines));
  const auto request =
      httpRequest("GET", lines.empty() ? "transport=polling" : "transport=websocket", lines);
  auto peer = rig.connect(request);
  const auto opened = rig.handler.awaitOpened(0);
  CHECK(opened.header == request);
  CHECK(opened.peer.address == "127.0.0.1");
  CHECK(opened.peer.port > 0);
}

TEST_CASE("A handshake sets its cookie, and other answers do not", "[own-port]") {
  EngineOptions options;
  options.port.cookieStart = "io=";
  options.port.cookieEnd = "; Path=/";
  EngineRig rig(options);
  rig.listen();
  auto peer = rig.connect(httpRequest("GET", "transport=polling"));
  const auto answer = peer.readResponse();
  const auto sid = sidIn(answer);
  CHECK(answer.find("Set-Cookie: io=" + sid + "; Path=/\r\n") != std::string::npos);
  peer.send(postOf(sid, "4a"));
  CHECK(peer.readResponse().find("Set-Cookie") == std::string::npos);
}

TEST_CASE("A closed port tells when its last connection is gone", "[own-port]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  auto idle = rig.connect();
  auto peer = rig.connect();
  rig.openWebSocket(peer);
  CHECK(rig.engine->connections() == 2);
  rig.engine->closePort();
  rig.engine->closeConnections(true);
  idle.readAll();
  CHECK(idle.ended());
  peer.close();
  CHECK(rig.handler.awaitLine("port idle"));
  CHECK(rig.engine->connections() == 0);
}

TEST_CASE("A host may accept for the port", "[own-port]") {
  EngineRig rig(leaving(LeftToHost::kOtherPaths));
  rig.engine->openPort();
  auto [peer, descriptor] = Peer::pair();
  rig.engine->addConnections(1);
  rig.engine->adopt(descriptor);
  CHECK(rig.openPolling(peer).size() == 20);
  CHECK(rig.openPolling(peer).size() == 20);  // the port is open: connections are kept
  rig.engine->closePort();
  CHECK(rig.engine->connections() == 1);
  peer.close();
  CHECK(rig.handler.awaitLine("port idle"));
}

TEST_CASE("More than so many connections are turned away", "[own-port]") {
  EngineOptions options;
  options.port.maxConnections = 1;
  EngineRig rig(options);
  rig.listen();
  auto first = rig.connect();
  rig.openPolling(first);
  auto second = rig.connect();
  second.readAll();
  CHECK(second.ended());
  first.close();
  for (;;) {
    auto third = rig.connect(httpRequest("GET", "transport=polling"));
    if (!third.readResponse().empty()) break;
  }
}

TEST_CASE("A body for nobody is refused by its header", "[own-port][body]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect(bodyless(GENERATE(as<std::string>(), "nobody", "")));
  const auto answer = peer.readAll();
  CHECK(answer.starts_with(std::string(kContinue) + "HTTP/1.1 400 Bad Request\r\n"));
  CHECK(answer.find("\"code\":") != std::string::npos);
  CHECK(peer.ended());
}

TEST_CASE("A body for another path is refused by its header", "[own-port][body]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n");
  CHECK(peer.readAll().starts_with("HTTP/1.1 404 "));
}

TEST_CASE("A session reads one body at a time", "[own-port][body]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  auto peer = rig.connect();
  const auto sid = rig.openPolling(peer);
  auto post = rig.connect(bodyless(sid));
  post.readThrough(kContinue);
  SECTION("a second one ends it") {
    auto begun = rig.connect(bodyless(sid));
    CHECK(begun.readAll().starts_with(std::string(kContinue) + "HTTP/1.1 400 "));
    CHECK(rig.handler.awaitLine("close transport error: data request overlap from client"));
    CHECK(post.readAll().empty());  // nobody wants the rest of the first
    CHECK(post.ended());
  }
  SECTION("a second one ends it, also if it is whole") {
    peer.send(postOf(sid, "4a"));
    CHECK(peer.readResponse().starts_with("HTTP/1.1 400 "));
    CHECK(rig.handler.awaitLine("close transport error: data request overlap from client"));
  }
  SECTION("and ends with who gives it up") {
    post.close();
    CHECK(
        rig.handler.awaitLine("close transport error: data request connection closed prematurely"));
  }
  SECTION("and goes on after it") {
    post.send(std::string("4") + std::string(899'999, 'x'));
    CHECK(bodyOf(post.readResponse()) == "ok");
    peer.send(postOf(sid, "4after"));
    CHECK(bodyOf(peer.readResponse()) == "ok");
    CHECK(rig.handler.awaitLine("text after"));
  }
}

TEST_CASE("A body that becomes too long does not end its session", "[own-port][body]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect();
  const auto sid = rig.openPolling(peer);
  auto post = rig.connect("POST /engine.io/?EIO=4&transport=polling&sid=" + sid +
                          " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  post.send("F4240\r\n");
  post.send(std::string(1'000'000, 'x') + "\r\n1\r\n");
  CHECK(post.readAll().starts_with("HTTP/1.1 413 "));
  peer.send(postOf(sid, "4after"));
  CHECK(bodyOf(peer.readResponse()) == "ok");
  CHECK(rig.handler.awaitLine("text after"));
}

TEST_CASE("Connections that break off anywhere leave nothing behind", "[own-port]") {
  EngineRig rig(leaving(LeftToHost::kNothing));
  rig.listen();
  const auto whole = httpRequest("GET", "transport=websocket", kUpgradeLines);
  const auto post = httpRequest("POST", "transport=polling&sid=x", {}, "4hello");
  for (std::size_t i = 0; i < 400; ++i) {
    const auto& text = i % 2 == 0 ? whole : post;
    auto peer = rig.connect(std::string_view(text).substr(0, i % (text.size() + 1)));
    if (i % 3 == 0) peer.reset();
  }
  // Accepted after all of them, and the last to go: a port that is empty when it closes tells
  // nothing.
  auto last = rig.connect();
  rig.openWebSocket(last);
  rig.engine->closePort();
  rig.engine->closeConnections(true);
  last.close();
  CHECK(rig.handler.awaitLine("port idle"));
  CHECK(rig.engine->connections() == 0);
}
