// The connections of the engine's own port that speak HTTP or are still shaking hands over TLS.
// Runs on: the I/O thread. Owner: its OwnPort. Bound: PortOptions::maxConnections for all threads.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/doors/shared/admission.hpp"
#include "engine/doors/shared/port-ids.hpp"
#include "engine/doors/shared/port.hpp"
#include "transport/loop/descriptor.hpp"
#include "transport/loop/environment.hpp"
#include "transport/loop/peer-address.hpp"
#include "transport/stream/byte-stream.hpp"
#include "transport/stream/carrier.hpp"
#include "transport/stream/tls-handshake.hpp"

namespace beastio {
class EngineHandler;
}

namespace beastio::transport {
class HttpConnection;
class HttpRouter;
}  // namespace beastio::transport

namespace beastio::engine {

class PortConnections final : public transport::TlsHandshakeHost {
 public:
  /// `router`: of the connections' requests.
  PortConnections(transport::Environment& environment, transport::HttpRouter& router,
                  EngineHandler& handler, Admission& admission, Port& port)
      : environment_(environment),
        router_(router),
        handler_(handler),
        admission_(admission),
        port_(port) {}

  /// Serves a connection that is new and that the port counts: with TLS, if the port has it. Or
  /// closes it, if its address has too many. `peer`: its client, if it comes from the listener.
  void welcome(transport::Descriptor descriptor, const std::optional<transport::PeerName>& peer);
  /// Serves HTTP on a connection that the port counts already, beginning with `bytes` that were
  /// read from it before.
  void serve(transport::Carrier carrier, std::string_view bytes);
  /// Ends the connections that serve HTTP, or those that wait for a request or for its rest. Order:
  /// after the sessions, whose polls are answered first.
  void close(bool idleOnly);
  /// The one of that id; null if it is gone.
  transport::HttpConnection* find(RequestId id) const;
  std::size_t size() const { return connections_.size() + handshakes_.size(); }
  /// Ends one, if it is still there.
  void drop(RequestId id);
  /// Forgets one that is gone.
  void remove(transport::HttpConnection& connection);
  /// Those with answers that are still to be written. Lifetime: of the batch.
  std::vector<transport::HttpConnection*> answering() const;

 private:
  // TlsHandshakeHost
  void onHandshake(transport::TlsHandshake& handshake,
                   std::shared_ptr<transport::TlsStream> stream) override;
  void onHandshakeFailed(const FailedHandshake& failed) override;

  void shakeHands(std::shared_ptr<transport::ByteStream> stream,
                  const std::optional<transport::PeerName>& peer);
  void speakHttp(std::shared_ptr<transport::ByteStream> stream, std::string_view bytes,
                 const std::optional<transport::PeerName>& peer = std::nullopt);
  void leave();

  transport::Environment& environment_;
  transport::HttpRouter& router_;
  EngineHandler& handler_;
  Admission& admission_;
  Port& port_;
  PortIds ids_{kPortIds, kPortIds - 1};
  std::unordered_map<RequestId, std::shared_ptr<transport::HttpConnection>> connections_;
  std::unordered_map<transport::TlsHandshake*, std::shared_ptr<transport::TlsHandshake>>
      handshakes_;
};

}  // namespace beastio::engine
