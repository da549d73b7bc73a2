#include "engine/look-timer.hpp"

#include <sys/timerfd.h>

#include <cerrno>
#include <system_error>

namespace beastio::engine {

LookTimer::LookTimer(transport::Reactor& reactor)
    : reactor_(reactor), timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
  std::error_code error;
  if (!timer_.valid()) error.assign(errno, std::system_category());
  if (!error) error = reactor.add(timer_.get(), *this);
  if (error) throw std::system_error(error, "the timer of a loop");
}

LookTimer::~LookTimer() { reactor_.remove(timer_.get(), *this); }

void LookTimer::ask(std::chrono::steady_clock::time_point when) {
  using namespace std::chrono;
  if (isPending_) return;
  isPending_ = true;
  const auto time = when.time_since_epoch();
  const auto whole = duration_cast<seconds>(time);
  itimerspec timer{};
  timer.it_value.tv_sec = whole.count();
  timer.it_value.tv_nsec = duration_cast<nanoseconds>(time - whole).count();
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &timer, nullptr);
}

}  // namespace beastio::engine
