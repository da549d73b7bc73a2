// All clients are cut, and all come again at once: a first time to warm up, then when the measured
// window begins. It ends when all are back, or later. The latency is from the cut to being let in.
#pragma once

#include "workloads/workload.hpp"

namespace load {

class Reconnect final : public Workload {
 public:
  Reconnect(const Settings& settings, Outlet& outlet, Tally& tally);

  void start(Clock::time_point now) override { cut(now); }
  void onWindow(Clock::time_point now) override { cut(now); }
  bool settled() const override { return missing_ == 0; }
  void onReady(std::size_t client, Clock::time_point now) override;
  void onEvent(std::size_t client, std::string_view packet, Clock::time_point now) override;
  Clock::time_point oldestUnanswered() const override;
  bool expectsAnswers() const override { return missing_ > 0; }

 private:
  void cut(Clock::time_point now);

  const std::size_t connections_;
  Outlet& outlet_;
  Tally& tally_;
  Clock::time_point cutAt_{};
  std::size_t missing_ = 0;  // clients that are not back
};

}  // namespace load
