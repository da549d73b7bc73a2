// Timers of the program on one I/O thread (Engine::after and Engine::every). All of them share one
// deadline in the loop's queue. Runs on: the I/O thread. Owner: its IoThread. Bound: one entry for
// each timer that waits, and at most as many again that were cancelled.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "session/timer-queue.hpp"

namespace beastio::engine {

/// What stands in the number of a timer (TimerId). Any thread makes numbers, so that it knows them
/// at once.
struct TimerNumber {
  static constexpr unsigned kThreadShift = 58;
  static constexpr std::uint64_t kArmedAtOnce = std::uint64_t{1} << 57U;

  /// `isArmedAtOnce`: by the thread that it runs on, so that nothing of it is on its way there.
  static constexpr std::uint64_t make(unsigned thread, bool isArmedAtOnce, std::uint64_t serial) {
    return std::uint64_t{thread} << kThreadShift | (isArmedAtOnce ? kArmedAtOnce : 0) | serial;
  }
  static constexpr unsigned threadOf(std::uint64_t id) {
    return static_cast<unsigned>(id >> kThreadShift);
  }
  static constexpr bool isArmedAtOnce(std::uint64_t id) { return (id & kArmedAtOnce) != 0; }
  /// Counts up from 1.
  static constexpr std::uint64_t serialOf(std::uint64_t id) { return id & (kArmedAtOnce - 1); }
};

class Timers final : session::TimerClient {
 public:
  using Id = std::uint64_t;
  using TimePoint = std::chrono::steady_clock::time_point;
  using Task = std::function<void()>;

  explicit Timers(session::TimerQueue& queue) : TimerClient(queue) {}

  /// Has `task` run at `when`, and then each `period`; 0: once.
  void arm(Id id, TimePoint when, std::chrono::milliseconds period, Task task);
  /// The task runs no more. Returns false if there is none: it has run, or is not armed yet.
  bool cancel(Id id);
  /// A timer that may be on its way here is not to be armed.
  void refuse(Id id) { refused_.insert(id); }
  /// Order: when `id` cannot come any more.
  void forget(Id id) { refused_.erase(id); }
  std::size_t size() const { return timers_.size(); }

 private:
  /// Cancelled timers that always may stay until they are due.
  static constexpr std::size_t kFewStale = 64;

  struct Timer {
    Task task;
    std::chrono::milliseconds period{};
  };
  struct Deadline {
    TimePoint when;
    Id id = 0;
  };

  static bool isLater(const Deadline& one, const Deadline& other);
  void onTimer(TimePoint now) override;
  void push(Deadline deadline);
  Deadline pop();
  void run(Deadline deadline, TimePoint now);
  void dropStale();

  std::unordered_map<Id, Timer> timers_;
  std::vector<Deadline> deadlines_;  // a heap, the next one first; some are of cancelled timers
  std::vector<Deadline> due_;        // while they run
  std::unordered_set<Id> refused_;   // cancelled before they have come
};

}  // namespace beastio::engine
