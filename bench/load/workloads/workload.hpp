// What the clients of a run say and expect. A workload is a class in a separate file and one row in
// workload.cpp. The run gives it clients that are in their namespaces, and the time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "client/client.hpp"
#include "measure/histogram.hpp"
#include "settings.hpp"

namespace load {

/// The counts of a window. The run empties it when the measured one begins.
struct Tally {
  std::uint64_t messages = 0;  // events that clients received, or handshakes made
  std::uint64_t calls = 0;     // of a handler, as far as all its answers have been received
  Histogram latency;           // from when a packet was to be sent to each of its answers
};

/// The way out for a workload; what is sent is written to the sockets before the run waits again.
class Outlet {
 public:
  virtual void send(std::size_t client, std::string_view packet, std::string_view attachment) = 0;
  /// Has a client leave and another one take its place.
  virtual void replace(std::size_t client) = 0;
  /// Resets the connections of all clients; then others come in their places, all at once.
  virtual void replaceAll() = 0;

 protected:
  ~Outlet() = default;
};

class Workload : public EventSink {
 public:
  virtual ~Workload() = default;
  /// Sends the first packets. Order: once, when all clients are ready.
  virtual void start(Clock::time_point now) = 0;
  /// The measured window begins.
  virtual void onWindow(Clock::time_point) {}
  /// Whether the window may begin or end now, if its time has come.
  virtual bool settled() const { return true; }
  /// Called whenever the run looks at its sockets: sends what has become due.
  virtual void onTime(Clock::time_point) {}
  /// When something becomes due, so that the run does not sleep beyond it.
  virtual Clock::time_point nextDue() const { return Clock::time_point::max(); }
  /// A client that took another's place is ready.
  virtual void onReady(std::size_t, Clock::time_point) {}
  void onAttachment(std::size_t, std::string_view, Clock::time_point) override;
  /// When the oldest packet was sent whose answers are not complete. One from before the measured
  /// window that is not answered soon after its end is a starved client.
  virtual Clock::time_point oldestUnanswered() const = 0;
  /// Whether silence of the server is a fault.
  virtual bool expectsAnswers() const { return true; }
};

/// Errors: a LoadError for a name that is not in the table.
std::unique_ptr<Workload> makeWorkload(const Settings& settings, Outlet& outlet, Tally& tally);

}  // namespace load
