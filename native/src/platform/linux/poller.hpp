// The poller of Linux: an epoll set. A descriptor stays in the set as long as it is open. So the
// kernel is told nothing for a message. Runs on: the thread that drives the loop; `wake` on any.
#pragma once

#include <sys/epoll.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>

#include "platform/descriptor.hpp"
#include "platform/readiness.hpp"

namespace beastio::platform {

class Poller {
 public:
  /// What has happened to one descriptor. Its tag is what `add` was given.
  using Event = epoll_event;

  /// Errors: std::system_error if the process has no descriptors left.
  Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Readable while `wait` would find something at once.
  int descriptor() const { return epoll_.get(); }

  /// Watches a descriptor, for room to write as well if `writes`. What is there already is found.
  /// Each change is found once. Lifetime: until `remove`.
  std::error_code add(int descriptor, void* tag, bool writes);
  /// From now on for room to write as well.
  void watchWrites(int descriptor, void* tag);
  void remove(int descriptor);

  /// Any thread: ends a wait. It is found as an event without a tag.
  void wake();

  /// Waits for events, for at most so long; -1: without a bound. Returns how many were found.
  std::size_t wait(std::span<Event> events, int timeoutMs) {
    const int most = static_cast<int>(events.size());
    return static_cast<std::size_t>(
        std::max(::epoll_wait(epoll_.get(), events.data(), most, timeoutMs), 0));
  }

  static void* tagOf(const Event& event) { return event.data.ptr; }
  static void forget(Event& event) { event.data.ptr = nullptr; }
  static Readiness readinessOf(const Event& event) {
    constexpr std::uint32_t kEnds = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
    return {.readable = (event.events & (EPOLLIN | kEnds)) != 0,
            .writable = (event.events & (EPOLLOUT | EPOLLERR)) != 0,
            .ended = (event.events & kEnds) != 0};
  }

 private:
  Descriptor epoll_;
  Descriptor waker_;  // an eventfd; it is never read
};

/// Ends a wait at a time. It is found as an event with its tag.
class PollTimer {
 public:
  /// Errors: std::system_error if the process has no descriptors left.
  PollTimer(Poller& poller, void* tag);
  ~PollTimer();
  PollTimer(const PollTimer&) = delete;
  PollTimer& operator=(const PollTimer&) = delete;

  void set(std::chrono::steady_clock::time_point when);

 private:
  Poller& poller_;
  Descriptor timer_;  // a timerfd; it is never read
};

}  // namespace beastio::platform
