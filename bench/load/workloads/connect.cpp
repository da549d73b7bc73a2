// The closed loop of handshakes.
#include "workloads/connect.hpp"

#include <algorithm>

#include "error.hpp"

namespace load {

Connect::Connect(const Settings& settings, Outlet& outlet, Tally& tally)
    : outlet_(outlet), tally_(tally), since_(settings.connections) {}

void Connect::start(Clock::time_point now) {
  for (std::size_t client = 0; client < since_.size(); ++client) replace(client, now);
}

void Connect::onEvent(std::size_t client, std::string_view packet, Clock::time_point) {
  throw LoadError("client " + std::to_string(client) + " got " + shown(packet) + " unasked");
}

void Connect::onReady(std::size_t client, Clock::time_point now) {
  tally_.latency.record(now - since_[client]);
  ++tally_.messages;
  ++tally_.calls;
  replace(client, now);
}

Clock::time_point Connect::oldestUnanswered() const { return *std::ranges::min_element(since_); }

void Connect::replace(std::size_t client, Clock::time_point now) {
  since_[client] = now;
  outlet_.replace(client);
}

}  // namespace load
