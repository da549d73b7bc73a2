// The door's side of the engine's own port: connections come with or without TLS, speak HTTP, and
// go on to the host, to another thread, or with their requests into the steps that both doors
// share. Owns what door.hpp says. Runs on: the door's I/O thread.
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/door.hpp"
#include "engine/exchange.hpp"
#include "protocol/http-compression.hpp"
#include "protocol/query-string.hpp"
#include "transport/peer-address.hpp"
#include "transport/tcp-stream.hpp"
#include "transport/tls-stream.hpp"

namespace beastio::engine {

using protocol::ContentCoding;
using session::RequestLine;
using transport::HttpConnection;
using transport::TcpStream;
using transport::TlsStream;

namespace {

// Ids of the engine's own connections, apart from those that a host gives.
constexpr RequestId kOwnIds = RequestId{1} << 31U;
// Of those that the host hears of: it hears of several threads.
constexpr unsigned kHostIdBits = 24;

// An id after the last one that no connection has: they come round, and connections may be old.
template <class Connections>
RequestId nextId(RequestId first, RequestId mask, RequestId& last, const Connections& taken) {
  RequestId id = 0;
  do {
    id = first | (++last & mask);
  } while (taken.contains(id));
  return id;
}

// What TLS has agreed on, kept in `facts`; none without TLS.
const TlsFacts* factsOf(const HttpConnection& connection, TlsFacts& facts) {
  const auto* const tls = connection.tls();
  if (tls == nullptr) return nullptr;
  facts = tls->facts();
  return &facts;
}

}  // namespace

/// A connection of the engine's own port answers.
class Door::OwnExchange final : public Exchange {
 public:
  OwnExchange(Polls& polls, HttpConnection& connection, const transport::HttpRequest& request,
              std::shared_ptr<const EngineOptions> options)
      : Exchange(polls, connection.id()),
        connection_(connection.weak_from_this()),
        options_(std::move(options)),
        coding_(port().compressionThreshold ? protocol::chooseCoding(request.acceptEncoding)
                                            : ContentCoding::kNone) {}

  void onOpened(std::string_view sid) override {
    if (port().cookieStart.empty()) return;
    lines_.append("Set-Cookie: ").append(port().cookieStart).append(sid);
    lines_.append(port().cookieEnd).append("\r\n");
  }

  void respond(const HttpResponse& response) override {
    const auto connection = connection_.lock();
    if (!connection) return;
    const std::string_view lines = response.status == 200 ? lines_ : std::string_view();
    if (!response.compress || coding_ == ContentCoding::kNone ||
        response.body.size() < *port().compressionThreshold) {
      return connection->respond(response, lines);
    }
    const auto body = protocol::compress(response.body, coding_);
    auto compressed = response;
    compressed.body = body;
    connection->respond(compressed, lines, coding_);
  }

 private:
  const PortOptions& port() const { return options_->port; }

