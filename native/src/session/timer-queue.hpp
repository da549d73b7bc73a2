// Deadlines of one I/O thread, in order. Pure: the time is an argument. A client has one deadline;
// asking for a later one than is armed costs nothing, because a client that is called too early
// asks again. Runs on: the I/O thread. Bound: one entry a client.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

namespace beastio::session {

class TimerQueue;

/// Something that wants to be called at a time. Must outlive no queue that it is armed in.
class TimerClient {
 public:
  explicit TimerClient(TimerQueue& queue) : queue_(queue) {}
  TimerClient(const TimerClient&) = delete;
  TimerClient& operator=(const TimerClient&) = delete;

  /// Wants `onTimer` at `when`, or earlier if that was asked for before. Within `onTimer` at the
  /// next millisecond at the earliest, so that `run` ends.
  void armTimer(std::chrono::steady_clock::time_point when);

 protected:
  ~TimerClient();

 private:
  friend class TimerQueue;
  virtual void onTimer(std::chrono::steady_clock::time_point now) = 0;

  TimerQueue& queue_;
  std::optional<std::chrono::steady_clock::time_point> armedAt_;
};

class TimerQueue {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// When `run` must be called next.
  std::optional<TimePoint> next() const {
    if (entries_.empty()) return std::nullopt;
    return entries_.begin()->first;
  }

  /// Calls every client whose time has come.
  void run(TimePoint now) {
    while (!entries_.empty() && entries_.begin()->first <= now) {
      TimerClient* client = entries_.begin()->second;
      entries_.erase(entries_.begin());
      client->armedAt_.reset();
      called_ = client;
      soonest_ = now + std::chrono::milliseconds(1);
      client->onTimer(now);
    }
    called_ = nullptr;
  }

 private:
  friend class TimerClient;

  std::set<std::pair<TimePoint, TimerClient*>> entries_;
  const TimerClient* called_ = nullptr;  // by `run`; it may be gone meanwhile
  TimePoint soonest_{};                  // when that may be called again
};

inline void TimerClient::armTimer(std::chrono::steady_clock::time_point when) {
  if (queue_.called_ == this) when = std::max(when, queue_.soonest_);
  if (armedAt_ && *armedAt_ <= when) return;
  if (!armedAt_) {
    queue_.entries_.emplace(when, this);
  } else {
    auto node = queue_.entries_.extract({*armedAt_, this});
    node.value().first = when;
    queue_.entries_.insert(std::move(node));
  }
  armedAt_ = when;
}

inline TimerClient::~TimerClient() {
  if (armedAt_) queue_.entries_.erase({*armedAt_, this});
}

}  // namespace beastio::session
