#include "platform/linux/poller.hpp"

#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>

namespace beastio::platform {
namespace {

constexpr std::uint32_t kReads = EPOLLIN | EPOLLRDHUP | EPOLLET;

std::error_code lastError() { return {errno, std::system_category()}; }

Descriptor opened(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(lastError(), what);
  return Descriptor(descriptor);
}

int control(int epoll, int operation, int descriptor, void* tag, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.ptr = tag}};
  return ::epoll_ctl(epoll, operation, descriptor, &event);
}

constexpr const char* kLoop = "a loop's descriptor";
constexpr const char* kTimer = "the timer of a loop";

}  // namespace

Poller::Poller()
    : epoll_(opened(::epoll_create1(EPOLL_CLOEXEC), kLoop)),
      waker_(opened(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), kLoop)) {
  if (control(epoll_.get(), EPOLL_CTL_ADD, waker_.get(), nullptr, EPOLLIN | EPOLLET) != 0) {
    throw std::system_error(lastError(), kLoop);
  }
}

std::error_code Poller::add(int descriptor, void* tag, bool writes) {
  const auto events = kReads | (writes ? EPOLLOUT : 0U);
  if (control(epoll_.get(), EPOLL_CTL_ADD, descriptor, tag, events) == 0) return {};
  return lastError();
}

void Poller::watchWrites(int descriptor, void* tag) {
  control(epoll_.get(), EPOLL_CTL_MOD, descriptor, tag, kReads | EPOLLOUT);
}

// The kernel forgets a descriptor by itself only when no other one refers to the same socket.
void Poller::remove(int descriptor) {
  control(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr, 0);
}

void Poller::wake() {
  const std::uint64_t once = 1;
  [[maybe_unused]] const auto written = ::write(waker_.get(), &once, sizeof once);
}

PollTimer::PollTimer(Poller& poller, void* tag)
    : poller_(poller),
      timer_(opened(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), kTimer)) {
  const auto error = poller.add(timer_.get(), tag, false);
  if (error) throw std::system_error(error, kTimer);
}

PollTimer::~PollTimer() { poller_.remove(timer_.get()); }

void PollTimer::set(std::chrono::steady_clock::time_point when) {
  using namespace std::chrono;
  const auto time = when.time_since_epoch();
  const auto whole = duration_cast<seconds>(time);
  itimerspec timer{};
  timer.it_value.tv_sec = whole.count();
  timer.it_value.tv_nsec = duration_cast<nanoseconds>(time - whole).count();
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &timer, nullptr);
}

}  // namespace beastio::platform
