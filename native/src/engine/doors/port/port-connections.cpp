#include "engine/doors/port/port-connections.hpp"

#include <utility>

#include "beastio/host/handler.hpp"
#include "beastio/options.hpp"
#include "beastio/tls.hpp"
#include "transport/stream/tcp-stream.hpp"
#include "transport/stream/tls-stream.hpp"

namespace beastio::engine {

using transport::HttpConnection;
using transport::TcpStream;
using transport::TlsHandshake;
using transport::TlsStream;

void PortConnections::welcome(transport::Descriptor descriptor,
                              const std::optional<transport::PeerName>& name) {
  const bool hasTls = environment_.tlsContext != nullptr;
  // A connection that breaks off has no address any more.
  auto peer = hasTls && environment_.options->port.reportHandshakes
                  ? (name ? transport::endpointOf(*name) : transport::peerOf(descriptor.get()))
                  : Endpoint{};
  auto stream =
      TcpStream::fromDescriptor(environment_, descriptor.release(),
                                name ? TcpStream::From::kListener : TcpStream::From::kHost);
  if (!hasTls) return speakHttp(std::move(stream), {}, name);
  shakeHands(std::move(stream), std::move(peer));
}

void PortConnections::shakeHands(std::shared_ptr<transport::ByteStream> stream, Endpoint peer) {
  const auto& context = environment_.tlsContext;
  auto session = context->newSession();
  if (!session) {
    stream->close();
    return port_.leave(handler_);
  }
  const auto handshake = std::make_shared<TlsHandshake>(
      environment_, *this,
      std::make_shared<TlsStream>(environment_, std::move(stream), std::move(session)),
      std::move(peer));
  handshakes_.emplace(handshake.get(), handshake);
  handshake->start(environment_.now() + context->handshakeTimeout());
}

void PortConnections::onHandshake(TlsHandshake& handshake, std::shared_ptr<TlsStream> stream) {
  auto node = handshakes_.extract(&handshake);
  if (!node.empty()) environment_.bury(std::move(node.mapped()));
  if (stream) {
    speakHttp(std::move(stream), {});
  } else {
    port_.leave(handler_);
  }
}

void PortConnections::onHandshakeFailed(const FailedHandshake& failed) {
  if (environment_.options->port.reportHandshakes) handler_.onHandshakeFailed(failed);
}

void PortConnections::serve(transport::Carrier carrier, std::string_view bytes) {
  std::shared_ptr<transport::ByteStream> stream = TcpStream::fromDescriptor(
      environment_, carrier.descriptor.release(), TcpStream::From::kListener);
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

void PortConnections::drop(RequestId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  const auto held = found->second;  // it leaves the list when it is gone
  held->destroy();
}

void PortConnections::remove(HttpConnection& connection) {
  port_.leave(handler_);
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
