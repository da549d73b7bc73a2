#include "engine/doors/port/own-exchange.hpp"

#include <utility>

#include "beastio/host/reply.hpp"
#include "beastio/options.hpp"

namespace beastio::engine {

using protocol::ContentCoding;

OwnExchange::OwnExchange(Polls& polls, transport::HttpConnection& connection,
                         const transport::HttpRequest& request,
                         std::shared_ptr<const EngineOptions> options)
    : PollingExchange(polls, connection.id()),
      connection_(connection.weak_from_this()),
      options_(std::move(options)),
      coding_(port().compressionThreshold ? protocol::chooseCoding(request.acceptEncoding)
                                          : ContentCoding::kNone) {}

const PortOptions& OwnExchange::port() const { return options_->port; }

void OwnExchange::respond(const Reply& reply) {
  const auto connection = connection_.lock();
  if (!connection) return;
  const auto lines = cookieOf(reply.openedSid);
  if (!reply.compress || coding_ == ContentCoding::kNone ||
      reply.body.size() < *port().compressionThreshold) {
    return connection->respond(reply, lines);
  }
  const auto body = protocol::compress(reply.body, coding_);
  auto compressed = reply;
  compressed.body = body;
  connection->respond(compressed, lines, coding_);
}

// The line that makes a client keep the sid of its new session; empty if there is none.
std::string OwnExchange::cookieOf(std::string_view sid) const {
  std::string line;
  if (sid.empty() || port().cookieStart.empty()) return line;
  line.append("Set-Cookie: ").append(port().cookieStart).append(sid);
  return line.append(port().cookieEnd).append("\r\n");
}

}  // namespace beastio::engine
