// The streams that cross between one I/O thread and the host, in both directions. These are
// bridges, whose client the host has, and connections of the own port that are left to the host
// with their TLS.
// Runs on: the I/O thread. Owner: its Doors.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/doors/shared/port-ids.hpp"
#include "engine/doors/shared/port.hpp"
#include "transport/loop/environment.hpp"
#include "transport/stream/host-connection.hpp"
#include "transport/stream/host-stream.hpp"

namespace beastio {
class EngineHandler;
class TlsSession;
struct Endpoint;
}  // namespace beastio

namespace beastio::transport {
class BridgeStream;
struct Carrier;
}  // namespace beastio::transport

namespace beastio::engine {

class HostStreams final : public transport::HostConnectionOwner {
 public:
  HostStreams(unsigned thread, transport::Environment& environment, EngineHandler& handler,
              Port& port);

  /// A new stream whose client the host has. `id`: the host's.
  std::shared_ptr<transport::BridgeStream> bridge(RequestId id);
  /// Leaves a connection to the host, for good. `bytes`: all that were read of its next request.
  void leave(transport::Carrier carrier, std::string_view bytes);
  /// The same with TLS, which stays here.
  void leave(std::shared_ptr<transport::ByteStream> stream, Endpoint peer, std::string_view bytes);
  /// The connection of that bridge is gone.
  void forget(RequestId id) { streams_.erase(id); }

  // From the host. Without effect on a stream that is gone.
  void data(RequestId id, std::string bytes);
  void readEnd(RequestId id);
  void end(RequestId id, std::string_view error);
  void drain(RequestId id, std::size_t bytes);

  /// Returns false if the connection is gone. See Engine::askTls.
  bool askTls(RequestId id, const std::function<void(TlsSession&)>& look);

 private:
  // HostConnectionOwner
  void onGone(transport::HostConnection& connection) override;

  std::shared_ptr<transport::HostStream> find(RequestId id) const;

  unsigned thread_;
  transport::Environment& environment_;
  EngineHandler& handler_;
  Port& port_;
  PortIds ids_;
  std::unordered_map<RequestId, std::shared_ptr<transport::HostStream>> streams_;
};

}  // namespace beastio::engine
