// The attached door: requests that the host's HTTP server has parsed, and the streams that it hands
// over. Runs on: the I/O thread. Owner: its Doors.
#pragma once

#include "engine/doors/shared/admission.hpp"
#include "engine/doors/shared/connection-table.hpp"
#include "engine/doors/shared/host-streams.hpp"
#include "engine/doors/shared/polling-requests.hpp"
#include "transport/loop/environment.hpp"

namespace beastio {
class EngineHandler;
struct AttachedRequest;
struct AttachedStream;
struct AttachedUpgrade;
}  // namespace beastio

namespace beastio::engine {

class AttachedDoor {
 public:
  AttachedDoor(transport::Environment& environment, EngineHandler& handler, Admission& admission,
               PollingRequests& polling, ConnectionTable& connections, HostStreams& streams)
      : environment_(environment),
        handler_(handler),
        admission_(admission),
        polling_(polling),
        connections_(connections),
        streams_(streams) {}

  /// See Batch::request.
  void request(const AttachedRequest& request);
  /// See Engine::upgrade.
  void upgrade(AttachedUpgrade upgrade);
  /// See Engine::webTransport.
  void webTransport(AttachedStream stream);

 private:
  transport::Environment& environment_;
  EngineHandler& handler_;
  Admission& admission_;
  PollingRequests& polling_;
  ConnectionTable& connections_;
  HostStreams& streams_;
};

}  // namespace beastio::engine
