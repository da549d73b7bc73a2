#include "session/limits/message-rate.hpp"

#include <algorithm>

#include "beastio/host/limits.hpp"

namespace beastio::session {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::seconds kBurst{1};
constexpr std::chrono::milliseconds kPiece{100};
// However large a message is, its client is not held for longer.
constexpr std::chrono::hours kMost{1};

// The time that so much may take. The most that fits: 2^33 bytes in nanoseconds.
nanoseconds timeOf(std::size_t amount, std::size_t perSecond) {
  constexpr std::uint64_t kNanoseconds = 1'000'000'000;
  const auto counted = std::min<std::uint64_t>(amount, std::uint64_t{1} << 33U);
  return std::min<nanoseconds>(
      nanoseconds(static_cast<std::int64_t>(counted * kNanoseconds / perSecond)), kMost);
}

// Whether the client is too far ahead now.
bool push(MessageRate::TimePoint& due, std::size_t amount, std::size_t perSecond,
          MessageRate::TimePoint now) {
  if (perSecond == 0) return false;
  due = std::max(due, now) + timeOf(amount, perSecond);
  due = std::min<MessageRate::TimePoint>(due, now + kMost);
  return due > now + kBurst;
}

}  // namespace

std::optional<Limit> MessageRate::onPacket(std::size_t bytes, Limits limits, TimePoint now) {
  const bool hasTooManyMessages = push(messagesDue_, 1, limits.messages, now);
  const bool hasTooManyBytes = push(bytesDue_, bytes, limits.bytes, now);
  if (hasTooManyMessages) return Limit::kMaxMessagesPerSecond;
  if (hasTooManyBytes) return Limit::kMaxBytesPerSecond;
  return std::nullopt;
}

MessageRate::TimePoint MessageRate::resumesAt() const {
  return std::max(messagesDue_, bytesDue_) - kBurst + kPiece;
}

}  // namespace beastio::session
