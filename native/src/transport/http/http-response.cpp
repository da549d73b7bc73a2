#include "transport/http/http-response.hpp"

#include <array>
#include <charconv>

#include "beastio/host/reply.hpp"
#include "transport/beast/http.hpp"

namespace beastio::transport {
namespace {

void appendNumber(std::string& out, std::size_t number, int base = 10) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

void appendStatusLine(std::string& out, int status) {
  const auto phrase =
      beast::http::obsolete_reason(beast::http::int_to_status(static_cast<unsigned>(status)));
  out.append("HTTP/1.1 ");
  appendNumber(out, static_cast<std::size_t>(status));
  out.append(" ").append(phrase.data(), phrase.size()).append("\r\n");
}

void appendConnection(std::string& out, const ResponseContext& context) {
  if (!context.keepAlive) {
    out.append("Connection: close\r\n");
    return;
  }
  out.append("Connection: keep-alive\r\n");
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(context.keepAliveTimeout);
  if (context.keepAliveTimeout.count() == 0) return;
  out.append("Keep-Alive: timeout=");
  appendNumber(out, static_cast<std::size_t>(seconds.count()));
  out.append("\r\n");
}

}  // namespace

std::string formatResponse(const Reply& reply, ResponseContext& context) {
  const bool isCompressed = context.coding != protocol::ContentCoding::kNone;
  const bool isMeasured = reply.status == 200 && !reply.chunked && !isCompressed;
  if (!isMeasured && context.isHttp10) context.keepAlive = false;
  const auto type = toString(reply.type);
  const auto& body = reply.body;

  std::string out;
  out.reserve(320 + context.firstLines.size() + body.size());
  appendStatusLine(out, reply.status);
  out.append(context.firstLines);
  if (!type.empty()) out.append("Content-Type: ").append(type).append("\r\n");
  if (isCompressed) {
    out.append("Content-Encoding: ").append(protocol::toString(context.coding)).append("\r\n");
  } else if (isMeasured) {
    out.append("Content-Length: ");
    appendNumber(out, body.size());
    out.append("\r\n");
  }
  // Old Internet Explorers mistake payloads for script injection unless they are told otherwise.
  if (context.isForOldExplorer && reply.status == 200) out.append("X-XSS-Protection: 0\r\n");
  if (reply.noStore) out.append("cache-control: no-store\r\n");
  out.append(context.lines).append("Date: ").append(context.date).append("\r\n");
  appendConnection(out, context);
  const bool isChunked = !isMeasured && !context.isHttp10 && !context.isHead;
  if (isChunked) out.append("Transfer-Encoding: chunked\r\n");
  out.append("\r\n");
  if (context.isHead) return out;
  if (!isChunked) return out.append(body);
  if (!body.empty()) {
    appendNumber(out, body.size(), 16);
    out.append("\r\n").append(body).append("\r\n");
  }
  return out.append("0\r\n\r\n");
}

std::string formatHead(const AnswerHead& head, const ResponseContext& context) {
  std::string out;
  out.reserve(256 + context.firstLines.size() + head.lines.size());
  appendStatusLine(out, head.status);
  out.append(context.firstLines).append(head.lines);
  if (head.length) {
    out.append("Content-Length: ");
    appendNumber(out, *head.length);
    out.append("\r\n");
  }
  out.append("Date: ").append(context.date).append("\r\n");
  appendConnection(out, context);
  return out.append("\r\n");
}

std::string formatRefusal(int status) {
  return statusLine(status).append("Connection: close\r\n\r\n");
}

std::string statusLine(int status) {
  std::string out;
  appendStatusLine(out, status);
  return out;
}

}  // namespace beastio::transport
