#include "engine/doors/port/own-exchange.hpp"

#include <utility>

#include "beastio/host/reply.hpp"
#include "transport/http/http-connection.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::engine {

using protocol::ContentCoding;

OwnExchange::OwnExchange(Polls& polls, transport::HttpConnection& connection,
                         std::string_view acceptEncoding,
                         std::shared_ptr<const transport::Settings> settings)
    : PollingExchange(polls, connection.id()),
      connection_(connection.weak_from_this()),
      settings_(std::move(settings)),
      coding_(port().compressionThreshold ? protocol::chooseCoding(acceptEncoding)
                                          : ContentCoding::kNone) {}

const transport::PortSettings& OwnExchange::port() const { return settings_->port; }

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
