// Every client keeps `inFlight` messages under way: each answer is followed by a new message.
// The server answers `echo` with the same event and argument, to the sender alone; workload `ack`
// asks for an acknowledgement in its place. A client of several namespaces uses them in turn.
#pragma once

#include <vector>

#include "client/message.hpp"
#include "workloads/workload.hpp"

namespace load {

class Echo final : public Workload {
 public:
  Echo(const Settings& settings, Outlet& outlet, Tally& tally);

  void start(Clock::time_point now) override;
  void onEvent(std::size_t client, std::string_view packet, Clock::time_point now) override;
  void onAttachment(std::size_t client, std::string_view bytes, Clock::time_point now) override;
  Clock::time_point oldestUnanswered() const override;

 private:
  struct Progress {
    std::uint32_t sent = 0;
    std::uint32_t answered = 0;
    bool attachmentDue = false;
  };

  void onAnswered(std::size_t client, Clock::time_point now);
  void sendNext(std::size_t client, Clock::time_point now);
  Clock::time_point& sentAt(std::size_t client, std::uint32_t sequence);
  Message& messageOf(std::uint32_t sequence) { return messages_[sequence % messages_.size()]; }

  const std::size_t inFlight_;
  Outlet& outlet_;
  Tally& tally_;
  std::vector<Message> messages_;  // by namespace
  std::vector<Progress> clients_;
  std::vector<Clock::time_point> sentAt_;  // a ring of inFlight_ for each client
};

}  // namespace load
