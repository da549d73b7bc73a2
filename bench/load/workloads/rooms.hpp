// Every client is in one of `rooms` rooms. The first one addresses `rate` rooms a second in turn,
// and the server answers `room` with `io.to(room).emit`. With workload `chat` the members of a room
// take turns in addressing it.
#pragma once

#include <vector>

#include "client/message.hpp"
#include "workloads/workload.hpp"

namespace load {

class Rooms final : public Workload {
 public:
  Rooms(const Settings& settings, Outlet& outlet, Tally& tally);

  void start(Clock::time_point now) override { start_ = now; }
  void onTime(Clock::time_point now) override;
  Clock::time_point nextDue() const override { return dueAt(sent_); }
  void onEvent(std::size_t client, std::string_view packet, Clock::time_point now) override;
  Clock::time_point oldestUnanswered() const override;

 private:
  struct Room {
    Message message;
    std::size_t members = 0;
    std::uint32_t sender = 0;  // of the last message
    std::size_t missing = 0;   // members that have not received the last message
    std::uint32_t sequence = 0;
    Clock::time_point dueAt{};
  };

  /// The client that sends the message with this number.
  std::uint32_t senderOf(std::uint64_t number) const;
  Clock::time_point dueAt(std::uint64_t number) const;

  const std::uint64_t perSecond_;
  const bool membersSend_;
  Outlet& outlet_;
  Tally& tally_;
  std::vector<Room> rooms_;
  Clock::time_point start_{};
  std::uint64_t sent_ = 0;
};

}  // namespace load
