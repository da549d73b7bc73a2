#include "platform/macos/poller.hpp"

#include <fcntl.h>
#include <sys/types.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

namespace beastio::platform {
namespace {

using Change = struct kevent;

constexpr std::uint16_t kWatches = EV_ADD | EV_CLEAR;
constexpr std::uintptr_t kWaker = 0;

std::error_code lastError() { return {errno, std::system_category()}; }

Change changeOf(std::uintptr_t which, std::int16_t filter, std::uint16_t flags, void* tag) {
  Change change{};
  change.ident = which;
  change.filter = filter;
  change.flags = flags;
  change.udata = tag;
  return change;
}

Change changeOf(int descriptor, std::int16_t filter, std::uint16_t flags, void* tag) {
  return changeOf(static_cast<std::uintptr_t>(descriptor), filter, flags, tag);
}

// Errors: returns false; see errno.
bool apply(int queue, std::span<const Change> changes) {
  return ::kevent(queue, changes.data(), static_cast<int>(changes.size()), nullptr, 0, nullptr) ==
         0;
}

int openQueue() {
  const int queue = ::kqueue();
  if (queue >= 0) ::fcntl(queue, F_SETFD, FD_CLOEXEC);
  return queue;
}

}  // namespace

Poller::Poller() : queue_(openQueue()) {
  const Change waker[] = {changeOf(kWaker, EVFILT_USER, kWatches, nullptr)};
  if (!queue_.valid() || !apply(queue_.get(), waker)) {
    throw std::system_error(lastError(), "a loop's descriptor");
  }
}

std::error_code Poller::add(int descriptor, void* tag, bool writes) {
  const Change changes[] = {changeOf(descriptor, EVFILT_READ, kWatches, tag),
                            changeOf(descriptor, EVFILT_WRITE, kWatches, tag)};
  if (apply(queue_.get(), std::span(changes).first(writes ? 2 : 1))) return {};
  return lastError();
}

void Poller::watchWrites(int descriptor, void* tag) {
  const Change change[] = {changeOf(descriptor, EVFILT_WRITE, kWatches, tag)};
  apply(queue_.get(), change);
}

// One by one: a filter that is not there ends a call.
void Poller::remove(int descriptor) {
  for (const auto filter : {std::int16_t{EVFILT_READ}, std::int16_t{EVFILT_WRITE}}) {
    const Change change[] = {changeOf(descriptor, filter, EV_DELETE, nullptr)};
    apply(queue_.get(), change);
  }
}

void Poller::wake() {
  Change change[] = {changeOf(kWaker, EVFILT_USER, 0, nullptr)};
  change[0].fflags = NOTE_TRIGGER;
  apply(queue_.get(), change);
}

std::size_t Poller::wait(std::span<Event> events, int timeoutMs) {
  constexpr int kPerSecond = 1000;
  constexpr int kNanoseconds = 1'000'000;
  const timespec time{.tv_sec = timeoutMs / kPerSecond,
                      .tv_nsec = static_cast<long>(timeoutMs % kPerSecond) * kNanoseconds};
  const int count = ::kevent(queue_.get(), nullptr, 0, events.data(),
                             static_cast<int>(events.size()), timeoutMs < 0 ? nullptr : &time);
  return static_cast<std::size_t>(std::max(count, 0));
}

PollTimer::~PollTimer() {
  const Change change[] = {
      changeOf(reinterpret_cast<std::uintptr_t>(this), EVFILT_TIMER, EV_DELETE, nullptr)};
  apply(poller_.queue_.get(), change);
}

void PollTimer::set(std::chrono::steady_clock::time_point when) {
  using namespace std::chrono;
  const auto left = duration_cast<nanoseconds>(when - steady_clock::now());
  Change change[] = {
      changeOf(reinterpret_cast<std::uintptr_t>(this), EVFILT_TIMER, EV_ADD | EV_ONESHOT, tag_)};
  change[0].fflags = NOTE_NSECONDS;
  change[0].data = std::max<std::int64_t>(left.count(), 1);
  apply(poller_.queue_.get(), change);
}

}  // namespace beastio::platform
