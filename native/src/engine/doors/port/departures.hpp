// Connections of the own port that go elsewhere with their next request: to the thread that owns
// the session, or to the host. Decided by the first line of a request. Runs on: the I/O thread.
// Owner: its OwnPort.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/doors/shared/host-streams.hpp"
#include "engine/doors/shared/port.hpp"
#include "transport/stream/carrier.hpp"

namespace beastio::transport {
class HttpConnection;
struct Settings;
}  // namespace beastio::transport

namespace beastio::engine {

/// Gives a connection and what was read from it to the thread that owns its session.
using HandOver =
    std::function<void(unsigned thread, transport::Carrier carrier, std::string bytes)>;

/// Whether the target of a request is the path that the engine serves.
bool isServed(std::string_view target, const transport::Settings& settings);

class Departures {
 public:
  Departures(unsigned thread, unsigned threads, HostStreams& streams, Port& port, HandOver handOver)
      : thread_(thread),
        threads_(threads),
        streams_(streams),
        port_(port),
        handOver_(std::move(handOver)) {}

  /// Sends the connection away if its next request is not for this thread. Returns whether it did.
  bool send(transport::HttpConnection& connection, std::string_view target,
            const transport::Settings& settings);

 private:
  void leaveToHost(transport::HttpConnection& connection);

  unsigned thread_;
  unsigned threads_;
  HostStreams& streams_;
  Port& port_;
  HandOver handOver_;
};

}  // namespace beastio::engine
