#include "engine/look-timer.hpp"

namespace beastio::engine {

LookTimer::LookTimer(transport::Reactor& reactor)
    : reactor_(reactor), timer_(reactor.poller(), static_cast<transport::Watcher*>(this)) {}

LookTimer::~LookTimer() { reactor_.forget(*this); }

void LookTimer::ask(std::chrono::steady_clock::time_point when) {
  if (isPending_) return;
  isPending_ = true;
  timer_.set(when);
}

}  // namespace beastio::engine
