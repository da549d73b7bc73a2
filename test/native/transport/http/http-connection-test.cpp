// HttpConnection: requests and answers, keep-alive and pipelining, upgrades, handing over,
// timeouts. What it refuses is in http-refusal-test.cpp.
#include "transport/http/http-connection.hpp"

#include <catch2/catch.hpp>

#include "transport/http/http-rig.hpp"
#include "transport/stream/carrier.hpp"

using namespace beastio;
using namespace beastio::transport;
using namespace beastio::transport::test;

namespace {

using Lines = std::vector<std::string>;

const std::string kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: 6\r\n"
    "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\nanswer";

std::size_t countOf(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("A request is told to the router and its answer written", "[http]") {
  HttpRig rig;
  rig.start();
  CHECK(rig.exchange("GET /engine.io/?EIO=4 HTTP/1.1\r\nhost: x\r\norigin: http://o\r\n\r\n") ==
        kAnswer);
  CHECK(rig.headers == Lines{"/engine.io/?EIO=4"});
  CHECK(rig.requests == Lines{"GET /engine.io/?EIO=4 "});
  CHECK(rig.last.origin == "http://o");
  CHECK_FALSE(rig.last.isUpgrade);
  CHECK(rig.exchange("POST /b HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain;charset=UTF-8\r\n"
                     "Content-Length: 5\r\n\r\n4hello") == kAnswer);
  CHECK(rig.requests.back() == "POST /b 4hell");
  CHECK(rig.last.contentType == "text/plain;charset=UTF-8");
  CHECK_FALSE(rig.last.origin);
}

TEST_CASE("An answer has the headers it asks for", "[http]") {
  HttpRig rig;
  rig.answers = false;
  rig.start();
  rig.exchange(get("/a"));
  rig.connection->respond(
      {.status = 400, .type = ContentType::kJson, .noStore = true, .body = "{}"});
  CHECK(undated(rig.peer.available()) ==
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\ncache-control: no-store\r\n"
        "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\n{}\r\n0\r\n\r\n");
  rig.connection->respond({.body = "not asked"});
  CHECK(rig.peer.available().empty());
  rig.exchange(get("/b"));
  rig.connection->respond({.status = 500});
  CHECK(undated(rig.peer.available()) ==
        "HTTP/1.1 500 Internal Server Error\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}

TEST_CASE("HEAD gets the headers only", "[http]") {
  HttpRig rig;
  rig.start();
  const auto answer = rig.exchange("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(answer == kAnswer.substr(0, kAnswer.size() - 6));
  CHECK(rig.exchange(get("/b")) == kAnswer);
}

TEST_CASE("A connection ends after its last request", "[http]") {
  HttpRig rig;
  rig.start();
  const auto request = GENERATE(as<std::string>(), get("/a", "Connection: close\r\n"),
                                "GET /a HTTP/1.0\r\nHost: x\r\n\r\n", "GET /a HTTP/1.0\r\n\r\n");
  const auto answer = rig.exchange(request + get("/b"));
  CHECK(countOf(answer, "HTTP/1.1 200 OK") == 1);
  CHECK(countOf(answer, "Connection: close") == 1);
  CHECK(rig.requests.size() == 1);
  rig.peer.readAll();
  CHECK(rig.peer.ended());
  CHECK_FALSE(rig.gone);
  rig.peer.close();
  rig.turn();
  CHECK(rig.gone);
}

TEST_CASE("HTTP/1.0 may keep the connection", "[http]") {
  HttpRig rig;
  rig.start();
  CHECK(rig.exchange("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") == kAnswer);
  CHECK(rig.exchange(get("/b")) == kAnswer);
}

TEST_CASE("Pipelined requests are answered in order", "[http]") {
  HttpRig rig;
  SECTION("all in one segment") {
    rig.start();
    CHECK(rig.exchange("\r\n" + post("/a", "one") + get("/b") + post("/c", "three")) ==
          kAnswer + kAnswer + kAnswer);
  }
  SECTION("cut at every byte") {
    rig.start();
    std::string answers;
    for (const char c : post("/a", "one") + get("/b") + post("/c", "three")) {
      answers += rig.exchange({&c, 1});
    }
    CHECK(answers == kAnswer + kAnswer + kAnswer);
  }
  SECTION("read by another thread before") {
    rig.start(post("/a", "one") + get("/b") + "POST /c HTTP/1.1\r\nHost: x\r\nContent-Le");
    CHECK(rig.exchange("ngth: 5\r\n\r\nthree") == kAnswer + kAnswer + kAnswer);
  }
  CHECK(rig.requests == Lines{"POST /a one", "GET /b ", "POST /c three"});
}

TEST_CASE("A pipelined request waits for the answer before it", "[http]") {
  HttpRig rig;
  rig.answers = false;
  rig.start();
  CHECK(rig.exchange(get("/poll") + post("/b", "x")).empty());
  CHECK(rig.requests == Lines{"GET /poll "});
  rig.connection->respond({.body = "1"});
  CHECK(rig.requests.size() == 1);  // not under the feet of whoever answers
  rig.turn();
  CHECK(rig.requests.size() == 2);
  CHECK(countOf(rig.peer.available(), "HTTP/1.1 200") == 1);

  SECTION("but not without bound") {
    rig.exchange(std::string(HttpConnection::kMaxPipelinedBytes, 'x'));
    CHECK_FALSE(rig.gone);
    rig.exchange("x");
    CHECK(rig.gone);
  }
}

TEST_CASE("An answer that the peer does not read holds back the next request", "[http]") {
  HttpRig rig;
  rig.answers = false;
  rig.start();
  rig.exchange(get("/a") + get("/b"));
  const std::string large(4'000'000, 'x');
  rig.connection->respond({.body = large});
  rig.turn();
  CHECK(rig.requests.size() == 1);
  std::string received;
  for (int i = 0; i < 1000 && received.size() < large.size(); ++i) {
    received += rig.peer.available();
    rig.turn();
  }
  CHECK(received.ends_with(large));
  CHECK(rig.requests.size() == 2);
}

TEST_CASE("A chunked body is joined", "[http]") {
  HttpRig rig;
  rig.start();
  CHECK(rig.exchange(chunked("3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n")) ==
        kAnswer);
  CHECK(rig.requests == Lines{"POST /a abc0123456789"});

  SECTION("also one of a thousand chunks, byte by byte") {
    std::string body;
    for (int i = 0; i < 1000; ++i) body += "1\r\nx\r\n";
    std::string answer;
    for (const char c : chunked(body + "0\r\n\r\n")) answer += rig.exchange({&c, 1});
    CHECK(answer == kAnswer);
    CHECK(rig.requests.back() == "POST /a " + std::string(1000, 'x'));
  }
}

TEST_CASE("A body may have exactly the limit", "[http]") {
  EngineOptions options;
  options.maxHttpBufferSize = 1000;
  HttpRig rig(options);
  rig.start();
  CHECK(rig.exchange(post("/a", std::string(1000, 'x'))) == kAnswer);
  CHECK(rig.exchange(chunked("3E8\r\n" + std::string(1000, 'y') + "\r\n0\r\n\r\n")) == kAnswer);
}

TEST_CASE("A client that expects it is told to continue, once", "[http]") {
  HttpRig rig;
  rig.start();
  CHECK(rig.exchange("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                     "Content-Length: 3\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(rig.exchange("abc") == kAnswer);
  CHECK(rig.requests == Lines{"POST /a abc"});
}

TEST_CASE("An upgrade leaves the stream and what follows to the router", "[http]") {
  HttpRig rig;
  rig.start();
  const auto connectionLines =
      GENERATE(as<std::string>(), "Connection: Upgrade\r\n", "Connection: keep-alive, upgrade\r\n",
               "Connection: keep-alive\r\nConnection: Upgrade\r\n");
  rig.exchange(get("/a") +
               get("/ws", connectionLines +
                              "Upgrade: websocket\r\nSec-WebSocket-Key: k\r\n"
                              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: p\r\n") +
               "first frame");
  CHECK(rig.requests == Lines{"GET /a ", "UPGRADE /ws"});
  CHECK(rig.last.upgrade == "websocket");
  CHECK(rig.last.key == "k");
  CHECK(rig.last.version == "13");
  CHECK(rig.last.protocols == "p");
  CHECK(rig.head == "first frame");
  CHECK(rig.gone);
  REQUIRE(rig.stream);
  rig.stream->close();
}

TEST_CASE("Fields of one name are joined", "[http]") {
  HttpRig rig;
  rig.start();
  rig.exchange(get("/ws",
                   "Connection: Upgrade\r\nUpgrade: a\r\nUpgrade: b\r\nOrigin: c\r\n"
                   "Origin: d\r\nSec-WebSocket-Protocol: e\r\nSec-WebSocket-Protocol:\r\n"));
  CHECK(rig.last.upgrade == "a, b");
  CHECK(rig.last.origin == "c, d");
  CHECK(rig.last.protocols == "e, ");
  CHECK(rig.last.extensions == std::nullopt);
  REQUIRE(rig.stream);
  rig.stream->close();
}

TEST_CASE("Without Connection: Upgrade it is an ordinary request", "[http]") {
  HttpRig rig;
  rig.start();
  CHECK(rig.exchange(get("/a", "Upgrade: websocket\r\n")) == kAnswer);
  CHECK(rig.requests == Lines{"GET /a "});
}

TEST_CASE("A raw answer ends the connection", "[http]") {
  HttpRig rig;
  rig.takesStream = false;
  rig.start();
  rig.peer.send(get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  rig.turn();
  CHECK(rig.peer.readAll() == "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
  CHECK(rig.peer.ended());
}

TEST_CASE("A connection is handed over with every byte since its request began", "[http]") {
  HttpRig rig;
  Carrier carrier;
  std::string bytes;
  rig.takeAway = [&](HttpConnection& connection) {
    if (rig.headers.size() < 2) return false;
    carrier = connection.release(bytes);
    return true;
  };
  rig.start();
  const auto second =
      "POST /b HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\npart";
  CHECK(rig.exchange(get("/a") + second) == kAnswer);  // the next owner will say 100
  CHECK(bytes == second);
  CHECK(rig.gone);
  CHECK(rig.requests.size() == 1);
  const Peer released(carrier.descriptor.release());
  REQUIRE(released.descriptor() == rig.ends.second);
  rig.peer.send("of it");
  rig.turn();
  CHECK(rig.requests.size() == 1);
}

TEST_CASE("The end of the peer gives up what is not answered", "[http]") {
  HttpRig rig;
  rig.answers = false;
  rig.start();
  SECTION("while idle") { rig.peer.shutdownWrite(); }
  SECTION("within a request") {
    rig.peer.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\npart");
    rig.peer.shutdownWrite();
  }
  SECTION("while a poll waits") {
    rig.exchange(get("/poll"));
    rig.peer.shutdownWrite();
  }
  SECTION("by a reset") {
    rig.exchange(get("/poll"));
    rig.peer.close();
  }
  rig.turn();
  CHECK(rig.gone);
}

TEST_CASE("A peer that ended its direction still gets the answer", "[http]") {
  HttpRig rig;
  rig.answers = false;
  rig.start();
  rig.exchange(get("/a"));
  const std::string large(4'000'000, 'x');
  rig.connection->respond({.body = large});
  rig.peer.shutdownWrite();
  rig.turn();
  CHECK_FALSE(rig.gone);
  std::string received;
  for (int i = 0; i < 1000 && !rig.gone; ++i) {
    received += rig.peer.available();
    rig.turn();
  }
  received += rig.peer.readAll();
  CHECK(received.ends_with(large));
  CHECK(rig.gone);
}

TEST_CASE("Slow peers are cut", "[http][timeout]") {
  HttpRig rig;
  rig.answers = false;
  rig.start();
  SECTION("who send nothing") {
    rig.pass(59s);
    CHECK_FALSE(rig.gone);
    rig.pass(60s);
    CHECK(rig.gone);
    CHECK(rig.peer.readAll().empty());
  }
  SECTION("who never finish a header: 408") {
    rig.exchange("GET /a HTTP/1.1\r\nHo");
    rig.pass(60s);
    CHECK(rig.peer.readAll().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    CHECK(rig.peer.ended());
  }
  SECTION("who never finish a body: 408, later") {
    rig.exchange("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n");
    for (int i = 0; i < 8; ++i) rig.exchange(std::string(50'000, 'x'));  // fast enough
    rig.pass(299s);
    CHECK(rig.peer.available().empty());
    rig.pass(301s);
    CHECK(rig.peer.readAll().starts_with("HTTP/1.1 408 "));
  }
  SECTION("who keep an idle connection") {
    rig.answers = true;
    CHECK(rig.exchange(get("/a")) == kAnswer);
    rig.pass(4s);
    CHECK_FALSE(rig.gone);
    rig.pass(6s);
    CHECK(rig.gone);
  }
  SECTION("who do not close after the last answer") {
    rig.exchange(get("/a", "Connection: close\r\n"));
    rig.connection->respond({});
    rig.pass(6s);
    CHECK(rig.gone);
  }
  SECTION("who do not read the answer") {
    rig.exchange(get("/a"));
    rig.connection->respond({.body = std::string(4'000'000, 'x')});
    rig.pass(61s);
    CHECK(rig.gone);
  }
}

TEST_CASE("A waiting poll is not cut", "[http][timeout]") {
  HttpRig rig;
  rig.answers = false;
  rig.start();
  rig.exchange(get("/poll"));
  rig.pass(1h);
  CHECK_FALSE(rig.gone);
  rig.connection->respond({.body = "1"});
  CHECK(rig.peer.available().ends_with("\r\n\r\n1"));
  rig.pass(6s);
  CHECK(rig.gone);  // idle again
}
