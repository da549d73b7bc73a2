// Clients that are connected and say nothing, for what they cost in memory.
#pragma once

#include "error.hpp"
#include "workloads/workload.hpp"

namespace load {

class Idle final : public Workload {
 public:
  Idle(const Settings&, Outlet&, Tally&) {}

  void start(Clock::time_point) override {}
  void onEvent(std::size_t client, std::string_view packet, Clock::time_point) override {
    throw LoadError("client " + std::to_string(client) + " got " + shown(packet) + " unasked");
  }
  Clock::time_point oldestUnanswered() const override { return Clock::time_point::max(); }
  bool expectsAnswers() const override { return false; }
};

}  // namespace load
