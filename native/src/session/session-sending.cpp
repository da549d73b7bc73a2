// What a session sends, and what becomes of it where the client takes less.
#include <algorithm>

#include "beastio/host/send-flags.hpp"
#include "beastio/options.hpp"
#include "protocol/socketio/socketio-header.hpp"
#include "session/session.hpp"
#include "session/settings.hpp"

namespace beastio::session {
namespace {

using protocol::PacketType;

// What a connection has at most of a client whose oldest packets may be dropped: those it has are
// not.
constexpr std::size_t kHandedBytes = 64U << 10U;
constexpr std::size_t kHandedParts = 4;  // of what may wait for the client

bool isMissable(std::span<const Outgoing> parts) {
  const auto& first = parts.front();
  return first.type == PacketType::kMessage && (first.binary || protocol::isMissable(first.data));
}

// Whether its attachments may be sent behind it, each by itself.
bool mayComeApart(std::span<const Outgoing> parts) {
  return parts.size() == 1 && parts.front().data.starts_with('5');
}

}  // namespace

bool Session::writable() const {
  if (holds()) return false;
  return channel_ ? channel_->writable() : polls_.hasPoll() && polls_.empty();
}

// As engine.io, which cannot write twice in a tick.
bool Session::takesVolatile(std::uint32_t tick) const {
  if (holds()) return false;
  return channel_ ? !channel_->isBlocked() && sentTick_ != tick : writable();
}

// Also what is dropped: the host has counted it.
void Session::onWatchedSend(std::span<const Outgoing> parts, SendFlags flags) {
  if (flags.isCounted) {
    for (const auto& part : parts) watch_->onCounted(part.data.size());
  }
  if (!watch_->askToTell()) host_.wantSettle(*this);
}

void Session::send(std::span<const Outgoing> parts, SendFlags flags, std::uint32_t tick) {
  affinity_.check();
  if (watch_) onWatchedSend(parts, flags);
  if (state_ != State::kOpen || (flags.isVolatile && !takesVolatile(tick))) {
    return host_.onUnsent(parts.size(), state_ == State::kOpen);
  }
  sentTick_ = tick;
  std::size_t bytes = 0;
  for (const auto& part : parts) bytes += part.data.size();
  if (!channel_) bytes += parts.size() * PollBuffer::kPacketBytes;
  // Most find little that waits. It stands here since it is then all that is asked.
  const auto queued = handedBytes();
  const bool isFree =
      !slow_ &&
      (queued == 0 ? !mayComeApart(parts) : queued + bytes <= host_.settings().freeSendQueueBytes);
  if (!isFree && !admit(parts, bytes)) return;
  for (const auto& part : parts) sendPart(part);
}

void Session::sendPart(const Outgoing& part) {
  if (channel_) return channel_->send(part);
  const auto now = polls_.startsToWait() ? host_.now() : TimePoint{};
  if (polls_.push(part, now)) host_.wantFlush(*this);
}

void Session::sendControl(PacketType type) { sendPart(Outgoing{.type = type, .compress = true}); }

// Slow clients.

// What becomes of a packet if much waits already, or some may be dropped. Returns whether it is to
// be sent now.
bool Session::admit(std::span<const Outgoing> parts, std::size_t bytes) {
  const auto policy = slowClientPolicy();
  const auto drops = policy == SlowClientPolicy::kDropOldest;
  const bool isAttachment = drops && takesAttachment(parts);
  const bool mayDrop = drops && !isAttachment && isMissable(parts);
  const auto handed = handedBytes();
  const bool isFirst = handed == 0 && !holds();
  if (!isFirst && !mayDrop && overflows(limitedBytes(policy) + bytes, bounds())) {
    cutOff(base::Cut::kSendQueue);
    host_.onUnsent(parts.size(), false);
    return false;
  }
  if (!holds() && (isFirst || !drops || handed + bytes <= handedMost())) return true;
  if (!isAttachment || !holds() || !slow_->held.extend(parts)) hold(parts, mayDrop);
  return false;
}

// Whether it is the attachment of the packet before it. A host may send each of them by itself.
bool Session::takesAttachment(std::span<const Outgoing> parts) {
  const auto& first = parts.front();
  if (attachmentsDue_ > 0 && first.binary) {
    --attachmentsDue_;
    return true;
  }
  const bool areApart = parts.size() == 1 && !first.binary && first.type == PacketType::kMessage;
  attachmentsDue_ = areApart ? protocol::attachmentsOf(first.data) : 0;
  return false;
}

// Whether so much may not wait for the client.
bool Session::overflows(std::size_t bytes, const SendLimits::Bounds& bounds) {
  if (bytes <= bounds.soft) return false;
  const auto action = limits_.onGrowth(bytes, bounds, host_.now());
  if (action == SendLimits::Action::kWatch) host_.wantTimer(*this, limits_.next());
  return action == SendLimits::Action::kCutOff;
}

// Keeps a packet behind those that are kept. For a new one the oldest are dropped.
void Session::hold(std::span<const Outgoing> parts, bool mayDrop) {
  if (!slow_) slow_ = std::make_unique<SlowClient>(host_.waiting());
  auto& held = slow_->held;
  if (held.empty()) host_.wantSettle(*this);
  held.push(parts, mayDrop);
  if (!mayDrop) return;
  const auto most = bounds().soft;
  host_.counters().dropped.add(held.dropOldest(most - std::min(most, handedBytes())));
}

// How much the connection is to have before packets are held back.
std::size_t Session::handedMost() const {
  return std::min(kHandedBytes, bounds().soft / kHandedParts);
}

// Gives the connection what was held back, until it has so many bytes. Returns whether it gave any.
bool Session::handOn(std::size_t most) {
  bool hasGiven = false;
  while (holds() && handedBytes() < most) {
    const auto packet = slow_->held.take();
    if (packet.parts.empty()) addMark();
    for (const auto& part : packet.parts) sendPart(part);
    hasGiven = true;
  }
  if (slow_ && !slow_->isNeeded()) slow_.reset();
  return hasGiven;
}

void Session::setSlowClient(std::optional<SlowClientPolicy> policy, std::size_t maxSendQueueBytes) {
  affinity_.check();
  if (state_ == State::kClosed) return;
  if (!slow_) slow_ = std::make_unique<SlowClient>(host_.waiting());
  slow_->policy = policy;
  slow_->maxSendQueueBytes = maxSendQueueBytes;
  if (!slow_->isNeeded()) slow_.reset();
}

SlowClientPolicy Session::slowClientPolicy() const {
  return slow_ && slow_->policy ? *slow_->policy : host_.settings().slowClientPolicy;
}

SendLimits::Bounds Session::bounds() const {
  const auto& settings = host_.settings();
  SendLimits::Bounds bounds{.soft = settings.maxSendQueueBytes,
                            .hard = settings.hardMaxSendQueueBytes,
                            .timeout = settings.sendTimeout};
  if (slow_ && slow_->maxSendQueueBytes > 0) {
    bounds.soft = slow_->maxSendQueueBytes;
    if (bounds.hard) bounds.hard = std::max(bounds.soft, *bounds.hard);
  }
  if (slowClientPolicy() == SlowClientPolicy::kDropVolatile) {
    bounds.soft = bounds.hardest();
    bounds.hard = bounds.soft;
  }
  return bounds;
}

// What counts for the bounds: what may be dropped does not.
std::size_t Session::limitedBytes(SlowClientPolicy policy) const {
  if (policy != SlowClientPolicy::kDropOldest) return queuedBytes();
  return slow_ ? slow_->held.undroppableBytes() : 0;
}

// Returns false if the session has ended. What passes through the host waits for it as PONGs do, so
// the same excuse holds.
bool Session::checkLimits(TimePoint now) {
  if (!limits_.isWatched()) return true;
  const auto queued = limitedBytes(slowClientPolicy());
  switch (limits_.onTimer(queued, stalledSince(), host_.excusedUntil(), bounds(), now)) {
    case SendLimits::Action::kCutOff:
      cutOff(base::Cut::kSendTimeout);
      return false;
    case SendLimits::Action::kWatch:
      host_.wantTimer(*this, limits_.next());
      return true;
    case SendLimits::Action::kNone:
      return true;
  }
  return true;
}

}  // namespace beastio::session
