#include "engine/door.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/exchange.hpp"
#include "transport/tcp-stream.hpp"
#include "transport/websocket-connection.hpp"
#include "transport/webtransport-connection.hpp"

namespace beastio::engine {

using session::Accepted;
using session::HttpExchange;
using session::Refusal;
using session::RequestLine;
using transport::BridgeStream;
using transport::TcpStream;
using transport::WebSocketConnection;
using transport::WebTransportConnection;

/// The host's own HTTP server answers.
class Door::AttachedExchange final : public Exchange {
 public:
  AttachedExchange(Polls& polls, EngineHandler& handler, RequestId id)
      : Exchange(polls, id), handler_(handler) {}

  void respond(const HttpResponse& response) override { handler_.onHttpResponse(id(), response); }

 private:
  EngineHandler& handler_;
};

unsigned threadOf(std::string_view sid, unsigned threads) {
  if (threads == 1) return 0;
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : sid) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash % threads;
}

std::optional<unsigned> threadOf(const AttachedRequest& request, unsigned threads) {
  const auto known = session::sidOf(request.target);
  const auto& sid = known.empty() ? request.sid : known;
  return sid.empty() ? std::nullopt : std::optional(threadOf(sid, threads));
}

transport::UpgradeHeaders headersOf(const AttachedUpgrade& upgrade) {
  return {.method = upgrade.request.method,
          .upgrade = upgrade.upgrade,
          .key = upgrade.key,
          .version = upgrade.version,
          .protocols = upgrade.protocols,
          .extensions = upgrade.extensions};
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
    std::string sid;
    sid.reserve(kSidLength);
    for (const auto byte : drawSid()) sid.push_back(kAlphabet[byte & 63U]);
    if (threadOf(sid, threads_) == thread_ && sessions_.find(sid) == nullptr) return sid;
  }
}

std::span<const std::uint8_t, kSidLength> Door::drawSid() {
  constexpr std::size_t kMostAtOnce = 256;  // getentropy(3)
  if (drawn_ == 0) {
    for (std::size_t at = 0; at < random_.size();) {
      const auto count = std::min(kMostAtOnce, random_.size() - at);
      if (::getentropy(random_.data() + at, count) == 0) at += count;
    }
  }
  const std::span<const std::uint8_t, kSidLength> drawn(random_.data() + drawn_, kSidLength);
  drawn_ = (drawn_ + kSidLength) % random_.size();
  return drawn;
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

void Door::request(const AttachedRequest& request) {
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
  // A request that should have been an upgrade is never answered by engine.io, and harms nobody.
  if (session.transport() != TransportName::kPolling) return;
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
    stream = TcpStream::fromDescriptor(environment_, upgrade.descriptor, TcpStream::From::kHost);
  } else {
    stream = addBridge(request.id);
  }
  accept({.line = {.method = request.method,
                   .target = request.target,
                   .origin = request.hasOrigin ? std::optional<std::string_view>(request.origin)
                                               : std::nullopt,
                   .upgrade = true},
          .headers = headersOf(upgrade),
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

  const auto refuse = [&](const Refusal& refusal) {
    report(refusal, upgrade.request, upgrade.own);
    connection->refuse(transport::refuseUpgrade(toString(refusal.error)));
  };
  const auto verdict = verify(upgrade.line);
  if (verdict.refusal) return refuse(*verdict.refusal);
  const auto acceptance = transport::acceptWebSocket(upgrade.headers, upgrade.headerLines,
                                                     environment_.options->perMessageDeflate);
  if (!acceptance.accepted) return connection->refuse(acceptance.response);
  // The polling transport handles no upgrades: engine.io answers 101 and closes.
  const bool isHandled = verdict.accepted.transport != TransportName::kPolling;
  if (isHandled && verdict.accepted.sid.empty()) {
    const auto refusal = session::verifyProtocol(verdict.accepted, *environment_.options);
    if (refusal) return refuse(*refusal);
  }

  connection->sendHandshake(acceptance.response);
  connection->agree(verdict.accepted.dialect, acceptance.deflate);
  session::Session* session = nullptr;
  if (isHandled) {
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

}  // namespace beastio::engine
