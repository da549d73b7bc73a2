#include "session/limits/send-limits.hpp"

#include <algorithm>

namespace beastio::session {

// Within the hard limit a client is judged by time.
SendLimits::Action SendLimits::onGrowth(std::size_t bytes, const Bounds& bounds, TimePoint now) {
  if (bytes > bounds.hardest()) return Action::kCutOff;
  if (isWatched_) return Action::kNone;
  isWatched_ = true;
  next_ = now + bounds.timeout;
  return Action::kWatch;
}

SendLimits::Action SendLimits::onTimer(std::size_t queued,
                                       const std::optional<TimePoint>& stalledSince,
                                       TimePoint excusedUntil, const Bounds& bounds,
                                       TimePoint now) {
  if (queued <= bounds.soft) {
    isWatched_ = false;
    return Action::kNone;
  }
  next_ = std::max(stalledSince.value_or(now) + bounds.timeout, excusedUntil);
  return now >= next_ ? Action::kCutOff : Action::kWatch;
}

}  // namespace beastio::session
