// Tells the host who has met limits, at most once a second for each limit, however many come.
// Runs on: the I/O thread. Owner: its Admission.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "session/timer-queue.hpp"

namespace beastio {
struct LimitNotice;
enum class Limit : std::uint8_t;
}  // namespace beastio

namespace beastio::engine {

class LimitNotes final : private session::TimerClient {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  using Tell = std::function<void(const LimitNotice&)>;
  /// How many limits there are.
  static constexpr std::size_t kLimits = 7;

  LimitNotes(session::TimerQueue& timers, Tell tell)
      : TimerClient(timers), tell_(std::move(tell)) {}

  /// A client has met a limit. `address`, `sid`: its own; empty: unknown.
  void note(Limit limit, std::string address, std::string sid, TimePoint now);

 private:
  struct Note {
    std::int32_t count = 0;  // since it was told
    std::string address{};   // of the last of them, as the next one
    std::string sid{};
    TimePoint next{};  // when it may be told again
  };

  void onTimer(TimePoint now) override;
  void tell(std::size_t limit, TimePoint now);

  Tell tell_;
  std::array<Note, kLimits> notes_;
};

}  // namespace beastio::engine
