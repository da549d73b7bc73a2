// What a loop sleeps in: the system's poller, and the tasks that were posted to it. A descriptor
// stays in the poller as long as it is open. So the kernel is told nothing for a message (Asio
// tells it of each wait, which costs a system call). Runs on: the thread that drives the loop;
// `post` on any. Bound: kMaxEvents are fetched at once; the tasks are bounded by who posts them.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "platform/poller.hpp"
#include "transport/loop/task.hpp"

namespace beastio::transport {

using platform::Readiness;

/// Is told of a descriptor's changes: each is told once. So a watcher goes on until the kernel has
/// no more.
class Watcher {
 public:
  virtual void onReady(const Readiness& readiness) = 0;

 protected:
  ~Watcher() = default;
};

class Reactor {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Errors: std::system_error if the process has no descriptors left.
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  /// Readable while `wait` would return at once, but for tasks.
  int descriptor() const { return poller_.descriptor(); }
  platform::Poller& poller() { return poller_; }

  /// Watches a descriptor, for room to write as well if `writes`. The watcher is told of what is
  /// there already. Lifetime: until `remove`, which must come before the descriptor is closed.
  std::error_code add(int descriptor, Watcher& watcher, bool writes = false);
  /// From now on for room to write as well.
  void watchWrites(int descriptor, Watcher& watcher);
  /// The watcher is called no more.
  void remove(int descriptor, const Watcher& watcher);
  /// The same, of what was added to the poller itself and is not watched any more.
  void forget(const Watcher& watcher);

  /// Any thread: has `function` called by the loop. Order: as posted; and before the watchers that
  /// hear of something that was caused later.
  template <class Function>
  void post(Function function) {
    push(makeTask(std::move(function)));
  }

  /// Waits until there is something to run, at most until `deadline`.
  void wait(std::optional<TimePoint> deadline);
  /// The same, without waiting. Returns whether there is something to run.
  bool poll();
  /// Runs the next task or watcher of those that were found. Returns false if there is none left.
  bool runNext();
  /// Whether there is something to run that has been found, or posted since.
  bool hasMore() const { return hasFound() || isAnyPosted_.load(std::memory_order_acquire); }
  /// How many events were found last.
  std::size_t found() const { return found_; }

 private:
  static constexpr std::size_t kMaxEvents = 256;

  void push(TaskPtr task);
  void fetch(int timeoutMs);
  bool hasFound() const { return nextTask_ < tasks_.size() || nextEvent_ < found_; }

  platform::Poller poller_;
  std::array<platform::Poller::Event, kMaxEvents> events_{};
  std::size_t found_ = 0;
  std::size_t nextEvent_ = 0;
  std::vector<TaskPtr> tasks_;
  std::size_t nextTask_ = 0;

  std::atomic<bool> isAsleep_ = false;
  std::atomic<bool> isAnyPosted_ = false;
  std::mutex mutex_;
  std::vector<TaskPtr> posted_;  // guarded by the mutex
};

}  // namespace beastio::transport
