// The closed loop of echoes.
#include "echo.hpp"

#include <algorithm>

namespace load {

Echo::Echo(const Settings& settings, Outlet& outlet, Tally& tally)
    : inFlight_(settings.inFlight),
      outlet_(outlet),
      tally_(tally),
      message_("echo", settings.payloadBytes),
      clients_(settings.connections),
      sentAt_(settings.connections * settings.inFlight) {}

void Echo::start(Clock::time_point now) {
  for (std::size_t connection = 0; connection < clients_.size(); ++connection) {
    for (std::size_t i = 0; i < inFlight_; ++i) sendNext(connection, now);
  }
}

void Echo::onPacket(std::size_t connection, std::string_view packet, Clock::time_point now) {
  Client& client = clients_[connection];
  const auto sender = static_cast<std::uint32_t>(connection);
  if (packet != message_.stamp(sender, client.answered)) {
    message_.reject(connection, packet, sender, client.answered);
  }
  tally_.latency.record(now - sentAt(connection, client.answered));
  ++client.answered;
  ++tally_.messages;
  ++tally_.calls;
  sendNext(connection, now);
}

// All rings are full at any time after the start, so every entry is of an unanswered message.
Clock::time_point Echo::oldestUnanswered() const { return *std::ranges::min_element(sentAt_); }

void Echo::sendNext(std::size_t connection, Clock::time_point now) {
  Client& client = clients_[connection];
  sentAt(connection, client.sent) = now;
  outlet_.send(connection, message_.stamp(static_cast<std::uint32_t>(connection), client.sent));
  ++client.sent;
}

Clock::time_point& Echo::sentAt(std::size_t connection, std::uint32_t sequence) {
  return sentAt_[connection * inFlight_ + sequence % inFlight_];
}

}  // namespace load
