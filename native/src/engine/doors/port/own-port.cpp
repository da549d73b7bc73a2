#include "engine/doors/port/own-port.hpp"

#include <memory>
#include <string>

#include "beastio/host/port-events.hpp"
#include "beastio/host/reply.hpp"
#include "beastio/http-fields.hpp"
#include "beastio/options.hpp"
#include "beastio/tls.hpp"
#include "engine/doors/port/own-exchange.hpp"
#include "protocol/http/cors.hpp"
#include "protocol/text/query-string.hpp"
#include "transport/http/http-request.hpp"
#include "transport/http/http-response.hpp"
#include "transport/http/request-line.hpp"
#include "transport/loop/client-address.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::engine {

using transport::HttpConnection;
using transport::HttpRequest;

namespace {

/// What the host is told of a request. Lifetime: of the request.
class Told {
 public:
  explicit Told(const HttpRequest& request) : own_{.header = request.header} {}
  Told(HttpConnection& connection, const HttpRequest& request,
       const transport::AdmissionSettings& limits)
      : Told(request) {
    ask(connection, limits);
  }
  Told(const Told&) = delete;
  Told& operator=(const Told&) = delete;

  /// Adds what few requests need: the client's address, and what TLS has agreed on.
  void ask(HttpConnection& connection, const transport::AdmissionSettings& limits) {
    own_.peer = connection.peer();
    if (limits.countsAddresses()) findRoute(limits.proxies->empty());
    const auto* const tls = connection.tls();
    if (tls == nullptr) return;
    facts_ = tls->facts();
    own_.tls = &facts_;
  }
  Entrance entrance() const { return {.route = route_, .own = &own_}; }

 private:
  void findRoute(bool isDirect) {
    if (!isDirect) route_ = joinedHeaderValue(own_.header, "x-forwarded-for") + ",";
    route_ += own_.peer.address;
  }

  OwnRequest own_;
  std::string route_;
  TlsFacts facts_;
};

}  // namespace

bool OwnPort::isServed(const Request& request) const {
  return engine::isServed(request.target, *environment_.settings);
}

bool OwnPort::onRequestLine(HttpConnection& connection, const transport::RequestLineParts& line) {
  return !departures_.send(connection, line.target, *environment_.settings);
}

// The rules for answers to that request; null if there are none.
const CorsOptions* OwnPort::corsOf(const HttpRequest& request) const {
  const auto& settings = *environment_.settings;
  if (!settings.port.cors) return nullptr;
  const auto path = protocol::splitTarget(request.target).first;
  const auto& base = settings.path;
  const bool isBelow = path.starts_with(base) && (path.size() == base.size() ||
                                                  base.ends_with('/') || path[base.size()] == '/');
  return isBelow ? settings.port.cors.get() : nullptr;
}

// Adds what CORS says to the answer that follows. Returns whether that is all there is to say.
bool OwnPort::answerPreflight(HttpConnection& connection, const HttpRequest& request) const {
  const auto* const cors = corsOf(request);
  if (cors == nullptr) return false;
  if (request.method != "OPTIONS") {
    connection.setFirstLines(protocol::corsLines(*cors, request.header));
    return false;
  }
  connection.answer({.status = cors->preflightStatus,
                     .lines = protocol::preflightLines(*cors, request.header),
                     .length = 0});
  return true;
}

// Whom a body is for is known before it is read.
void OwnPort::onHeader(HttpConnection& connection, const HttpRequest& request) {
  if (answerPreflight(connection, request)) return;
  if (!isServed(request)) {
    if (!web_.isAnyHandler()) connection.respond({.status = 404});
    return;
  }
  const auto verdict = shared_.admission.verify(request);
  if (verdict.refusal) {
    OwnExchange exchange(shared_.polling.polls(), connection, request.acceptEncoding,
                         environment_.settings);
    return refuse(connection, *verdict.refusal, request, exchange);
  }
  if (request.method == "POST" && !beginPost(connection.id(), verdict.accepted)) {
    connection.respond({.status = 400});
  }
}

void OwnPort::onBodyGivenUp(HttpConnection& connection, bool isTooLong) {
  posts_.end(connection.id(), !isTooLong);
}

void OwnPort::onRequest(HttpConnection& connection, const HttpRequest& request) {
  posts_.end(connection.id(), false);
  if (answerPreflight(connection, request)) return;
  if (!isServed(request)) return web_.ask(connection, request);
  auto exchange = std::make_unique<OwnExchange>(shared_.polling.polls(), connection,
                                                request.acceptEncoding, environment_.settings);
  const auto verdict = shared_.admission.verify(request);
  if (verdict.refusal) return refuse(connection, *verdict.refusal, request, *exchange);
  Told told(request);
  if (verdict.accepted.sid.empty()) {
    told.ask(connection, environment_.settings->admission);
  } else if (request.method == "POST") {
    if (!beginPost(connection.id(), verdict.accepted)) return connection.respond({.status = 400});
    posts_.end(connection.id(), false);
  }
  shared_.polling.serve(request, verdict.accepted, told.entrance(), std::move(exchange));
}

void OwnPort::onUpgrade(HttpConnection& connection, const HttpRequest& request) {
  if (!isServed(request)) {
    environment_.counters.statuses.count(404);
    return connection.respondRaw(transport::formatRefusal(404));
  }
  const auto* const cors = corsOf(request);
  if (cors != nullptr && request.method == "OPTIONS") return connection.destroy();
  const auto lines = cors == nullptr ? std::string() : protocol::corsLines(*cors, request.header);
  const Told told(connection, request, environment_.settings->admission);
  port_.add(1);
  std::string head;
  auto stream = connection.takeStream(head);
  shared_.connections.acceptWebSocket(request, told.entrance(), lines, std::move(stream),
                                      std::move(head));
}

void OwnPort::onGone(HttpConnection& connection) {
  connections_.remove(connection);
  shared_.polling.abort(connection.id());
  posts_.end(connection.id(), true);
}

bool OwnPort::beginPost(RequestId connection, const session::Accepted& accepted) {
  return posts_.begin(connection, sessions_.find(accepted.sid)->session);
}

void OwnPort::dropPost(RequestId connection) {
  if (posts_.forget(connection)) connections_.drop(connection);
}

void OwnPort::refuse(HttpConnection& connection, const session::Refusal& refusal,
                     const HttpRequest& request, session::HttpExchange& exchange) {
  const Told told(connection, request, environment_.settings->admission);
  shared_.admission.refuse(refusal, told.entrance(), exchange);
}

}  // namespace beastio::engine
