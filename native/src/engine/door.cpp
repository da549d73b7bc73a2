#include "engine/door.hpp"

#include <sys/random.h>

#include <array>
#include <utility>
#include <vector>

#include "protocol/query-string.hpp"
#include "transport/tcp-stream.hpp"
#include "transport/tls-stream.hpp"
#include "transport/websocket-connection.hpp"
#include "transport/webtransport-connection.hpp"

namespace beastio::engine {

using protocol::ContentCoding;
using session::Accepted;
using session::HttpExchange;
using session::Refusal;
using session::RequestLine;
using transport::BridgeStream;
using transport::HttpConnection;
using transport::TcpStream;
using transport::TlsStream;
using transport::WebSocketConnection;
using transport::WebTransportConnection;

namespace {

// Ids of the engine's own connections, apart from those that a host gives.
constexpr RequestId kOwnIds = RequestId{1} << 31U;
// Of those that the host hears of: it hears of several threads.
constexpr unsigned kHostIdBits = 24;

// What TLS has agreed on, kept in `facts`; none without TLS.
const TlsFacts* factsOf(const HttpConnection& connection, TlsFacts& facts) {
  const auto* const tls = connection.tls();
  if (tls == nullptr) return nullptr;
  facts = tls->facts();
  return &facts;
}

}  // namespace

/// A request that a session may keep waiting. Forgets itself in the thread's list of polls.
class Door::Exchange : public HttpExchange {
 public:
  Exchange(Polls& polls, RequestId id) : polls_(polls), id_(id) {}
  ~Exchange() override { polls_.erase(id_); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  RequestId id() const override { return id_; }
  /// It is a handshake, and has opened this session.
  virtual void onOpened(std::string_view) {}

 private:
  Polls& polls_;
  RequestId id_;
};

/// The host's own HTTP server answers.
class Door::AttachedExchange final : public Exchange {
 public:
  AttachedExchange(Polls& polls, EngineHandler& handler, RequestId id)
      : Exchange(polls, id), handler_(handler) {}

  void respond(const HttpResponse& response) override { handler_.onHttpResponse(id(), response); }

 private:
  EngineHandler& handler_;
};

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

unsigned threadOf(std::string_view sid, unsigned threads) {
  if (threads == 1) return 0;
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : sid) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash % threads;
}

Door::Door(unsigned thread, unsigned threads, transport::Environment& environment,
           session::SessionHost& host, SessionTable& sessions, EngineHandler& handler, Port& port,
           HandOver handOver)
    : thread_(thread),
      threads_(threads),
      environment_(environment),
      host_(host),
      sessions_(sessions),
      handler_(handler),
      port_(port),
      handOver_(std::move(handOver)) {}

Door::~Door() = default;

session::Verdict Door::verify(const RequestLine& line) const {
  return session::verify(
      line, *environment_.options,
      [this](std::string_view sid) -> std::optional<session::KnownSession> {
        const Client* client = sessions_.find(sid);
        if (client == nullptr) return std::nullopt;
        return session::KnownSession{client->session.transport(), client->session.protocol()};
      });
}

void Door::report(const Refusal& refusal, RequestId request, const OwnRequest* own) {
  if (own != nullptr && !environment_.options->port.reportRefusals) return;
  handler_.onRefused({.request = request,
                      .error = refusal.error,
                      .message = toString(refusal.error),
                      .contextName = refusal.contextName,
                      .contextValue = refusal.contextValue,
                      .own = own});
}

void Door::refuse(const Refusal& refusal, RequestId request, HttpExchange& exchange,
                  const OwnRequest* own) {
  report(refusal, request, own);
  const auto body = session::refusalBody(refusal.error, toString(refusal.error));
  exchange.respond({.status = session::refusalStatus(refusal.error),
                    .type = ContentType::kJson,
                    .chunked = true,
                    .body = body});
}

// 15 random bytes as 20 characters of the base64url alphabet; with several threads, such that the
// name leads back to this one.
std::string Door::newSid() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (;;) {
    std::array<std::uint8_t, 20> random;
    if (::getentropy(random.data(), random.size()) != 0) continue;
    std::string sid;
    for (const auto byte : random) sid.push_back(kAlphabet[byte & 63U]);
    if (threadOf(sid, threads_) == thread_ && sessions_.find(sid) == nullptr) return sid;
  }
}

Client* Door::addClient(std::string_view sid, const session::Dialect& dialect,
                        TransportName transport, RequestId request, const OwnRequest* own) {
  const auto id = sessions_.reserve();
  if (id == SessionId{} || (!sid.empty() && sessions_.find(sid) != nullptr)) return nullptr;
  auto& client = sessions_.add(std::make_unique<Client>(
      environment_.timers, host_, id, sid.empty() ? newSid() : std::string(sid), dialect));
  handler_.onOpen({.id = id,
                   .sid = client.session.sid(),
                   .request = request,
                   .transport = transport,
                   .protocol = dialect.protocol,
                   .own = own});
  return &client;
}

