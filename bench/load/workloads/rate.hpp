// Echoes at a fixed rate, whatever the answers do. The clients take turns, each message is due at
// its time, and its latency counts from then. A server that stalls is charged for everything that
// the stall delayed, also for what could not be sent meanwhile. Workload `ack-rate` asks for
// acknowledgements in place of echoes.
#pragma once

#include <vector>

#include "client/message.hpp"
#include "workloads/workload.hpp"

namespace load {

class Rate final : public Workload {
 public:
  Rate(const Settings& settings, Outlet& outlet, Tally& tally);

  void start(Clock::time_point now) override { start_ = now; }
  void onTime(Clock::time_point now) override;
  Clock::time_point nextDue() const override { return dueAt(sent_); }
  void onEvent(std::size_t client, std::string_view packet, Clock::time_point now) override;
  Clock::time_point oldestUnanswered() const override;

 private:
  Clock::time_point dueAt(std::uint64_t number) const;
  std::uint64_t numberOf(std::size_t client, std::uint32_t sequence) const;

  const std::uint64_t perSecond_;
  Outlet& outlet_;
  Tally& tally_;
  Message message_;
  Clock::time_point start_{};
  std::uint64_t sent_ = 0;               // by all; the next one is due at dueAt(sent_)
  std::vector<std::uint32_t> answered_;  // by client
};

}  // namespace load
