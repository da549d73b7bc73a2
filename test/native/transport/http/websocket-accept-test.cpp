// The opening handshake's answers, as ws gives them.
#include "transport/http/websocket-accept.hpp"

#include <catch2/catch.hpp>

#include "beastio/host/request.hpp"
#include "beastio/options.hpp"

using namespace beastio::transport;

namespace {

// RFC 6455 §1.3.
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";

beastio::Request valid() {
  return {.method = "GET", .upgrade = "websocket", .key = std::string(kKey), .version = "13"};
}

std::string refusal(std::string_view status, std::string_view message,
                    std::string_view lines = {}) {
  return "HTTP/1.1 " + std::string(status) +
         "\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: " +
         std::to_string(message.size()) + "\r\n" + std::string(lines) + "\r\n" +
         std::string(message);
}

void checkRefused(const beastio::Request& headers, const std::string& response) {
  const auto acceptance = acceptWebSocket(headers, "X-Never: sent\r\n", std::nullopt);
  CHECK_FALSE(acceptance.accepted);
  CHECK(acceptance.response == response);
}

}  // namespace

TEST_CASE("A valid handshake gets the accept key of RFC 6455", "[accept]") {
  const auto acceptance = acceptWebSocket(valid(), {}, std::nullopt);
  CHECK(acceptance.accepted);
  CHECK(acceptance.response ==
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
}

TEST_CASE("A handshake may differ in case and version, and carry headers", "[accept]") {
  auto headers = valid();
  headers.upgrade = "WebSocket";
  headers.version = "8";
  const auto acceptance = acceptWebSocket(headers, "X-A: 1\r\nX-B: 2\r\n", std::nullopt);
  CHECK(acceptance.accepted);
  CHECK(acceptance.response.ends_with("=\r\nX-A: 1\r\nX-B: 2\r\n\r\n"));
}

TEST_CASE("The first subprotocol is accepted", "[accept]") {
  auto headers = valid();
  headers.protocols = " chat.v1 ,b\t, c";
  CHECK(acceptWebSocket(headers, {}, std::nullopt)
            .response.find("Sec-WebSocket-Protocol: chat.v1\r\n") != std::string::npos);
}

TEST_CASE("What is wrong with a handshake is told in ws's order and words", "[accept]") {
  const auto method = refusal("405 Method Not Allowed", "Invalid HTTP method");
  const auto upgrade = refusal("400 Bad Request", "Invalid Upgrade header");
  const auto key = refusal("400 Bad Request", "Missing or invalid Sec-WebSocket-Key header");
  const auto version = refusal("400 Bad Request", "Missing or invalid Sec-WebSocket-Version header",
                               "Sec-WebSocket-Version: 13, 8\r\n");
  const auto protocol = refusal("400 Bad Request", "Invalid Sec-WebSocket-Protocol header");

  beastio::Request headers{.method = "POST", .upgrade = "h2c", .protocols = ","};
  checkRefused(headers, method);
  headers.method = "GET";
  checkRefused(headers, upgrade);
  headers.upgrade = "";
  checkRefused(headers, upgrade);
  headers.upgrade = "websocket";
  checkRefused(headers, key);
  for (const std::string bad : {"dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===",
                                "dGhlIHNhbXBsZSBub25jZ-==", "dGhlIHNhbXBsZSBub25jZQAA", "short"}) {
    headers.key = bad;
    checkRefused(headers, key);
  }
  headers.key = std::string(kKey);
  for (const std::string bad : {"", "12", "14", "013x", "13, 8"}) {
    headers.version = bad;
    checkRefused(headers, version);
  }
  headers.version = "13";
  for (const std::string bad :
       {"", " ", ",", "a,", ",a", "a,,b", "a b", "a/b", "a,b,a", "caf\xC3\xA9"}) {
    headers.protocols = bad;
    checkRefused(headers, protocol);
  }
}

TEST_CASE("A subprotocol list of many blanks takes linear time", "[accept]") {
  auto headers = valid();
  const auto blanks = "b" + std::string(1'000'000, ' ') + "x";
  headers.protocols = blanks;
  CHECK_FALSE(acceptWebSocket(headers, {}, std::nullopt).accepted);
  std::string many;
  for (int i = 0; i < 50'000; ++i) many += "p" + std::to_string(i) + ",";
  headers.protocols = many;
  CHECK_FALSE(acceptWebSocket(headers, {}, std::nullopt).accepted);
}

TEST_CASE("engine.io's refusal of an upgrade is the message alone", "[accept]") {
  CHECK(refuseUpgrade(400, "Transport unknown") ==
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n"
        "Content-Length: 17\r\n\r\nTransport unknown");
}
