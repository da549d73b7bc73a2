// Handshakes, as many at once as there are clients: one that is in the namespace leaves, and
// another one comes in its place. The latency is from connecting to being let in.
#pragma once

#include <vector>

#include "workloads/workload.hpp"

namespace load {

class Connect final : public Workload {
 public:
  Connect(const Settings& settings, Outlet& outlet, Tally& tally);

  void start(Clock::time_point now) override;
  void onEvent(std::size_t client, std::string_view packet, Clock::time_point now) override;
  void onReady(std::size_t client, Clock::time_point now) override;
  Clock::time_point oldestUnanswered() const override;

 private:
  void replace(std::size_t client, Clock::time_point now);

  Outlet& outlet_;
  Tally& tally_;
  std::vector<Clock::time_point> since_;  // when each client began
};

}  // namespace load
