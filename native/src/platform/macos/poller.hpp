// The poller of macOS: a kqueue. What differs from linux/poller.hpp: reading and writing are two
// filters of a descriptor, each with an event of its own. Runs on: as that.
#pragma once

#include <sys/event.h>

#include <chrono>
#include <cstddef>
#include <span>
#include <system_error>

#include "platform/descriptor.hpp"
#include "platform/readiness.hpp"

namespace beastio::platform {

class Poller {
 public:
  using Event = struct kevent;

  Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  int descriptor() const { return queue_.get(); }

  std::error_code add(int descriptor, void* tag, bool writes);
  void watchWrites(int descriptor, void* tag);
  void remove(int descriptor);
  void wake();
  std::size_t wait(std::span<Event> events, int timeoutMs);

  static void* tagOf(const Event& event) { return event.udata; }
  static void forget(Event& event) { event.udata = nullptr; }
  static Readiness readinessOf(const Event& event) {
    const bool reads = event.filter == EVFILT_READ;
    // An end of the other filter may be our own: the socket was shut down for sending.
    return {.readable = reads,
            .writable = event.filter == EVFILT_WRITE,
            .ended = reads && (event.flags & EV_EOF) != 0};
  }

 private:
  friend class PollTimer;

  Descriptor queue_;
};

class PollTimer {
 public:
  PollTimer(Poller& poller, void* tag) : poller_(poller), tag_(tag) {}
  ~PollTimer();
  PollTimer(const PollTimer&) = delete;
  PollTimer& operator=(const PollTimer&) = delete;

  void set(std::chrono::steady_clock::time_point when);

 private:
  Poller& poller_;
  void* tag_;
};

}  // namespace beastio::platform
