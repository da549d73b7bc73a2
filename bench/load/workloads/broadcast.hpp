// The first client keeps `inFlight` broadcasts under way. The next one is sent when all members,
// the sender among them, have received an earlier one. A pause comes before it where one is set.
// The server answers `bcast` with `io.emit`.
#pragma once

#include <deque>
#include <vector>

#include "client/message.hpp"
#include "workloads/workload.hpp"

namespace load {

class Broadcast final : public Workload {
 public:
  Broadcast(const Settings& settings, Outlet& outlet, Tally& tally);

  void start(Clock::time_point now) override;
  void onEvent(std::size_t client, std::string_view packet, Clock::time_point now) override;
  void onTime(Clock::time_point now) override;
  Clock::time_point nextDue() const override;
  Clock::time_point oldestUnanswered() const override;

 private:
  struct Call {
    Clock::time_point sentAt;
    std::size_t missing = 0;  // members that have not received it
  };

  void sendNext(Clock::time_point now);

  Outlet& outlet_;
  Tally& tally_;
  Message message_;
  std::vector<std::uint32_t> received_;  // by each member; what it gets next has this number
  std::vector<Call> calls_;              // a ring of the broadcasts in flight
  std::uint32_t sent_ = 0;
  Clock::duration pause_;
  std::deque<Clock::time_point> due_;  // when the next ones may be sent
};

}  // namespace load
