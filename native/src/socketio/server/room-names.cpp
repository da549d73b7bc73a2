#include "socketio/server/room-names.hpp"

namespace beastio::socketio {

RoomId RoomNumbers::take() {
  const std::lock_guard lock(mutex_);
  for (;;) {
    const auto number = next_++;
    if (next_ == kFirstAlone) next_ = kFirst;
    if (taken_.insert(number).second) return number;
  }
}

void RoomNumbers::giveBack(RoomId number) {
  const std::lock_guard lock(mutex_);
  taken_.erase(number);
}

RoomId RoomNames::hold(std::string_view name) {
  const std::lock_guard lock(mutex_);
  auto found = entries_.find(name);
  if (found == entries_.end()) {
    found = entries_.emplace(name, Entry{.number = numbers_.take()}).first;
  }
  ++found->second.holders;
  return found->second.number;
}

void RoomNames::letGo(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(name);
  if (found == entries_.end() || --found->second.holders > 0) return;
  numbers_.giveBack(found->second.number);
  entries_.erase(found);
}

std::optional<RoomId> RoomNames::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(name);
  if (found == entries_.end()) return std::nullopt;
  return found->second.number;
}

std::string RoomNames::nameOf(RoomId number) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, entry] : entries_) {
    if (entry.number == number) return name;
  }
  return {};
}

}  // namespace beastio::socketio
