// A token bucket per socket: bursts are fine, floods are not. The clock is an argument.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace chat {

class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;

  /// Pays for one request. Returns 0 if it may pass, otherwise the seconds to wait.
  int take(double cost, Clock::time_point now) {
    const std::chrono::duration<double> passed = now - std::exchange(checkedAt_, now);
    level_ = std::min(kBurst, level_ + passed.count() * kPerSecond);
    if (level_ < cost) return static_cast<int>(std::ceil((cost - level_) / kPerSecond));
    level_ -= cost;
    return 0;
  }

 private:
  // Roughly: twelve messages at once, then three every two seconds.
  static constexpr double kBurst = 12;
  static constexpr double kPerSecond = 1.5;

  double level_ = kBurst;
  Clock::time_point checkedAt_ = Clock::now();
};

}  // namespace chat
