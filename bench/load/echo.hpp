// Every client keeps `inFlight` messages under way: each answer is followed by a new message.
// The server answers `echo` with the same event and argument, to the sender alone.
#pragma once

#include <vector>

#include "message.hpp"
#include "workload.hpp"

namespace load {

class Echo final : public Workload {
 public:
  Echo(const Settings& settings, Outlet& outlet, Tally& tally);

  void start(Clock::time_point now) override;
  void onPacket(std::size_t connection, std::string_view packet, Clock::time_point now) override;
  Clock::time_point oldestUnanswered() const override;

 private:
  struct Client {
    std::uint32_t sent = 0;
    std::uint32_t answered = 0;
  };

  void sendNext(std::size_t connection, Clock::time_point now);
  Clock::time_point& sentAt(std::size_t connection, std::uint32_t sequence);

  const std::size_t inFlight_;
  Outlet& outlet_;
  Tally& tally_;
  Message message_;
  std::vector<Client> clients_;
  std::vector<Clock::time_point> sentAt_;  // a ring of inFlight_ for each client
};

}  // namespace load
