// Clients that say nothing but PONG, for what the server spends on asking them. Each PING that a
// client gets is a message.
#pragma once

#include <algorithm>
#include <vector>

#include "error.hpp"
#include "workloads/workload.hpp"

namespace load {

class Heartbeats final : public Workload {
 public:
  Heartbeats(const Settings& settings, Outlet&, Tally& tally)
      : tally_(tally), heardAt_(settings.connections) {}

  void start(Clock::time_point) override {}
  void onHeartbeat(std::size_t client, Clock::time_point now) override {
    heardAt_[client] = now;
    ++tally_.messages;
    ++tally_.calls;
  }
  void onEvent(std::size_t client, std::string_view packet, Clock::time_point) override {
    throw LoadError("client " + std::to_string(client) + " got " + shown(packet) + " unasked");
  }
  /// A client is starved that is not asked in the window, or soon after its end.
  Clock::time_point oldestUnanswered() const override {
    return *std::ranges::min_element(heardAt_);
  }

 private:
  Tally& tally_;
  std::vector<Clock::time_point> heardAt_;  // by client
};

}  // namespace load
