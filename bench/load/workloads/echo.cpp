// The closed loop of echoes.
#include "workloads/echo.hpp"

#include <algorithm>

#include "error.hpp"

namespace load {

Echo::Echo(const Settings& settings, Outlet& outlet, Tally& tally)
    : inFlight_(settings.inFlight),
      outlet_(outlet),
      tally_(tally),
      clients_(settings.connections),
      sentAt_(settings.connections * settings.inFlight) {
  for (std::size_t i = 0; i < settings.namespaces; ++i) {
    messages_.emplace_back(MessageForm{.event = settings.workload,
                                       .prefix = namespacePrefix(i),
                                       .argument = {},
                                       .acknowledged = settings.workload == "ack",
                                       .payload = settings.payload,
                                       .payloadBytes = settings.payloadBytes});
  }
}

void Echo::start(Clock::time_point now) {
  for (std::size_t client = 0; client < clients_.size(); ++client) {
    for (std::size_t i = 0; i < inFlight_; ++i) sendNext(client, now);
  }
}

void Echo::onEvent(std::size_t client, std::string_view packet, Clock::time_point now) {
  Progress& it = clients_[client];
  Message& message = messageOf(it.answered);
  message.expectAnswer(client, packet, static_cast<std::uint32_t>(client), it.answered);
  if (message.hasAttachment()) {
    it.attachmentDue = true;
  } else {
    onAnswered(client, now);
  }
}

void Echo::onAttachment(std::size_t client, std::string_view bytes, Clock::time_point now) {
  Progress& it = clients_[client];
  if (!it.attachmentDue) Workload::onAttachment(client, bytes, now);
  it.attachmentDue = false;
  messageOf(it.answered)
      .expectAttachment(client, bytes, static_cast<std::uint32_t>(client), it.answered);
  onAnswered(client, now);
}

void Echo::onAnswered(std::size_t client, Clock::time_point now) {
  Progress& it = clients_[client];
  tally_.latency.record(now - sentAt(client, it.answered));
  ++it.answered;
  ++tally_.messages;
  ++tally_.calls;
  sendNext(client, now);
}

// All rings are full at any time after the start, so every entry is of an unanswered message.
Clock::time_point Echo::oldestUnanswered() const { return *std::ranges::min_element(sentAt_); }

void Echo::sendNext(std::size_t client, Clock::time_point now) {
  Progress& it = clients_[client];
  const auto sender = static_cast<std::uint32_t>(client);
  sentAt(client, it.sent) = now;
  Message& message = messageOf(it.sent);
  outlet_.send(client, message.request(sender, it.sent), message.attachment(sender, it.sent));
  ++it.sent;
}

Clock::time_point& Echo::sentAt(std::size_t client, std::uint32_t sequence) {
  return sentAt_[client * inFlight_ + sequence % inFlight_];
}

}  // namespace load
