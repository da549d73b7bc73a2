#include "transport/loop/reactor.hpp"

#include <algorithm>

namespace beastio::transport {
namespace {

using platform::Poller;

// Rounded up: a wait that ends too early would be begun again for nothing.
int millisecondsUntil(Reactor::TimePoint deadline) {
  using std::chrono::milliseconds;
  constexpr milliseconds kMost{std::chrono::hours(1)};
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp(left, milliseconds(0), kMost).count());
}

}  // namespace

Reactor::Reactor() = default;

// What the tasks own may have watchers of its own.
Reactor::~Reactor() {
  tasks_.clear();
  posted_.clear();
}

std::error_code Reactor::add(int descriptor, Watcher& watcher, bool writes) {
  return poller_.add(descriptor, &watcher, writes);
}

void Reactor::watchWrites(int descriptor, Watcher& watcher) {
  poller_.watchWrites(descriptor, &watcher);
}

void Reactor::remove(int descriptor, const Watcher& watcher) {
  poller_.remove(descriptor);
  forget(watcher);
}

void Reactor::forget(const Watcher& watcher) {
  for (auto i = nextEvent_; i < found_; ++i) {
    if (Poller::tagOf(events_[i]) == &watcher) Poller::forget(events_[i]);
  }
}

void Reactor::push(TaskPtr task) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(task));
    isAnyPosted_.store(true, std::memory_order_release);
  }
  if (!isAsleep_.exchange(false)) return;
  poller_.wake();
}

void Reactor::wait(std::optional<TimePoint> deadline) {
  if (hasFound()) return;
  isAsleep_ = true;
  const bool isNoneYet = [this] {
    const std::lock_guard lock(mutex_);
    return posted_.empty();
  }();
  fetch(!isNoneYet ? 0 : deadline ? millisecondsUntil(*deadline) : -1);
}

bool Reactor::poll() {
  if (!hasFound()) fetch(0);
  return hasFound();
}

// Order: the tasks are taken after the events. So nothing that a task has caused is run before it.
void Reactor::fetch(int timeoutMs) {
  tasks_.clear();
  nextTask_ = nextEvent_ = 0;
  found_ = poller_.wait(events_, timeoutMs);
  isAsleep_.store(false, std::memory_order_relaxed);
  if (!isAnyPosted_.load(std::memory_order_acquire)) return;
  const std::lock_guard lock(mutex_);
  std::swap(tasks_, posted_);
  isAnyPosted_.store(false, std::memory_order_relaxed);
}

bool Reactor::runNext() {
  if (nextTask_ < tasks_.size()) {
    const auto task = std::move(tasks_[nextTask_++]);
    task->run();
    return true;
  }
  while (nextEvent_ < found_) {
    const auto event = events_[nextEvent_++];
    if (Poller::tagOf(event) == nullptr) continue;
    static_cast<Watcher*>(Poller::tagOf(event))->onReady(Poller::readinessOf(event));
    return true;
  }
  return false;
}

}  // namespace beastio::transport
