#include "session/limits/message-rate.hpp"

#include <algorithm>

#include "beastio/host/limits.hpp"

namespace beastio::session {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::seconds kBurst{1};
constexpr std::chrono::milliseconds kPiece{100};
constexpr std::chrono::minutes kMost{1};

// The time that so much may take, but for what is far beyond the most. 2^33 bytes are the most that
// fit into nanoseconds.
nanoseconds timeOf(std::size_t amount, std::size_t perSecond) {
  constexpr std::uint64_t kNanoseconds = 1'000'000'000;
  const auto counted = std::min<std::uint64_t>(amount, std::uint64_t{1} << 33U);
  return std::min<nanoseconds>(
      nanoseconds(static_cast<std::int64_t>(counted * kNanoseconds / perSecond)), 2 * kMost);
}

// Whether the client is too far ahead now.
bool push(MessageRate::TimePoint& due, std::size_t amount, std::size_t perSecond,
          MessageRate::TimePoint now) {
  if (perSecond == 0) return false;
  due = std::max(due, now) + timeOf(amount, perSecond);
  return due > now + kBurst;
}

}  // namespace

std::optional<Limit> MessageRate::onPacket(std::size_t bytes, Limits limits, TimePoint now) {
  take(limits);
  const bool hasTooManyMessages = push(messagesDue_, 1, limits.messages, now);
  const bool hasTooManyBytes = push(bytesDue_, bytes, limits.bytes, now);
  if (hasTooManyMessages) return Limit::kMaxMessagesPerSecond;
  if (hasTooManyBytes) return Limit::kMaxBytesPerSecond;
  return std::nullopt;
}

bool MessageRate::begins(TimePoint now) {
  const bool begins = now >= knownUntil_;
  knownUntil_ = now + kBurst;
  return begins;
}

MessageRate::TimePoint MessageRate::resumesAt(Limits limits) {
  take(limits);
  return std::max(messagesDue_, bytesDue_) - kBurst + kPiece;
}

bool MessageRate::isFarAhead(TimePoint now) const {
  return std::max(messagesDue_, bytesDue_) > now + kMost;
}

void MessageRate::take(Limits limits) {
  if (limits == limits_) return;
  limits_ = limits;
  messagesDue_ = bytesDue_ = {};
}

}  // namespace beastio::session
