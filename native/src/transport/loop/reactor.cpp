#include "transport/loop/reactor.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

namespace beastio::transport {
namespace {

constexpr std::uint32_t kReads = EPOLLIN | EPOLLRDHUP | EPOLLET;
constexpr std::uint32_t kEnds = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

std::error_code lastError() { return {errno, std::system_category()}; }

Descriptor opened(int descriptor) {
  if (descriptor < 0) throw std::system_error(lastError(), "a loop's descriptor");
  return Descriptor(descriptor);
}

int control(int epoll, int operation, int descriptor, Watcher* watcher, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.ptr = watcher}};
  return ::epoll_ctl(epoll, operation, descriptor, &event);
}

// Rounded up: a wait that ends too early would be begun again for nothing.
int millisecondsUntil(Reactor::TimePoint deadline) {
  using std::chrono::milliseconds;
  constexpr milliseconds kMost{std::chrono::hours(1)};
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp(left, milliseconds(0), kMost).count());
}

}  // namespace

Reactor::Reactor()
    : epoll_(opened(::epoll_create1(EPOLL_CLOEXEC))),
      waker_(opened(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {
  if (control(epoll_.get(), EPOLL_CTL_ADD, waker_.get(), nullptr, EPOLLIN | EPOLLET) != 0) {
    throw std::system_error(lastError(), "a loop's descriptor");
  }
}

// What the tasks own may have watchers of its own.
Reactor::~Reactor() {
  tasks_.clear();
  posted_.clear();
}

std::error_code Reactor::add(int descriptor, Watcher& watcher, bool writes) {
  const auto events = kReads | (writes ? EPOLLOUT : 0U);
  if (control(epoll_.get(), EPOLL_CTL_ADD, descriptor, &watcher, events) == 0) return {};
  return lastError();
}

void Reactor::watchWrites(int descriptor, Watcher& watcher) {
  control(epoll_.get(), EPOLL_CTL_MOD, descriptor, &watcher, kReads | EPOLLOUT);
}

// The kernel forgets a descriptor by itself only when no other one refers to the same socket.
void Reactor::remove(int descriptor, const Watcher& watcher) {
  control(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr, 0);
  for (auto i = nextEvent_; i < found_; ++i) {
    if (events_[i].data.ptr == &watcher) events_[i].data.ptr = nullptr;
  }
}

void Reactor::push(TaskPtr task) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(task));
    isAnyPosted_.store(true, std::memory_order_release);
  }
  if (!isAsleep_.exchange(false)) return;
  const std::uint64_t once = 1;
  [[maybe_unused]] const auto written = ::write(waker_.get(), &once, sizeof once);
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
  const int count =
      ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), timeoutMs);
  isAsleep_.store(false, std::memory_order_relaxed);
  found_ = static_cast<std::size_t>(std::max(count, 0));
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
    const auto [events, data] = events_[nextEvent_++];
    if (data.ptr == nullptr) continue;
    static_cast<Watcher*>(data.ptr)->onReady({.readable = (events & (EPOLLIN | kEnds)) != 0,
                                              .writable = (events & (EPOLLOUT | EPOLLERR)) != 0,
                                              .ended = (events & kEnds) != 0});
    return true;
  }
  return false;
}

}  // namespace beastio::transport
