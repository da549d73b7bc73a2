// The heartbeat of one session, as a machine: it is told what arrives and what time it is, and
// returns what is to be done. In protocol 4 the server pings, in protocol 3 the client does.
// Pure. Runs on: the session's I/O thread. Owner: the session.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace beastio::session {

class Heartbeat {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Times {
    std::chrono::milliseconds interval{};  ///< pingInterval
    std::chrono::milliseconds timeout{};   ///< pingTimeout
  };

  enum class Action : std::uint8_t {
    kNone,
    kSendPing,
    kSendPong,
    kGiveUp,          ///< the client is silent for too long
    kWrongDirection,  ///< the client sent what only the server may
    kTooManyPongs,    ///< the client lets the answers to its PINGs wait
  };

  /// Answers to PINGs and probes that a client may leave unread; one that reads has one of them.
  static constexpr unsigned kMaxUnreadPongs = 1000;

  /// PONGs that are not asked for come no faster.
  static constexpr std::chrono::milliseconds kLeastPongs{100};

  explicit Heartbeat(std::uint8_t protocol) : isServers_(protocol == 4) {}

  /// The session is open.
  void open(const Times& times, TimePoint now);
  /// The session is carried by another transport.
  void onUpgraded(const Times& times, TimePoint now);

  /// Whether a packet that arrives prolongs the time for the PONG: the first one does.
  bool isProlongable() const { return deadline_ && !isProlonged_ && isServers_; }
  /// Order: if it is prolongable. Something but a PONG arrived.
  void prolong(const Times& times, TimePoint now) {
    isProlonged_ = true;
    deadline_ = now + times.timeout;
  }
  /// `hasTakenAll`: the client has taken all that was sent to it.
  Action onPing(const Times& times, TimePoint now, bool hasTakenAll);
  /// Order: before `onPong`. How long the client has taken to answer its PING. None if it had none
  /// to answer, or several, or pings itself.
  std::optional<TimePoint::duration> roundTrip(TimePoint now) const {
    const bool isAnswer = isServers_ && !nextPing_ && !isRepeated_;
    return isAnswer ? std::optional(now - lastSent_) : std::nullopt;
  }
  Action onPong(const Times& times, TimePoint now);

  /// Whether the client has been silent for too long, unless it is excused.
  bool isOverdue(TimePoint now) const { return deadline_ && now >= *deadline_; }
  /// Order: if it is overdue. `excusedUntil`: until when the silence is not the fault of the
  /// client. `mayPing`: no PING still waits for the client to take it.
  Action onOverdue(const Times& times, TimePoint now, TimePoint excusedUntil, bool mayPing);
  /// The client was not read for a while: it has its time again. `mayPing`: see `onOverdue`.
  void giveTimeAgain(const Times& times, TimePoint now, bool mayPing);
  /// When a client that is not read is to hear a PONG that it has not asked for; none: it does not
  /// wait for PONGs.
  std::optional<TimePoint> nextUnasked(const Times& times) const {
    return isServers_ ? std::nullopt
                      : std::optional(lastSent_ + std::max(times.timeout / 2, kLeastPongs));
  }
  void sentUnasked(TimePoint now) { lastSent_ = now; }
  /// Order: after `onOverdue`.
  Action onTimer(const Times& times, TimePoint now);
  /// When the next of these calls is due.
  std::optional<TimePoint> next() const;

 private:
  bool isServers_;                     // it is the server that pings
  bool isProlonged_ = false;           // the time for the PONG
  bool isRepeated_ = true;             // the last PING came behind one without answer; or none did
  std::uint16_t unreadPongs_ = 0;      // protocol 3: since all that was sent had been taken
  std::optional<TimePoint> nextPing_;  // protocol 4
  TimePoint lastSent_{};               // PING, or in protocol 3 a PONG that was not asked for
  std::optional<TimePoint> deadline_;  // the PONG, or in protocol 3 the next PING, is due
};

}  // namespace beastio::session