// Requests.

void Door::request(AttachedRequest request) {
  environment_.bytesRead += request.body.size();
  const RequestLine line{
      .method = request.method,
      .target = request.target,
      .origin = request.hasOrigin ? std::optional<std::string_view>(request.origin) : std::nullopt,
      .upgrade = request.upgrade};
  auto exchange = std::make_unique<AttachedExchange>(polls_, handler_, request.id);
  const auto verdict = verify(line);
  if (verdict.refusal) return refuse(*verdict.refusal, request.id, *exchange);
  if (request.verifyOnly) return handler_.onVerified(request.id);
  handle(line, verdict.accepted, request.sid, request.id, std::move(exchange), request.contentType,
         request.body);
}

void Door::handle(const RequestLine& line, const Accepted& accepted, std::string_view sid,
                  RequestId request, ExchangePtr exchange, std::string_view contentType,
                  std::string_view body, const OwnRequest* own) {
  const auto now = environment_.now();
  if (accepted.sid.empty()) {
    if (const auto refusal = session::verifyProtocol(accepted, *environment_.options)) {
      return refuse(*refusal, request, *exchange, own);
    }
    Client* client = addClient(sid, accepted.dialect, TransportName::kPolling, request, own);
    if (client == nullptr) {
      return refuse({RequestError::kBadRequest, "ID_GENERATION_ERROR", {}}, request, *exchange,
                    own);
    }
    exchange->onOpened(client->session.sid());
    return client->session.openOverPolling(std::move(exchange), now);
  }
  auto& session = sessions_.find(accepted.sid)->session;
  if (line.method == "GET") {
    polls_.emplace(exchange->id(), session.id());
    session.onPoll(std::move(exchange), now);
  } else if (line.method == "POST") {
    session.onPost(std::move(exchange), contentType, body, now);
  } else {
    session.onOtherMethod(std::move(exchange));
  }
}

void Door::abort(RequestId id) {
  const auto poll = polls_.find(id);
  if (poll == polls_.end()) return;
  if (Client* client = sessions_.find(poll->second)) client->session.onAborted(id);
}

// Upgrades.

void Door::upgrade(AttachedUpgrade upgrade) {
  auto& request = upgrade.request;
  std::shared_ptr<transport::ByteStream> stream;
  if (upgrade.descriptor >= 0) {
    stream = TcpStream::fromDescriptor(environment_, upgrade.descriptor);
  } else {
    stream = addBridge(request.id);
  }
  accept({.line = {.method = request.method,
                   .target = request.target,
                   .origin = request.hasOrigin ? std::optional<std::string_view>(request.origin)
                                               : std::nullopt,
                   .upgrade = true},
          .headers = {.method = request.method,
                      .upgrade = upgrade.upgrade,
                      .key = upgrade.key,
                      .version = upgrade.version,
                      .protocols = upgrade.protocols,
                      .extensions = upgrade.extensions},
          .headerLines = upgrade.headerLines,
          .sid = request.sid,
          .request = request.id},
         std::move(stream), std::move(upgrade.head));
}

void Door::accept(const Upgrade& upgrade, std::shared_ptr<transport::ByteStream> stream,
                  std::string head) {
  const auto connection =
      std::make_shared<WebSocketConnection>(environment_, *this, std::move(stream));
  connections_.emplace(connection.get(),
                       Connected{connection, upgrade.request, upgrade.own != nullptr});

  auto verdict = verify(upgrade.line);
  if (!verdict.refusal && verdict.accepted.sid.empty()) {
    verdict.refusal = session::verifyProtocol(verdict.accepted, *environment_.options);
  }
  if (verdict.refusal) {
    report(*verdict.refusal, upgrade.request, upgrade.own);
    return connection->refuse(transport::refuseUpgrade(toString(verdict.refusal->error)));
  }
  const auto acceptance = transport::acceptWebSocket(upgrade.headers, upgrade.headerLines,
                                                     environment_.options->perMessageDeflate);
  if (!acceptance.accepted) return connection->refuse(acceptance.response);

  connection->sendHandshake(acceptance.response);
  connection->agree(verdict.accepted.dialect, acceptance.deflate);
  session::Session* session = nullptr;
  // Otherwise engine.io answers 101 and closes: the polling transport handles no upgrades.
  if (verdict.accepted.transport != TransportName::kPolling) {
    session =
        sessionFor(*connection, verdict.accepted.sid, upgrade.sid, upgrade.request, upgrade.own);
  }
  connection->start(session, {reinterpret_cast<std::uint8_t*>(head.data()), head.size()});
}

