// When an I/O thread looks by itself for what was laid down for it (EngineHandler::wakeAt).
// Runs on: the I/O thread.
#pragma once

#include <chrono>

#include "platform/poller.hpp"
#include "transport/loop/reactor.hpp"

namespace beastio::engine {

/// One timer for many waits. A time-out for each wait would program the system's clock once a
/// message, and that costs more than the message where the clock is virtual.
class LookTimer final : private transport::Watcher {
 public:
  /// Errors: std::system_error if the process has no descriptors left.
  explicit LookTimer(transport::Reactor& reactor);
  ~LookTimer();
  LookTimer(const LookTimer&) = delete;
  LookTimer& operator=(const LookTimer&) = delete;

  /// Ends a wait at `when`. A look that is already due before then serves as well: the thread asks
  /// again after it.
  void ask(std::chrono::steady_clock::time_point when);

 private:
  void onReady(const transport::Readiness&) override { isPending_ = false; }

  transport::Reactor& reactor_;
  platform::PollTimer timer_;
  bool isPending_ = false;
};

}  // namespace beastio::engine
