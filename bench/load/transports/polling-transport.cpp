// Requests out; packets of response bodies in.
#include "transports/polling-transport.hpp"

#include "error.hpp"

namespace load {
namespace {

constexpr std::size_t kGet = 0;
constexpr std::size_t kPost = 1;
constexpr char kSeparator = '\x1e';
constexpr std::string_view kSidField = "\"sid\":\"";

std::string_view sidOf(std::string_view packet) {
  const std::size_t field = packet.find(kSidField);
  if (!packet.starts_with("0{") || field == std::string_view::npos) {
    throw LoadError("got " + shown(packet) + " for a handshake");
  }
  const std::string_view rest = packet.substr(field + kSidField.size());
  return rest.substr(0, rest.find('"'));
}

}  // namespace

PollingTransport::PollingTransport(std::uint16_t port, const TlsContext* tls)
    : lines_{Line{{port, tls}, {}}, Line{{port, tls}, {}}} {
  sendGet();
}

void PollingTransport::sendText(std::string_view packet) {
  if (!queued_.empty()) queued_.push_back(kSeparator);
  queued_.append(packet);
}

void PollingTransport::sendBinary(std::string_view) {
  throw LoadError("this client sends no binary packets by polling");
}

void PollingTransport::flush() {
  if (!posting_ && !queued_.empty()) sendPost();
  for (Line& line : lines_) line.socket.flush();
}

void PollingTransport::receive(std::size_t which, std::span<char> buffer, PacketSink& sink) {
  Line& line = lines_[which];
  do {
    const std::size_t count = line.socket.receive(buffer);
    if (count == 0) return;
    const auto now = Clock::now();
    line.incoming.append(buffer.data(), count);
    while (const auto response = parseResponse(line.incoming)) {
      line.incoming.erase(0, response->size);
      onResponse(which, *response, sink, now);
    }
  } while (line.socket.hasBuffered());
}

void PollingTransport::onResponse(std::size_t which, const HttpResponse& response, PacketSink& sink,
                                  Clock::time_point now) {
  if (response.status != 200) {
    throw LoadError("got status " + std::to_string(response.status) + " with " +
                    shown(response.body));
  }
  if (which == kPost) {
    if (response.body != "ok") throw LoadError("got " + shown(response.body) + " for a POST");
    posting_ = false;
    return;
  }
  getting_ = false;
  for (std::string_view rest = response.body; !rest.empty();) {
    const std::string_view packet = rest.substr(0, rest.find(kSeparator));
    if (sid_.empty()) {
      sid_ = sidOf(packet);
      target_.append("&sid=").append(sid_);
    }
    sink.onText(packet, now);
    rest.remove_prefix(std::min(packet.size() + 1, rest.size()));
  }
  if (!pausing_) sendGet();
}

void PollingTransport::sendGet() {
  getting_ = true;
  lines_[kGet].socket.outgoing().append("GET ").append(target_).append(
      " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
}

void PollingTransport::sendPost() {
  lines_[kPost]
      .socket.outgoing()
      .append("POST ")
      .append(target_)
      .append(
          " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain;charset=UTF-8\r\n"
          "Content-Length: ")
      .append(std::to_string(queued_.size()))
      .append("\r\n\r\n")
      .append(queued_);
  queued_.clear();
  posting_ = true;
}

}  // namespace load
