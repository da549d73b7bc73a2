// CORS on the own port: the bytes of the genuine package, and no CORS without the option.
#include <catch2/catch.hpp>
#include <string>

#include "engine/engine-rig.hpp"
#include "support/cors-answers.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;

namespace {

EngineOptions withCors(CorsOptions cors) {
  EngineOptions options;
  options.port.cors = std::move(cors);
  return options;
}

/// The head of an answer without its date, as in CorsExchange.
std::string headOf(Peer& peer) {
  auto head = peer.readThrough("\r\n\r\n");
  head.resize(head.size() - std::min<std::size_t>(2, head.size()));
  const auto date = head.find("Date: ");
  if (date != std::string::npos) head.erase(date, head.find("\r\n", date) + 2 - date);
  return head;
}

const std::string kPreflight =
    "OPTIONS /engine.io/ HTTP/1.1\r\nHost: x\r\nOrigin: http://a.example\r\n"
    "Access-Control-Request-Method: POST\r\n";

}  // namespace

TEST_CASE("Answers have the CORS headers of the genuine package", "[own-port][cors]") {
  for (const auto& [options, exchanges] : kCorsCases) {
    EngineRig rig(withCors(options));
    rig.listen();
    for (const auto& [request, answer] : exchanges) {
      INFO(request);
      auto peer = rig.connect(request);
      CHECK(headOf(peer) == answer);
    }
  }
}

TEST_CASE("Polls and posts have CORS headers too, on one connection", "[own-port][cors]") {
  EngineRig rig(withCors({.origins = {"http://a.example"}}));
  rig.listen();
  auto peer = rig.connect();
  const auto sid = rig.openPolling(peer);
  const auto mine = "Access-Control-Allow-Origin: http://a.example\r\nVary: Origin\r\n";
  const std::string origin = "Origin: http://a.example\r\n";
  const auto poll = "transport=polling&sid=" + sid;
  rig.send(rig.handler.awaitOpened(0).id, "hello");
  peer.send(httpRequest("GET", poll, origin));
  CHECK(peer.readResponse().find(mine) != std::string::npos);
  peer.send(httpRequest("POST", poll, origin, "4x"));
  CHECK(peer.readResponse().find(mine) != std::string::npos);
  peer.send(httpRequest("PUT", poll, origin));
  const auto refused = peer.readResponse();
  CHECK(refused.starts_with("HTTP/1.1 500 "));
  CHECK(refused.find(mine) != std::string::npos);
  peer.send(httpRequest("POST", poll, {}, "4x"));
  const auto other = peer.readResponse();
  CHECK(other.find("Allow-Origin") == std::string::npos);
  CHECK(other.find("Vary: Origin\r\n") != std::string::npos);
  peer.send("POST /engine.io/?EIO=4&" + poll + " HTTP/1.1\r\nHost: x\r\n" + origin +
            "Transfer-Encoding: chunked\r\n\r\nF4241\r\n" + std::string(1'000'001, 'x'));
  const auto tooLong = peer.readAll();
  CHECK(tooLong.starts_with("HTTP/1.1 413 "));
}

TEST_CASE("A preflight may have a body, be pipelined, and ask for an upgrade", "[own-port][cors]") {
  EngineRig rig(withCors({.origins = {"*"}}));
  rig.listen();
  auto peer = rig.connect(kPreflight + "Content-Length: 2\r\n\r\n{}" + kPreflight + "\r\n");
  CHECK(headOf(peer).starts_with("HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n"));
  CHECK(headOf(peer).starts_with("HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n"));
  auto slow = rig.connect(kPreflight + "Content-Length: 2\r\n\r\n");
  const auto answer = slow.readAll();
  CHECK(answer.starts_with("HTTP/1.1 204 "));
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  auto upgrade = rig.connect(kPreflight + std::string(kUpgradeLines) + "\r\n");
  CHECK(upgrade.readAll().empty());
  CHECK(upgrade.ended());
}

TEST_CASE("Without the option there is no CORS", "[own-port][cors]") {
  EngineRig rig;
  rig.listen();
  auto peer = rig.connect(kPreflight + "\r\n");
  const auto answer = peer.readResponse();
  CHECK(answer.starts_with("HTTP/1.1 400 "));
  CHECK(answer.find("Access-Control") == std::string::npos);
  CHECK(answer.find("Vary") == std::string::npos);
}

TEST_CASE("CORS is for the path of the engine and what is below it", "[own-port][cors]") {
  auto options = withCors({.origins = {"*"}});
  options.path = GENERATE(as<std::string>(), "/engine.io/", "/engine.io");
  EngineRig rig(options);
  rig.listen();
  const auto hasCors = [&rig](const std::string& path) {
    auto peer = rig.connect("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return peer.readResponse().find("Allow-Origin: *") != std::string::npos;
  };
  CHECK(hasCors("/engine.io/?EIO=4&transport=polling"));
  CHECK(hasCors("/engine.io/engine.io.js"));
  CHECK_FALSE(hasCors("/engine.iox"));
  CHECK_FALSE(hasCors("/"));
}
