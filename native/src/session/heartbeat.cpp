#include "session/heartbeat.hpp"

#include <algorithm>

namespace beastio::session {
namespace {

// A host that excuses everybody for less only looks whether it is at fault itself.
constexpr std::chrono::milliseconds kLeastExcuse{100};

}  // namespace

void Heartbeat::open(const Times& times, TimePoint now) {
  if (isServers_) {
    nextPing_ = now + times.interval;
  } else {
    deadline_ = now + times.interval + times.timeout;
  }
}

void Heartbeat::onUpgraded(const Times& times, TimePoint now) {
  if (!isServers_) return;
  deadline_.reset();
  if (!nextPing_) nextPing_ = now + times.interval;
}

Heartbeat::Action Heartbeat::onPing(const Times& times, TimePoint now, bool hasTakenAll) {
  if (isServers_) return Action::kWrongDirection;
  deadline_ = now + times.interval + times.timeout;
  if (hasTakenAll) unreadPongs_ = 0;
  return ++unreadPongs_ > kMaxUnreadPongs ? Action::kTooManyPongs : Action::kSendPong;
}

Heartbeat::Action Heartbeat::onPong(const Times& times, TimePoint now) {
  if (!isServers_) return Action::kWrongDirection;
  deadline_.reset();
  nextPing_ = now + times.interval;
  return Action::kNone;
}

// The PONG of an excused client may be there, and cannot be read. It hears further PINGs meanwhile,
// or it would take this server for dead.
Heartbeat::Action Heartbeat::onOverdue(const Times& times, TimePoint now, TimePoint excusedUntil,
                                       bool mayPing) {
  if (now >= excusedUntil) return Action::kGiveUp;
  deadline_ = excusedUntil;
  const bool pingsAgain = isServers_ && !nextPing_ && mayPing;
  if (pingsAgain && excusedUntil - now >= kLeastExcuse) nextPing_ = lastSent_ + times.interval;
  return Action::kNone;
}

// The PONG may stand behind much that is read only slowly. The client hears further PINGs
// meanwhile.
void Heartbeat::giveTimeAgain(const Times& times, TimePoint now, bool mayPing) {
  isRepeated_ = true;
  if (!deadline_) return;
  deadline_ = now + times.timeout;
  if (!isServers_) {
    *deadline_ += times.interval;
  } else if (!nextPing_ && mayPing) {
    nextPing_ = lastSent_ + times.interval;
  }
}

Heartbeat::Action Heartbeat::onTimer(const Times& times, TimePoint now) {
  if (!nextPing_ || now < *nextPing_) return Action::kNone;
  nextPing_.reset();  // set again by the PONG
  lastSent_ = now;
  isRepeated_ = deadline_.has_value();
  if (!deadline_) {
    isProlonged_ = false;
    deadline_ = now + times.timeout;
  }
  return Action::kSendPing;
}

std::optional<Heartbeat::TimePoint> Heartbeat::next() const {
  if (nextPing_ && deadline_) return std::min(*nextPing_, *deadline_);
  return nextPing_ ? nextPing_ : deadline_;
}

}  // namespace beastio::session