void Door::webTransport(AttachedStream stream) {
  environment_.bytesRead += stream.head.size();
  const auto connection =
      std::make_shared<WebTransportConnection>(environment_, *this, addBridge(stream.id));
  connections_.emplace(connection.get(), Connected{connection, stream.id});
  auto* session = sessionFor(*connection, stream.sid, {}, stream.id, nullptr);
  auto& head = stream.head;
  connection->start(session, {reinterpret_cast<std::uint8_t*>(head.data()), head.size()});
}

// A new session, or the one that the connection is to take over; null if that cannot be.
session::Session* Door::sessionFor(transport::Connection& connection, std::string_view sid,
                                   std::string_view newSid, RequestId request,
                                   const OwnRequest* own) {
  const auto now = environment_.now();
  Client* client = nullptr;
  if (sid.empty()) {
    client = addClient(newSid, connection.dialect(), connection.name(), request, own);
    if (client != nullptr) client->session.openOver(connection, now);
  } else {
    client = sessions_.find(sid);
    if (client != nullptr && !client->session.beginUpgrade(connection, request, now)) {
      return nullptr;
    }
  }
  return client == nullptr ? nullptr : &client->session;
}

std::shared_ptr<BridgeStream> Door::addBridge(RequestId id) {
  auto bridge = std::make_shared<BridgeStream>(environment_, handler_, id);
  bridges_.emplace(id, bridge);
  return bridge;
}

void Door::onGone(transport::Connection& connection) {
  auto node = connections_.extract(&connection);
  if (node.empty()) return;
  environment_.bury(std::move(node.mapped().connection));
  bridges_.erase(node.mapped().request);
  if (node.mapped().isOwn) leavePort();
  if (node.mapped().request != 0) handler_.onConnectionGone(node.mapped().request);
}

// Bridged streams.

void Door::streamData(RequestId stream, std::string bytes) {
  if (auto* const connection = hostConnection(stream)) return connection->write(bytes);
  const auto found = bridges_.find(stream);
  if (found == bridges_.end()) return;
  if (const auto bridge = found->second.lock()) bridge->onHostData(std::move(bytes));
}

void Door::streamReadEnd(RequestId stream) {
  if (auto* const connection = hostConnection(stream)) return connection->finish();
  const auto found = bridges_.find(stream);
  if (found == bridges_.end()) return;
  if (const auto bridge = found->second.lock()) bridge->onHostReadEnd();
}

void Door::streamEnd(RequestId stream, const std::string& error) {
  if (auto* const connection = hostConnection(stream)) return connection->destroy();
  const auto node = bridges_.extract(stream);
  if (node.empty()) return;
  if (const auto bridge = node.mapped().lock()) bridge->onHostEnd(error);
}

void Door::streamDrain(RequestId stream, std::size_t bytes) {
  if (auto* const connection = hostConnection(stream)) return connection->acknowledge(bytes);
  const auto found = bridges_.find(stream);
  if (found == bridges_.end()) return;
  if (const auto bridge = found->second.lock()) bridge->onHostDrain(bytes);
}

// Own port.

void Door::welcome(transport::Descriptor descriptor) {
  auto stream = TcpStream::fromDescriptor(environment_, descriptor.release());
  const auto& context = environment_.tlsContext;
  if (!context) return speakHttp(std::move(stream), {});
  auto session = context->newSession();
  if (!session) {
    stream->close();
    return leavePort();
  }
  const auto handshake = std::make_shared<transport::TlsHandshake>(
      environment_, *this,
      std::make_shared<TlsStream>(environment_, std::move(stream), std::move(session)));
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

void Door::serve(transport::Carrier carrier, std::string_view bytes) {
  std::shared_ptr<transport::ByteStream> stream =
      TcpStream::fromDescriptor(environment_, carrier.descriptor.release());
  if (carrier.tls) {
    stream = std::make_shared<TlsStream>(environment_, std::move(stream), std::move(carrier.tls),
                                         std::move(carrier.unread), std::move(carrier.unwritten));
  }
  speakHttp(std::move(stream), bytes);
}

void Door::speakHttp(std::shared_ptr<transport::ByteStream> stream, std::string_view bytes) {
  const auto id = kOwnIds | ++lastHttpId_;
  auto connection = std::make_shared<HttpConnection>(environment_, *this, std::move(stream), id);
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
    do {
      left.stream = kOwnIds | thread_ << kHostIdBits | (++lastHostId_ & ((1U << kHostIdBits) - 1));
    } while (hostConnections_.contains(left.stream));
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
