#include "engine/doors/shared/host-streams.hpp"

#include <utility>

#include "beastio/host/handler.hpp"
#include "beastio/host/port-events.hpp"
#include "beastio/tls.hpp"
#include "transport/stream/bridge-stream.hpp"
#include "transport/stream/carrier.hpp"

namespace beastio::engine {
namespace {

// The host hears of the streams of several threads: the thread is a part of their ids.
constexpr unsigned kThreadShift = 24;

}  // namespace

HostStreams::HostStreams(unsigned thread, transport::Environment& environment,
                         EngineHandler& handler, Port& port)
    : thread_(thread),
      environment_(environment),
      handler_(handler),
      port_(port),
      ids_(kPortIds | thread << kThreadShift, (RequestId{1} << kThreadShift) - 1) {}

std::shared_ptr<transport::BridgeStream> HostStreams::bridge(RequestId id) {
  auto bridge = std::make_shared<transport::BridgeStream>(environment_, handler_, id);
  streams_.emplace(id, bridge);
  return bridge;
}

void HostStreams::leave(transport::Carrier carrier, std::string_view bytes) {
  const auto line = port_.hold(std::move(carrier.kept));
  if (handler_.onConnection(carrier.descriptor.get(), bytes, line)) {
    carrier.descriptor.release();
    return;
  }
  port_.hangUp(line);
  if (port_.leave()) handler_.onPortIdle();
}

void HostStreams::leave(std::shared_ptr<transport::ByteStream> stream, Endpoint peer,
                        std::string_view bytes) {
  const auto id = ids_.next(streams_);
  const TlsConnection left{.stream = id,
                           .thread = thread_,
                           .peer = std::move(peer),
                           .facts = stream->tls()->facts(),
                           .bytes = bytes};
  auto connection = std::make_shared<transport::HostConnection>(environment_, *this, handler_, id,
                                                                std::move(stream));
  streams_.emplace(id, connection);
  handler_.onTlsConnection(left);
  connection->start(bytes.size());
}

// The caller keeps the stream, which may leave the table meanwhile.
std::shared_ptr<transport::HostStream> HostStreams::find(RequestId id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second;
}

void HostStreams::data(RequestId id, std::string bytes) {
  if (const auto stream = find(id)) stream->onHostData(std::move(bytes));
}

void HostStreams::readEnd(RequestId id) {
  if (const auto stream = find(id)) stream->onHostReadEnd();
}

void HostStreams::end(RequestId id, std::string_view error) {
  if (const auto stream = find(id)) stream->onHostEnd(error);
}

void HostStreams::drain(RequestId id, std::size_t bytes) {
  if (const auto stream = find(id)) stream->onHostDrain(bytes);
}

bool HostStreams::askTls(RequestId id, const std::function<void(TlsSession&)>& look) {
  const auto stream = find(id);
  auto* const tls = stream ? stream->clientTls() : nullptr;
  if (tls == nullptr) return false;
  look(*tls);
  return true;
}

void HostStreams::onGone(transport::HostConnection& connection) {
  if (port_.leave()) handler_.onPortIdle();
  auto node = streams_.extract(connection.id());
  if (!node.empty()) environment_.bury(std::move(node.mapped()));
}

}  // namespace beastio::engine
