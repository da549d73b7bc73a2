#include "session/upgrade-probe.hpp"

#include <string>

#include "session/dialect.hpp"

namespace beastio::session {

using protocol::PacketType;

UpgradeProbe::Action UpgradeProbe::onText(std::string_view payload, TimePoint now) {
  std::string scratch;
  const auto packet = parseText(channel_.dialect(), payload, scratch);
  if (!packet) return Action::kAbandon;
  if (packet->type == PacketType::kUpgrade) return Action::kCommit;
  if (packet->type != PacketType::kPing || packet->data != "probe") return Action::kAbandon;
  if (++probes_ > kMaxProbes) return Action::kAbandon;
  nextNoop_ = now + kNoopInterval;
  return Action::kAnswerProbe;
}

UpgradeProbe::Action UpgradeProbe::onTimer(TimePoint now) {
  if (now >= deadline_) return Action::kAbandon;
  if (!nextNoop_ || now < *nextNoop_) return Action::kNone;
  nextNoop_ = now + kNoopInterval;
  return Action::kSendNoop;
}

}  // namespace beastio::session
