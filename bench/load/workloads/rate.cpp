// The open loop of echoes.
#include "workloads/rate.hpp"

#include <algorithm>

namespace load {
namespace {

bool isAcknowledged(const Settings& settings) { return settings.workload == "ack-rate"; }

}  // namespace

Rate::Rate(const Settings& settings, Outlet& outlet, Tally& tally)
    : perSecond_(settings.rate),
      outlet_(outlet),
      tally_(tally),
      message_({.event = isAcknowledged(settings) ? "ack" : "echo",
                .prefix = {},
                .argument = {},
                .acknowledged = isAcknowledged(settings),
                .payload = settings.payload,
                .payloadBytes = settings.payloadBytes}),
      answered_(settings.connections) {}

void Rate::onTime(Clock::time_point now) {
  for (; dueAt(sent_) <= now; ++sent_) {
    const auto client = static_cast<std::uint32_t>(sent_ % answered_.size());
    const auto sequence = static_cast<std::uint32_t>(sent_ / answered_.size());
    outlet_.send(client, message_.request(client, sequence), message_.attachment(client, sequence));
  }
}

void Rate::onEvent(std::size_t client, std::string_view packet, Clock::time_point now) {
  std::uint32_t& sequence = answered_[client];
  message_.expectAnswer(client, packet, static_cast<std::uint32_t>(client), sequence);
  tally_.latency.record(now - dueAt(numberOf(client, sequence)));
  ++sequence;
  ++tally_.messages;
  ++tally_.calls;
}

Clock::time_point Rate::oldestUnanswered() const {
  std::uint64_t oldest = sent_;
  for (std::size_t client = 0; client < answered_.size(); ++client) {
    oldest = std::min(oldest, numberOf(client, answered_[client]));
  }
  return dueAt(oldest);
}

Clock::time_point Rate::dueAt(std::uint64_t number) const {
  return start_ + std::chrono::nanoseconds(number * 1'000'000'000 / perSecond_);
}

std::uint64_t Rate::numberOf(std::size_t client, std::uint32_t sequence) const {
  return std::uint64_t{sequence} * answered_.size() + client;
}

}  // namespace load
