// The open loop of messages to rooms.
#include "rooms.hpp"

#include <algorithm>
#include <string>

#include "error.hpp"

namespace load {
namespace {

constexpr std::uint32_t kSender = 0;

}  // namespace

Rooms::Rooms(const Settings& settings, Outlet& outlet, Tally& tally)
    : perSecond_(settings.rate), outlet_(outlet), tally_(tally) {
  if (settings.rooms == 0) throw LoadError("workload 'rooms' wants rooms");
  for (std::size_t i = 0; i < settings.rooms; ++i) {
    const std::size_t members = (settings.connections + settings.rooms - 1 - i) / settings.rooms;
    rooms_.push_back({.message = Message({.event = "room",
                                          .prefix = {},
                                          .argument = "\"r" + std::to_string(i) + "\",",
                                          .payload = Payload::kText,
                                          .payloadBytes = settings.payloadBytes}),
                      .members = members});
  }
}

void Rooms::onTime(Clock::time_point now) {
  for (; dueAt(sent_) <= now; ++sent_) {
    Room& room = rooms_[sent_ % rooms_.size()];
    if (room.missing > 0) throw LoadError("a room is due again before all have its last message");
    room.dueAt = dueAt(sent_);
    room.missing = room.members;
    ++room.sequence;
    outlet_.send(kSender, room.message.request(kSender, room.sequence), {});
  }
}

void Rooms::onEvent(std::size_t client, std::string_view packet, Clock::time_point now) {
  Room& room = rooms_[client % rooms_.size()];
  room.message.expectAnswer(client, packet, kSender, room.sequence);
  tally_.latency.record(now - room.dueAt);
  ++tally_.messages;
  if (--room.missing == 0) ++tally_.calls;
}

Clock::time_point Rooms::oldestUnanswered() const {
  auto oldest = dueAt(sent_);
  for (const Room& room : rooms_) {
    if (room.missing > 0) oldest = std::min(oldest, room.dueAt);
  }
  return oldest;
}

Clock::time_point Rooms::dueAt(std::uint64_t number) const {
  return start_ + std::chrono::nanoseconds(number * 1'000'000'000 / perSecond_);
}

}  // namespace load
