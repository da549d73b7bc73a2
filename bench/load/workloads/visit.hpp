// Visits, as many at once as there are clients. One comes, sends an event, gets the answer and
// leaves; another one comes in its place. The latency is from connecting to the answer.
#pragma once

#include <vector>

#include "client/message.hpp"
#include "workloads/workload.hpp"

namespace load {

class Visit final : public Workload {
 public:
  Visit(const Settings& settings, Outlet& outlet, Tally& tally);

  void start(Clock::time_point now) override;
  void onReady(std::size_t client, Clock::time_point now) override;
  void onEvent(std::size_t client, std::string_view packet, Clock::time_point now) override;
  Clock::time_point oldestUnanswered() const override;

 private:
  struct Visitor {
    Clock::time_point since{};
    std::uint32_t number = 0;  // of those that were in this place
  };

  void replace(std::size_t client, Clock::time_point now);

  Outlet& outlet_;
  Tally& tally_;
  Message message_;
  std::vector<Visitor> visitors_;
};

}  // namespace load
