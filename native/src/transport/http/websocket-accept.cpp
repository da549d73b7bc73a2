#include "transport/http/websocket-accept.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "beastio/host/request.hpp"
#include "protocol/text/base64.hpp"
#include "protocol/text/sha1.hpp"
#include "transport/beast/http.hpp"
#include "transport/http/http-response.hpp"

namespace beastio::transport {
namespace {

constexpr std::string_view kKeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 §1.3

std::string acceptKey(std::string_view key) {
  std::string accept;
  protocol::appendBase64(protocol::sha1(std::string(key).append(kKeySuffix)), accept);
  return accept;
}

bool isBase64Character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

// 16 bytes in base64 are 22 characters and "==".
bool isKey(std::string_view key) {
  return key.size() == 24 && key.substr(22) == "==" &&
         std::all_of(key.begin(), key.begin() + 22, isBase64Character);
}

bool isTokenCharacter(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The first subprotocol of a valid, duplicate-free list.
std::optional<std::string_view> firstProtocol(std::string_view header) {
  std::string_view first;
  std::vector<std::string_view> seen;
  for (std::string_view rest = header;;) {
    const auto comma = rest.find(',');
    const auto name = trim(rest.substr(0, comma));
    if (name.empty() || !std::all_of(name.begin(), name.end(), isTokenCharacter)) {
      return std::nullopt;
    }
    seen.push_back(name);
    if (first.empty()) first = name;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  std::sort(seen.begin(), seen.end());
  if (std::adjacent_find(seen.begin(), seen.end()) != seen.end()) return std::nullopt;
  return first;
}

// An answer that ends the connection. `typeName`: the words of `ws` and engine.io differ in it.
std::string refusalText(int status, std::string_view typeName, std::string_view message,
                        std::string_view headerLines = {}) {
  return statusLine(status)
      .append("Connection: close\r\n")
      .append(typeName)
      .append(": text/html\r\nContent-Length: ")
      .append(std::to_string(message.size()))
      .append("\r\n")
      .append(headerLines)
      .append("\r\n")
      .append(message);
}

Acceptance refuse(int status, std::string_view message, std::string_view headerLines = {}) {
  return {.response = refusalText(status, "Content-Type", message, headerLines)};
}

}  // namespace

Acceptance acceptWebSocket(const Request& request, std::string_view headerLines,
                           const std::optional<protocol::DeflateOptions>& deflate) {
  if (request.method != "GET") {
    return refuse(405, "Invalid HTTP method");
  }
  if (!beast::iequals(request.upgrade, "websocket")) {
    return refuse(400, "Invalid Upgrade header");
  }
  if (!isKey(request.key)) {
    return refuse(400, "Missing or invalid Sec-WebSocket-Key header");
  }
  if (request.version != "13" && request.version != "8") {
    return refuse(400, "Missing or invalid Sec-WebSocket-Version header",
                  "Sec-WebSocket-Version: 13, 8\r\n");
  }
  const auto protocol = request.protocols ? firstProtocol(*request.protocols) : std::string_view{};
  if (!protocol) return refuse(400, "Invalid Sec-WebSocket-Protocol header");

  protocol::DeflateNegotiation negotiation;
  if (deflate && request.extensions) {
    negotiation = protocol::negotiateDeflate(*request.extensions, *deflate);
  }
  using Outcome = protocol::DeflateNegotiation::Outcome;
  if (negotiation.outcome == Outcome::kRefused) {
    return refuse(400, "Invalid or unacceptable Sec-WebSocket-Extensions header");
  }

  Acceptance acceptance{.accepted = true};
  acceptance.response
      .append(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Accept: ")
      .append(acceptKey(request.key))
      .append("\r\n");
  if (!protocol->empty()) {
    acceptance.response.append("Sec-WebSocket-Protocol: ").append(*protocol).append("\r\n");
  }
  if (negotiation.outcome == Outcome::kAccepted) {
    acceptance.deflate = negotiation.parameters;
    acceptance.response.append("Sec-WebSocket-Extensions: ")
        .append(negotiation.answer)
        .append("\r\n");
  }
  acceptance.response.append(headerLines).append("\r\n");
  return acceptance;
}

std::string refuseUpgrade(int status, std::string_view message) {
  return refusalText(status, "Content-type", message);
}

}  // namespace beastio::transport
