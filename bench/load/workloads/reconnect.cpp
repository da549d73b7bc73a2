// One cut at a time.
#include "workloads/reconnect.hpp"

#include "error.hpp"

namespace load {

Reconnect::Reconnect(const Settings& settings, Outlet& outlet, Tally& tally)
    : connections_(settings.connections), outlet_(outlet), tally_(tally) {}

void Reconnect::onReady(std::size_t, Clock::time_point now) {
  tally_.latency.record(now - cutAt_);
  ++tally_.messages;
  if (--missing_ == 0) ++tally_.calls;
}

void Reconnect::onEvent(std::size_t client, std::string_view packet, Clock::time_point) {
  throw LoadError("client " + std::to_string(client) + " got " + shown(packet) + " unasked");
}

Clock::time_point Reconnect::oldestUnanswered() const {
  return missing_ > 0 ? cutAt_ : Clock::time_point::max();
}

void Reconnect::cut(Clock::time_point now) {
  cutAt_ = now;
  missing_ = connections_;
  outlet_.replaceAll();
}

}  // namespace load
