// The state machine that decides when a client is cut off for what it does not take. A queue beyond
// the soft limit may grow up to the hard limit. It may as long as its client takes something within
// each timeout.
// Pure. Runs on: the session's I/O thread. Owner: the session.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace beastio::session {

class SendLimits {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Bounds {
    std::size_t soft = 0;                 ///< maxSendQueueBytes
    std::optional<std::size_t> hard{};    ///< hardMaxSendQueueBytes
    std::chrono::milliseconds timeout{};  ///< sendTimeout

    /// `hard`, or what stands for it: 4 times `soft`.
    std::size_t hardest() const { return hard.value_or(4 * soft); }
  };

  enum class Action : std::uint8_t {
    kNone,
    kWatch,   ///< it is overfull from now on: call `onTimer` at `next`
    kCutOff,  ///< the client is too slow
  };

  /// The queue is about to have so many bytes, which are more than the soft limit.
  Action onGrowth(std::size_t bytes, const Bounds& bounds, TimePoint now);
  /// Whether `onTimer` is to be called.
  bool isWatched() const { return isWatched_; }
  /// `queued`: bytes in the queue. `stalledSince`: since when its client has taken nothing of it.
  /// `excusedUntil`: until when that is not its fault.
  Action onTimer(std::size_t queued, const std::optional<TimePoint>& stalledSince,
                 TimePoint excusedUntil, const Bounds& bounds, TimePoint now);
  /// Of kWatch.
  TimePoint next() const { return next_; }

 private:
  bool isWatched_ = false;  // more waits than the soft limit
  TimePoint next_{};
};

}  // namespace beastio::session
