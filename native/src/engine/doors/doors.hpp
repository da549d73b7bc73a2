// All doors of one I/O thread, and what they share. Runs on: the I/O thread, which owns it.
#pragma once

#include "engine/doors/attached-door.hpp"
#include "engine/doors/port/departures.hpp"
#include "engine/doors/port/own-port.hpp"
#include "engine/doors/shared/admission.hpp"
#include "engine/doors/shared/connection-table.hpp"
#include "engine/doors/shared/host-streams.hpp"
#include "engine/doors/shared/polling-requests.hpp"
#include "engine/doors/shared/port.hpp"

namespace beastio {
class EngineHandler;
}

namespace beastio::engine {

struct Doors {
  /// What a thread gives its doors.
  struct Context {
    unsigned thread = 0;
    unsigned threads = 1;
    transport::Environment& environment;
    session::SessionHost& host;
    SessionTable& sessions;
    EngineHandler& handler;
    Port& port;
    Visitors& visitors;
    HandOver handOver{};
  };

  explicit Doors(const Context& context);
  ~Doors();
  Doors(const Doors&) = delete;
  Doors& operator=(const Doors&) = delete;

  // Members are destroyed from the last to the first: each uses those before it.
  Admission admission;
  HostStreams streams;
  PollingRequests polling;
  ConnectionTable connections;
  AttachedDoor attached;
  OwnPort ownPort;
};

}  // namespace beastio::engine