  std::weak_ptr<HttpConnection> connection_;
  std::shared_ptr<const EngineOptions> options_;
  ContentCoding coding_;
  std::string lines_;
};

void Door::welcome(transport::Descriptor descriptor,
                   const std::optional<transport::PeerName>& name) {
  const auto& context = environment_.tlsContext;
  // A connection that breaks off has no address any more.
  auto peer = context && environment_.options->port.reportHandshakes
                  ? (name ? transport::endpointOf(*name) : transport::peerOf(descriptor.get()))
                  : Endpoint{};
  auto stream =
      TcpStream::fromDescriptor(environment_, descriptor.release(),
                                name ? TcpStream::From::kListener : TcpStream::From::kHost);
  if (!context) return speakHttp(std::move(stream), {}, name);
  auto session = context->newSession();
  if (!session) {
    stream->close();
    return leavePort();
  }
  const auto handshake = std::make_shared<transport::TlsHandshake>(
      environment_, *this,
      std::make_shared<TlsStream>(environment_, std::move(stream), std::move(session)),
      std::move(peer));
  handshakes_.emplace(handshake.get(), handshake);
  handshake->start(environment_.now() + context->handshakeTimeout());
}

void Door::onHandshake(transport::TlsHandshake& handshake, std::shared_ptr<TlsStream> stream) {
  auto node = handshakes_.extract(&handshake);
  if (!node.empty()) environment_.bury(std::move(node.mapped()));
  if (stream) {
    speakHttp(std::move(stream), {});
  } else {
    leavePort();
  }
}

void Door::onHandshakeFailed(const FailedHandshake& failed) {
  if (environment_.options->port.reportHandshakes) handler_.onHandshakeFailed(failed);
}

void Door::serve(transport::Carrier carrier, std::string_view bytes) {
  std::shared_ptr<transport::ByteStream> stream = TcpStream::fromDescriptor(
      environment_, carrier.descriptor.release(), TcpStream::From::kListener);
  if (carrier.tls) {
    stream = std::make_shared<TlsStream>(environment_, std::move(stream), std::move(carrier.tls),
                                         std::move(carrier.unread), std::move(carrier.unwritten));
  }
  speakHttp(std::move(stream), bytes);
}

void Door::speakHttp(std::shared_ptr<transport::ByteStream> stream, std::string_view bytes,
                     const std::optional<transport::PeerName>& peer) {
  const auto id = nextId(kOwnIds, kOwnIds - 1, lastHttpId_, https_);
  auto connection =
      std::make_shared<HttpConnection>(environment_, *this, std::move(stream), id, peer);
  https_.emplace(id, connection);
  connection->start(bytes);
}

void Door::closeHttp(bool idleOnly) {
  std::vector<std::shared_ptr<HttpConnection>> connections;
  for (const auto& [id, connection] : https_) {
    if (!idleOnly || connection->isIdle()) connections.push_back(connection);
  }
  for (const auto& connection : connections) connection->destroy();
  std::vector<std::shared_ptr<transport::TlsHandshake>> handshakes;
  for (const auto& [key, handshake] : handshakes_) handshakes.push_back(handshake);
  for (const auto& handshake : handshakes) handshake->destroy();
}

bool Door::isServed(std::string_view target) const {
  const auto path = protocol::splitTarget(target).first;
  const auto& served = environment_.options->path;
  return path.starts_with(served) &&
         (path.size() == served.size() || path.substr(served.size()) == "/");
}

bool Door::onRequestLine(HttpConnection& connection, const transport::RequestLineParts& line) {
  const bool isOurs = isServed(line.target);
  const auto leftToHost = environment_.options->port.leftToHost;
  if (leftToHost == LeftToHost::kEverything || (leftToHost == LeftToHost::kOtherPaths && !isOurs)) {
    leaveToHost(connection);
    return false;
  }
  if (!isOurs) return true;
  if (threads_ == 1) return true;
  const auto sid = session::sidOf(line.target);
  const auto owner = sid.empty() ? thread_ : threadOf(sid, threads_);
  if (owner == thread_) return true;
  port_.add(1);
  std::string bytes;
  auto carrier = connection.release(bytes);
  handOver_(owner, std::move(carrier), std::move(bytes));
  return false;
}

void Door::leaveToHost(HttpConnection& connection) {
  port_.add(1);
  std::string bytes;
  if (const auto* const tls = connection.tls()) {
    TlsConnection left{.thread = thread_, .peer = connection.peer(), .facts = tls->facts()};
    left.stream = nextId(kOwnIds | thread_ << kHostIdBits, (RequestId{1} << kHostIdBits) - 1,
                         lastHostId_, hostConnections_);
    auto host = std::make_shared<transport::HostConnection>(
        environment_, *this, handler_, left.stream, connection.takeStream(bytes));
    hostConnections_.emplace(left.stream, host);
    left.bytes = bytes;
    handler_.onTlsConnection(left);
    return host->start(bytes.size());
  }
  auto carrier = connection.release(bytes);
  handler_.onConnection(carrier.descriptor.release(), bytes);
}

transport::HostConnection* Door::hostConnection(RequestId stream) {
  const auto found = hostConnections_.find(stream);
  return found == hostConnections_.end() ? nullptr : found->second.get();
}

bool Door::lookAtTls(RequestId stream, const std::function<void(TlsSession&)>& look) {
  auto* const connection = hostConnection(stream);
  if (connection == nullptr) return false;
  look(*connection->tls());
  return true;
}

void Door::onGone(transport::HostConnection& connection) {
  leavePort();
  auto node = hostConnections_.extract(connection.id());
  if (!node.empty()) environment_.bury(std::move(node.mapped()));
}

void Door::leavePort() {
  if (port_.leave()) handler_.onPortIdle();
}

void Door::onRequest(HttpConnection& connection, transport::HttpRequest request) {
  if (!isServed(request.target)) return connection.respond({.status = 404});
  const RequestLine line{
      .method = request.method,
      .target = request.target,
      .origin = request.origin ? std::optional<std::string_view>(*request.origin) : std::nullopt};
  auto exchange = std::make_unique<OwnExchange>(polls_, connection, request, environment_.options);
  const auto verdict = verify(line);
  OwnRequest own{.header = request.header};
  TlsFacts facts;
  if (verdict.refusal || verdict.accepted.sid.empty()) {
    own.peer = connection.peer();
    own.tls = factsOf(connection, facts);
  }
  if (verdict.refusal) return refuse(*verdict.refusal, 0, *exchange, &own);
  handle(line, verdict.accepted, {}, 0, std::move(exchange), request.contentType, request.body,
         &own);
}

void Door::onUpgrade(HttpConnection& connection, transport::HttpRequest request) {
  // Who does not serve WebSockets does not know the header: it is an ordinary request then.
  if (!environment_.options->websocket) return onRequest(connection, std::move(request));
  if (!isServed(request.target)) {
    return connection.respondRaw("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
  }
  TlsFacts facts;
  const OwnRequest own{
      .header = request.header, .peer = connection.peer(), .tls = factsOf(connection, facts)};
  port_.add(1);
  std::string head;
  auto stream = connection.takeStream(head);
  accept({.line = {.method = request.method,
                   .target = request.target,
                   .origin = request.origin ? std::optional<std::string_view>(*request.origin)
                                            : std::nullopt,
                   .upgrade = true},
          .headers = {.method = request.method,
                      .upgrade = request.upgrade,
                      .key = request.key,
                      .version = request.version,
                      .protocols = request.protocols,
                      .extensions = request.extensions},
          .own = &own},
         std::move(stream), std::move(head));
}

void Door::onGone(HttpConnection& connection) {
  leavePort();
  abort(connection.id());
  auto node = https_.extract(connection.id());
  if (!node.empty()) environment_.bury(std::move(node.mapped()));
}

}  // namespace beastio::engine
