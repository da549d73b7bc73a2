// The closed loop of visits.
#include "workloads/visit.hpp"

#include <algorithm>

namespace load {

Visit::Visit(const Settings& settings, Outlet& outlet, Tally& tally)
    : outlet_(outlet),
      tally_(tally),
      message_({.event = "echo",
                .prefix = {},
                .argument = {},
                .payload = Payload::kText,
                .payloadBytes = settings.payloadBytes}),
      visitors_(settings.connections) {}

void Visit::start(Clock::time_point now) {
  for (std::size_t client = 0; client < visitors_.size(); ++client) replace(client, now);
}

void Visit::onReady(std::size_t client, Clock::time_point) {
  const auto sender = static_cast<std::uint32_t>(client);
  outlet_.send(client, message_.request(sender, visitors_[client].number), {});
}

void Visit::onEvent(std::size_t client, std::string_view packet, Clock::time_point now) {
  const Visitor& visitor = visitors_[client];
  message_.expectAnswer(client, packet, static_cast<std::uint32_t>(client), visitor.number);
  tally_.latency.record(now - visitor.since);
  ++tally_.messages;
  ++tally_.calls;
  replace(client, now);
}

Clock::time_point Visit::oldestUnanswered() const {
  return std::ranges::min_element(visitors_, {}, &Visitor::since)->since;
}

void Visit::replace(std::size_t client, Clock::time_point now) {
  visitors_[client].since = now;
  ++visitors_[client].number;
  outlet_.replace(client);
}

}  // namespace load
