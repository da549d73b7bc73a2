// HttpConnection and the bodies of requests. The router is asked before one is read, slow ones are
// given up, and large ones wait while the host has too much unhandled.
#include <catch2/catch.hpp>

#include "transport/http/http-rig.hpp"

using namespace beastio;
using namespace beastio::transport;
using namespace beastio::transport::test;

namespace {

using Lines = std::vector<std::string>;

/// The header of a request with a body of that length.
std::string header(std::string_view method, std::size_t length, std::string_view lines = {}) {
  return std::string(method) +
         " /a HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\n" +
         std::string(lines) + "\r\n";
}

}  // namespace

TEST_CASE("The router sees a header before its body", "[http][body]") {
  HttpRig rig;
  rig.start();
  SECTION("if that takes time to come") {
    rig.exchange(header("POST", 4));
    CHECK(rig.announced == Lines{"POST /a"});
    CHECK(rig.exchange("bo").empty());
    CHECK(rig.exchange("dy").starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(rig.announced == Lines{"POST /a"});
    CHECK(rig.requests == Lines{"POST /a body"});
    CHECK(rig.exchange(get("/b")).starts_with("HTTP/1.1 200 OK\r\n"));  // it is kept alive
  }
  SECTION("but not if there is none, or all of it") {
    rig.exchange(get("/a") + post("/a", "body"));
    CHECK(rig.announced.empty());
    CHECK(rig.requests.size() == 2);
  }
}

TEST_CASE("A body that the router does not want is not read", "[http][body]") {
  HttpRig rig;
  rig.refuses = true;
  rig.start();
  const auto lines = GENERATE(as<std::string>(), "", "Expect: 100-continue\r\n");
  rig.peer.send(header("POST", 900'000, lines) + std::string(50'000, 'x'));
  rig.turn();
  const auto answer = rig.peer.available();
  CHECK(answer.find("HTTP/1.1 400 Bad Request\r\n") != std::string::npos);
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  for (int i = 0; i < 17; ++i) {  // who goes on sending gets no reset for it
    rig.peer.send(std::string(50'000, 'x'));
    rig.turn();
  }
  rig.peer.send(get("/smuggled"));
  rig.turn();
  CHECK(rig.peer.ended());
  CHECK_FALSE(rig.gone);
  CHECK(rig.requests.empty());
  rig.pass(6s);
  CHECK(rig.gone);
}

TEST_CASE("Bodies that nobody reads are short", "[http][body]") {
  HttpRig rig;
  rig.start();
  SECTION("announced") { rig.peer.send(header("GET", HttpConnection::kMaxIgnoredBodyBytes + 1)); }
  SECTION("together with its header") {
    constexpr auto kLength = HttpConnection::kMaxIgnoredBodyBytes + 1;
    rig.peer.send(header("PUT", kLength) + std::string(kLength, 'x'));
  }
  SECTION("chunked") {
    rig.peer.send("GET /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    rig.turn();
    rig.peer.send("5000\r\n");
  }
  rig.turn();
  CHECK(rig.peer.readAll().starts_with("HTTP/1.1 413 "));
  CHECK(rig.requests.empty());
}

TEST_CASE("A GET may have a short one", "[http][body]") {
  HttpRig rig;
  rig.start();
  rig.exchange(header("GET", 5));
  CHECK(rig.exchange("hello").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("A body that comes too slowly is given up", "[http][body][timeout]") {
  HttpRig rig;
  rig.start();
  rig.exchange(header("POST", 900'000));
  rig.pass(9s);
  CHECK(rig.peer.available().empty());
  SECTION("when its time is over") {
    rig.exchange(std::string(10'000, 'x'));
    rig.pass(10s);
    CHECK(rig.peer.readAll().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    CHECK(rig.announced == Lines{"POST /a", "given up"});
  }
  SECTION("not while it brings enough for each second") {
    rig.exchange(std::string(30'000, 'x'));
    rig.pass(10s);
    rig.pass(29s);
    CHECK(rig.peer.available().empty());
    rig.pass(31s);
    CHECK(rig.peer.readAll().starts_with("HTTP/1.1 408 "));
  }
  SECTION("by its client, of whom the router hears") {
    rig.peer.close();
    rig.turn();
    CHECK(rig.gone);
    CHECK(rig.requests.empty());
  }
}

TEST_CASE("A chunked body that becomes too long is given up", "[http][body]") {
  EngineOptions options;
  options.maxHttpBufferSize = 1000;
  HttpRig rig(options);
  rig.start();
  rig.exchange(chunked("3\r\nabc\r\n"));
  rig.peer.send("400\r\n");
  rig.turn();
  CHECK(rig.peer.readAll().starts_with("HTTP/1.1 413 "));
  CHECK(rig.announced == Lines{"POST /a", "too long"});
}

TEST_CASE("A large body waits while the host's inbox is full", "[http][body]") {
  HttpRig rig;
  rig.start();
  rig.environment.setInboxFull();
  CHECK(rig.exchange(post("/a", "small")).starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(rig.exchange(get("/a")).starts_with("HTTP/1.1 200 OK\r\n"));
  const std::string large(HttpConnection::kSmallBodyBytes + 1, 'x');
  CHECK(rig.exchange(post("/b", large)).empty());
  CHECK(rig.environment.takeNewlyDeferred());
  CHECK(rig.requests.size() == 2);
  rig.pass(1h);  // nor is that the client's fault
  CHECK_FALSE(rig.gone);
  SECTION("with what is pipelined behind it") {
    CHECK(rig.exchange(get("/c")).empty());
    rig.environment.resumeReading();
    rig.turn();
    CHECK(rig.requests.size() == 4);
    CHECK(rig.requests.back() == "GET /c ");
  }
  SECTION("and again if it is full once more") {
    rig.environment.resumeReading();
    rig.environment.setInboxFull();
    rig.turn();
    CHECK(rig.requests.size() == 2);
    rig.environment.resumeReading();
    rig.turn();
    CHECK(rig.requests.size() == 3);
  }
  SECTION("unless its client leaves") {
    rig.peer.close();
    rig.turn();
    CHECK(rig.gone);
    rig.environment.resumeReading();
    rig.turn();
    CHECK(rig.requests.size() == 2);
  }
}
