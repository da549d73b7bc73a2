// The state machine of another connection that is to carry a session. Its probe is answered, and
// the poll that is pending is ended by NOOPs. Then the upgrade is committed or given up.
// Runs on: the session's I/O thread. Owner: the session. Bound: kMaxProbes answers.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "session/channel.hpp"
#include "session/heartbeat.hpp"

namespace beastio::session {

class UpgradeProbe {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  enum class Action : std::uint8_t {
    kNone,
    kAnswerProbe,  ///< send "3probe" on the new connection
    kCommit,       ///< the client has moved
    kSendNoop,     ///< end a poll that is pending
    kAbandon,      ///< close the new connection, and go on as before
  };

  static constexpr unsigned kMaxProbes = Heartbeat::kMaxUnreadPongs;
  static constexpr std::chrono::milliseconds kNoopInterval{100};

  /// `request`: by which `channel` came. `deadline`: when the upgrade is given up.
  UpgradeProbe(MessageChannel& channel, RequestId request, TimePoint deadline)
      : channel_(channel), request_(request), deadline_(deadline) {}

  MessageChannel& channel() const { return channel_; }
  RequestId request() const { return request_; }

  /// The client sent a text on the new connection.
  Action onText(std::string_view payload, TimePoint now);
  Action onTimer(TimePoint now);
  /// The client was not read for a while, and it may not go on before it is.
  void setDeadline(TimePoint deadline) { deadline_ = deadline; }
  /// When `onTimer` is due.
  TimePoint next() const { return nextNoop_ ? std::min(deadline_, *nextNoop_) : deadline_; }

 private:
  MessageChannel& channel_;
  RequestId request_;
  TimePoint deadline_;
  std::optional<TimePoint> nextNoop_;  // set once the probe was answered
  unsigned probes_ = 0;
};

}  // namespace beastio::session
