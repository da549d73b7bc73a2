// The open loop of messages to rooms.
#include "workloads/rooms.hpp"

#include <algorithm>
#include <string>

#include "error.hpp"

namespace load {
Rooms::Rooms(const Settings& settings, Outlet& outlet, Tally& tally)
    : perSecond_(settings.rate),
      membersSend_(settings.workload == "chat"),
      outlet_(outlet),
      tally_(tally) {
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
    room.sender = senderOf(sent_);
    outlet_.send(room.sender, room.message.request(room.sender, room.sequence), {});
  }
}

void Rooms::onEvent(std::size_t client, std::string_view packet, Clock::time_point now) {
  Room& room = rooms_[client % rooms_.size()];
  room.message.expectAnswer(client, packet, room.sender, room.sequence);
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

std::uint32_t Rooms::senderOf(std::uint64_t number) const {
  if (!membersSend_) return 0;
  const std::size_t room = number % rooms_.size();
  const std::size_t member = number / rooms_.size() % rooms_[room].members;
  return static_cast<std::uint32_t>(room + member * rooms_.size());
}

Clock::time_point Rooms::dueAt(std::uint64_t number) const {
  return start_ + std::chrono::nanoseconds(number * 1'000'000'000 / perSecond_);
}

}  // namespace load
