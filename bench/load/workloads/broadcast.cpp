// The closed loop of broadcasts.
#include "workloads/broadcast.hpp"

#include <algorithm>

namespace load {
namespace {

constexpr std::uint32_t kSender = 0;

}  // namespace

Broadcast::Broadcast(const Settings& settings, Outlet& outlet, Tally& tally)
    : outlet_(outlet),
      tally_(tally),
      message_({.event = "bcast",
                .prefix = {},
                .argument = {},
                .payload = Payload::kText,
                .payloadBytes = settings.payloadBytes}),
      received_(settings.connections),
      calls_(settings.inFlight),
      pause_(settings.pause) {}

void Broadcast::start(Clock::time_point now) {
  for (std::size_t i = 0; i < calls_.size(); ++i) sendNext(now);
}

void Broadcast::onEvent(std::size_t client, std::string_view packet, Clock::time_point now) {
  const std::uint32_t sequence = received_[client];
  message_.expectAnswer(client, packet, kSender, sequence);
  Call& call = calls_[sequence % calls_.size()];
  tally_.latency.record(now - call.sentAt);
  ++received_[client];
  ++tally_.messages;
  if (--call.missing > 0) return;
  ++tally_.calls;
  if (pause_ == Clock::duration::zero()) {
    sendNext(now);
  } else {
    due_.push_back(now + pause_);
  }
}

void Broadcast::onTime(Clock::time_point now) {
  while (!due_.empty() && due_.front() <= now) {
    due_.pop_front();
    sendNext(now);
  }
}

Clock::time_point Broadcast::nextDue() const {
  return due_.empty() ? Clock::time_point::max() : due_.front();
}

Clock::time_point Broadcast::oldestUnanswered() const {
  return std::ranges::min_element(calls_, {}, &Call::sentAt)->sentAt;
}

void Broadcast::sendNext(Clock::time_point now) {
  calls_[sent_ % calls_.size()] = {.sentAt = now, .missing = received_.size()};
  outlet_.send(kSender, message_.request(kSender, sent_), {});
  ++sent_;
}

}  // namespace load
