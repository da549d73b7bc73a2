#include "engine/driving.hpp"

#include <algorithm>
#include <utility>

#include "beastio/options.hpp"

namespace beastio::engine {

Driving::Turn::Turn(Driving& driving) : driving_(driving) {
  if (!driving.isHosts_ || driving.isInTurn()) return;
  Lock lock(driving.mutex_);
  if (!driving.isHosts_) return;
  driving.turnOf_ = std::this_thread::get_id();
  lock_ = std::move(lock);
  isBegun_ = true;
}

Driving::Turn::Turn(Driving& driving, const Lock& /*held*/) : driving_(driving), isBegun_(true) {
  driving.turnOf_ = std::this_thread::get_id();
}

Driving::Turn::~Turn() {
  if (isBegun_) driving_.turnOf_ = std::thread::id();
}

Driving::Driving(IoDriver wanted, bool isPossible, unsigned processors)
    : wanted_(isPossible ? wanted : IoDriver::kThread), isBusyHostFine_(processors == 1) {}

void Driving::expect(std::optional<TimePoint> deadline) {
  if (deadline && sleepsUntil_ && *deadline < *sleepsUntil_) changed_.notify_one();
}

void Driving::takeBack(bool forever) {
  Lock lock(mutex_, std::defer_lock);
  if (!isInTurn()) lock.lock();
  isOver_ = isOver_ || forever;
  isHosts_ = false;
  changed_.notify_one();
  if (isOver_) claimed_.notify_one();
}

bool Driving::beginClaim(TimePoint now) {
  if (wanted_ == IoDriver::kThread) return false;
  const Lock lock(mutex_);
  if (isOver_ || now < notBefore_ || now < noClaimBefore_) return false;
  isClaimed_ = true;
  return true;
}

bool Driving::endClaim(TimePoint now) {
  Lock lock(mutex_);
  claimed_.wait_for(lock, kClaimPatience, [this] { return isHosts_ || isOver_; });
  isClaimed_ = false;
  if (!isHosts_) noClaimBefore_ = now + kClaimPause;
  return isHosts_;
}

void Driving::giveToHost() {
  seenTurns_ = turns_;
  seenCommands_ = commands_;
  waiting_ = quiet_ = looks_ = 0;
  isByClaim_ = isClaimed_;
  isHosts_ = true;
}

void Driving::yield(TimePoint now) {
  Lock lock(mutex_, std::defer_lock);
  if (!isInTurn()) lock.lock();
  if (wanted_ == IoDriver::kAuto) blame(now);
  isHosts_ = false;
  changed_.notify_one();
}

bool Driving::offer(bool isIdle, TimePoint now) {
  if (wanted_ == IoDriver::kThread) return false;
  if (isClaimed_) {
    const Lock lock(mutex_);
    if (isOver_ || !isClaimed_) return false;
    giveToHost();
    claimed_.notify_one();
    return true;
  }
  if (wanted_ == IoDriver::kAuto) {
    const bool isFit = isIdle || isBusyHostFine_;
    if (!isFit || idleTurns_ == 0 || now - idleSince_ > kOfferTime) {
      idleTurns_ = isFit ? 1 : 0;
      idleSince_ = now;
      return false;
    }
    if (++idleTurns_ < kOfferTurns) return false;
    idleTurns_ = 0;
  }
  const Lock lock(mutex_);
  if (isOver_ || now < notBefore_) return false;
  giveToHost();
  return true;
}

bool Driving::sleep(Lock& lock, std::optional<TimePoint> deadline) {
  const auto next = std::chrono::steady_clock::now() + kLook;
  sleepsUntil_ = deadline ? std::min(*deadline, next) : next;
  changed_.wait_until(lock, *sleepsUntil_);
  sleepsUntil_.reset();
  return deadline && std::chrono::steady_clock::now() >= *deadline;
}

void Driving::look(bool isWaiting, std::chrono::nanoseconds hostTime, TimePoint now) {
  const bool isServed = turns_ != seenTurns_;
  seenTurns_ = turns_;
  // Requests of the attached door come as commands.
  const bool isUsed = isServed || commands_ != seenCommands_;
  seenCommands_ = commands_;
  waiting_ = isWaiting && !isServed ? waiting_ + 1 : 0;
  quiet_ = isWaiting || isUsed ? 0 : quiet_ + 1;
  const bool isLate = waiting_ > 1;
  if (looks_ == 0) {
    hostTime_ = hostTime;
    looksSince_ = now;
  }
  looks_ = (looks_ + 1) % kLooks;
  const bool isOverrun =
      !isBusyHostFine_ && looks_ == 0 && hostTime - hostTime_ > kMostBusy * (now - looksSince_);
  if (wanted_ == IoDriver::kAuto ? isLate || isOverrun : isLate) {
    // A host claims a loop because it is about to be busy. That is no fault.
    if (isByClaim_ && !isOverrun) {
      noClaimBefore_ = now + kClaimPause;
    } else {
      blame(now);
    }
    isHosts_ = false;
  } else if (quiet_ >= kQuietLooks && wanted_ == IoDriver::kAuto) {
    isHosts_ = false;
  }
}

void Driving::blame(TimePoint now) {
  const bool isSoon = now - blamedAt_ < 2 * kMostPause;
  pause_ = isSoon ? std::min(2 * pause_, kMostPause) : kLeastPause;
  blamedAt_ = now;
  notBefore_ = now + pause_;
}

}  // namespace beastio::engine
