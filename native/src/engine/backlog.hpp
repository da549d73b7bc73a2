// What waits for all clients of an engine together, and its bound (maxTotalSendQueueBytes). Each
// I/O thread counts its part and tells the others by one sum, at most once for each turn or some
// MiB. Beyond the bound every thread with more than its share cuts the slowest of its clients.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "engine/doors/port/port-connections.hpp"
#include "engine/registry/session-table.hpp"
#include "session/timer-queue.hpp"
#include "transport/loop/environment.hpp"

namespace beastio::engine {

/// The sum over the threads of an engine. Runs on: any thread.
class TotalBacklog {
 public:
  /// `askAll` makes every thread call Backlog::relieve.
  explicit TotalBacklog(std::function<void()> askAll) : askAll_(std::move(askAll)) {}

  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  /// A thread had `before` and has `now`. Returns the sum.
  std::size_t change(std::size_t before, std::size_t now) {
    const auto grown = now - before;  // less than nothing wraps around, and so does the addition
    return bytes_.fetch_add(grown, std::memory_order_relaxed) + grown;
  }

  /// Asks the threads for relief, unless they are being asked.
  void ask() {
    if (!asked_.exchange(true, std::memory_order_relaxed)) askAll_();
  }
  /// A thread does what it was asked for.
  void answer() { asked_.store(false, std::memory_order_relaxed); }

 private:
  std::function<void()> askAll_;
  std::atomic<std::size_t> bytes_ = 0;
  std::atomic<bool> asked_ = false;
};

/// One thread's part, which also gives its memory back to the system when a storm is over.
/// Runs on: the I/O thread.
class Backlog final : session::TimerClient {
 public:
  Backlog(TotalBacklog& total, transport::Environment& environment, SessionTable& sessions,
          PortConnections& connections, unsigned threads);

  /// Whether so much has come that the bound must be looked at before more comes.
  bool hasGrown() const { return waiting() >= lookAt_; }
  /// Tells the other threads of what has changed. Returns whether all together have too much.
  bool publish();
  /// Cuts clients until there is room, or what is left is not this thread's. Order: once all of
  /// them were offered what waits.
  void relieve();
  /// Order: after `relieve`. Asks the other threads for what this one could not do.
  void askOthers();

 private:
  struct Slow;

  void onTimer(std::chrono::steady_clock::time_point now) override;
  std::size_t waiting() const { return environment_.chunks.waiting.bytes(); }
  const transport::Settings& settings() const;
  std::vector<Slow> slowest() const;

  TotalBacklog& total_;
  transport::Environment& environment_;
  SessionTable& sessions_;
  PortConnections& connections_;
  unsigned threads_;
  std::size_t published_ = 0;
  std::size_t peak_ = 0;  // since memory was last given back
  std::size_t lookAt_ = 0;
};

}  // namespace beastio::engine
