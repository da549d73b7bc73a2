// When an I/O thread looks by itself for what was laid down for it (EngineHandler::wakeAt).
// Runs on: the I/O thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>

namespace beastio::engine {

/// One timer for many waits. A time-out for each wait would program the system's clock once a
/// message, and that costs more than the message where the clock is virtual.
class LookTimer {
 public:
  explicit LookTimer(boost::asio::io_context& io) : timer_(io) {}

  /// Ends a wait at `when`. A look that is already due before then serves as well: the thread asks
  /// again after it.
  void ask(std::chrono::steady_clock::time_point when) {
    if (isPending_) return;
    isPending_ = true;
    timer_.expires_at(when);
    timer_.async_wait([this](const boost::system::error_code&) { isPending_ = false; });
  }

 private:
  boost::asio::steady_timer timer_;
  bool isPending_ = false;
};

}  // namespace beastio::engine
