#include "transport/websocket-accept.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <optional>
#include <vector>

#include "protocol/base64.hpp"
#include "protocol/sha1.hpp"

namespace beastio::transport {
namespace {

namespace beast = boost::beast;

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

protocol::WindowBitsOption toWindowBits(int value) {
  using Kind = protocol::WindowBitsOption::Kind;
  if (value == PerMessageDeflateOptions::kAsOffered) return {.kind = Kind::kAsOffered};
  if (value == PerMessageDeflateOptions::kRefused) return {.kind = Kind::kRefused};
  return {.kind = Kind::kFixed, .bits = static_cast<std::uint8_t>(value)};
}

protocol::DeflateOptions toDeflateOptions(const PerMessageDeflateOptions& options) {
  return {.serverNoContextTakeover = options.serverNoContextTakeover,
          .clientNoContextTakeover = options.clientNoContextTakeover,
          .serverMaxWindowBits = toWindowBits(options.serverMaxWindowBits),
          .clientMaxWindowBits = toWindowBits(options.clientMaxWindowBits)};
}

Acceptance refuse(std::string_view status, std::string_view message,
                  std::string_view headerLines = {}) {
  Acceptance refusal;
  refusal.response.append("HTTP/1.1 ")
      .append(status)
      .append("\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: ")
      .append(std::to_string(message.size()))
      .append("\r\n")
      .append(headerLines)
      .append("\r\n")
      .append(message);
  return refusal;
}

}  // namespace

Acceptance acceptWebSocket(const UpgradeHeaders& headers, std::string_view headerLines,
                           const std::optional<PerMessageDeflateOptions>& deflate) {
  if (headers.method != "GET") {
    return refuse("405 Method Not Allowed", "Invalid HTTP method");
  }
  if (!beast::iequals({headers.upgrade.data(), headers.upgrade.size()}, "websocket")) {
    return refuse("400 Bad Request", "Invalid Upgrade header");
  }
  if (!isKey(headers.key)) {
    return refuse("400 Bad Request", "Missing or invalid Sec-WebSocket-Key header");
  }
  if (headers.version != "13" && headers.version != "8") {
    return refuse("400 Bad Request", "Missing or invalid Sec-WebSocket-Version header",
                  "Sec-WebSocket-Version: 13, 8\r\n");
  }
  const auto protocol = headers.protocols ? firstProtocol(*headers.protocols) : std::string_view{};
  if (!protocol) return refuse("400 Bad Request", "Invalid Sec-WebSocket-Protocol header");

  protocol::DeflateNegotiation negotiation;
  if (deflate && headers.extensions) {
    negotiation = protocol::negotiateDeflate(*headers.extensions, toDeflateOptions(*deflate));
  }
  using Outcome = protocol::DeflateNegotiation::Outcome;
  if (negotiation.outcome == Outcome::kRefused) {
    return refuse("400 Bad Request", "Invalid or unacceptable Sec-WebSocket-Extensions header");
  }

  Acceptance acceptance{.accepted = true};
  acceptance.response
      .append(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Accept: ")
      .append(acceptKey(headers.key))
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

std::string refuseUpgrade(std::string_view message) {
  std::string response =
      "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n"
      "Content-Length: ";
  response.append(std::to_string(message.size())).append("\r\n\r\n").append(message);
  return response;
}

}  // namespace beastio::transport
