#include "engine/doors/port/port-connections.hpp"

#include <utility>

#include "beastio/host/handler.hpp"
#include "beastio/tls.hpp"
#include "transport/http/http-connection.hpp"
#include "transport/loop/settings.hpp"
#include "transport/stream/tcp-stream.hpp"
#include "transport/stream/tls-stream.hpp"

namespace beastio::engine {

using transport::HttpConnection;
using transport::TcpStream;
using transport::TlsHandshake;
using transport::TlsStream;

void PortConnections::welcome(transport::Descriptor descriptor,
                              const std::optional<transport::PeerName>& name) {
  environment_.counters.accepted.add();
  const bool hasTls = environment_.tlsContext != nullptr;
  // A connection that breaks off has no address any more.
  const auto peer = hasTls && !name && environment_.settings->port.reportHandshakes
                        ? transport::peerNameOf(descriptor.get())
                        : name;
  std::optional<Visitors::Line> line;
  if (environment_.settings->admission.maxConnectionsPerAddress > 0) {
    line = admission_.connect(name ? name : transport::peerNameOf(descriptor.get()));
    if (!line) return leave();
  }
  auto stream =
      TcpStream::fromDescriptor(environment_, descriptor.release(),
                                name ? TcpStream::From::kListener : TcpStream::From::kHost);
  if (line) stream->keep(std::move(*line));
  if (!hasTls) return speakHttp(std::move(stream), {}, name);
  shakeHands(std::move(stream), peer);
}

void PortConnections::shakeHands(std::shared_ptr<transport::ByteStream> stream,
                                 const std::optional<transport::PeerName>& peer) {
  const auto& context = environment_.tlsContext;
  auto session = context->newSession();
  if (!session) {
    stream->close();
    return leave();
  }
  const auto handshake = std::make_shared<TlsHandshake>(
      environment_, *this,
      std::make_shared<TlsStream>(environment_, std::move(stream), std::move(session)), peer);
  handshakes_.emplace(handshake.get(), handshake);
  handshake->start(environment_.now() + context->handshakeTimeout());
}

void PortConnections::leave() {
  if (port_.leave()) handler_.onPortIdle();
}

void PortConnections::onHandshake(TlsHandshake& handshake, std::shared_ptr<TlsStream> stream) {
  auto node = handshakes_.extract(&handshake);
  if (!node.empty()) environment_.bury(std::move(node.mapped()));
  auto& counters = environment_.counters;
  (stream ? counters.tlsHandshakes : counters.tlsFailures).add();
  if (stream) {
    speakHttp(std::move(stream), {});
  } else {
    leave();
  }
}

void PortConnections::onHandshakeFailed(const FailedHandshake& failed) {
  if (environment_.settings->port.reportHandshakes) handler_.onHandshakeFailed(failed);
}

void PortConnections::serve(transport::Carrier carrier, std::string_view bytes) {
  auto socket = TcpStream::fromDescriptor(environment_, carrier.descriptor.release(),
                                          TcpStream::From::kListener);
  socket->keep(std::move(carrier.kept));
  std::shared_ptr<transport::ByteStream> stream = std::move(socket);
  if (carrier.tls) {
    stream = std::make_shared<TlsStream>(environment_, std::move(stream), std::move(carrier.tls),
                                         std::move(carrier.unread), std::move(carrier.unwritten));
  }
  speakHttp(std::move(stream), bytes);
}

void PortConnections::speakHttp(std::shared_ptr<transport::ByteStream> stream,
                                std::string_view bytes,
                                const std::optional<transport::PeerName>& peer) {
  const auto id = ids_.next(connections_);
  auto connection =
      std::make_shared<HttpConnection>(environment_, router_, std::move(stream), id, peer);
  connections_.emplace(id, connection);
  connection->start(bytes);
}

void PortConnections::close(bool idleOnly) {
  std::vector<std::shared_ptr<HttpConnection>> connections;
  for (const auto& [id, connection] : connections_) {
    if (!idleOnly || connection->isIdle()) connections.push_back(connection);
  }
  for (const auto& connection : connections) connection->destroy();
  std::vector<std::shared_ptr<TlsHandshake>> handshakes;
  for (const auto& [key, handshake] : handshakes_) handshakes.push_back(handshake);
  for (const auto& handshake : handshakes) handshake->destroy();
}

HttpConnection* PortConnections::find(RequestId id) const {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second.get();
}

void PortConnections::drop(RequestId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  const auto held = found->second;  // it leaves the list when it is gone
  held->destroy();
}

void PortConnections::remove(HttpConnection& connection) {
  leave();
  auto node = connections_.extract(connection.id());
  if (!node.empty()) environment_.bury(std::move(node.mapped()));
}

std::vector<HttpConnection*> PortConnections::answering() const {
  std::vector<HttpConnection*> answering;
  for (const auto& [id, connection] : connections_) {
    if (connection->queuedBytes() > 0) answering.push_back(connection.get());
  }
  return answering;
}

}  // namespace beastio::engine
