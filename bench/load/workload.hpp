// What the clients of a run say and expect. A workload is a class of its own file and one row in
// workload.cpp; the run gives it connections that are in the namespace, and the time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "connection.hpp"
#include "histogram.hpp"
#include "settings.hpp"

namespace load {

/// The counts of a window. The run empties it when the measured one begins.
struct Tally {
  std::uint64_t messages = 0;  // packets that clients received
  std::uint64_t calls = 0;     // of a handler, as far as all its answers have been received
  Histogram latency;           // from the sending of a packet to each of its answers
};

/// The way out for a workload's packets; written to the socket before the run waits again.
class Outlet {
 public:
  virtual void send(std::size_t connection, std::string_view packet) = 0;

 protected:
  ~Outlet() = default;
};

class Workload : public PacketSink {
 public:
  virtual ~Workload() = default;
  /// Sends the first packets. Order: once, when all connections are ready; what follows is sent
  /// in answer to onPacket().
  virtual void start(Clock::time_point now) = 0;
  /// Called whenever the run looks at its sockets: sends what has become due.
  virtual void onTime(Clock::time_point) {}
  /// When the oldest packet was sent whose answers are not complete. One from before the measured
  /// window, at its end, is a starved client.
  virtual Clock::time_point oldestUnanswered() const = 0;
};

/// Errors: a LoadError for a name that is not in the table.
std::unique_ptr<Workload> makeWorkload(const Settings& settings, Outlet& outlet, Tally& tally);

}  // namespace load
