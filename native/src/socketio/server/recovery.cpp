#include "socketio/server/recovery.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace beastio::socketio {
namespace {

template <class T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::optional<std::uint64_t> numberOf(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::size_t KeptPacket::bytes() const {
  std::size_t bytes = sizeof(KeptPacket) + array.size();
  for (const auto& attachment : attachments) bytes += sizeof(std::string) + attachment.size();
  return bytes;
}

bool KeptPacket::isFor(const AwaySocket& socket) const {
  if (toEpoch != 0) return toEpoch == socket.epoch;
  const auto names = [&](const std::vector<std::string>& rooms) {
    return contains(rooms, socket.sid) ||
           std::any_of(rooms.begin(), rooms.end(),
                       [&](const std::string& room) { return contains(socket.rooms, room); });
  };
  const bool isNamed =
      (target.rooms.empty() && target.roomNumbers.empty()) || names(target.rooms) ||
      std::any_of(target.roomNumbers.begin(), target.roomNumbers.end(),
                  [&](Room room) { return contains(socket.numbers, room.number); });
  const bool isExcepted =
      names(target.except) ||
      std::any_of(target.exceptSockets.begin(), target.exceptSockets.end(),
                  [&](SocketRef other) { return other.epoch() == socket.epoch; });
  return isNamed && !isExcepted;
}

std::uint64_t Recovery::keep(const Target& target, std::uint32_t toEpoch,
                             const EventWriter& writer) {
  const std::lock_guard lock(mutex_);
  const auto number = ++last_;
  writer.addOffset(number);
  auto packet = std::make_shared<KeptPacket>(
      KeptPacket{.number = number, .time = Clock::now(), .target = target, .toEpoch = toEpoch});
  packet->array = writer.writer().text();
  for (const auto bytes : writer.writer().attachments()) {
    packet->attachments.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  bytes_ += packet->bytes();
  packets_.push_back(std::move(packet));
  forgetOld(Clock::now());
  return number;
}

std::uint64_t Recovery::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void Recovery::noteHere(std::string_view pid, SocketRef socket) {
  const std::lock_guard lock(mutex_);
  here_.insert_or_assign(std::string(pid), socket);
}

void Recovery::noteLeft(std::string_view pid) {
  const std::lock_guard lock(mutex_);
  const auto found = here_.find(pid);
  if (found != here_.end()) here_.erase(found);
}

std::optional<SocketRef> Recovery::whoIs(std::string_view pid) const {
  const std::lock_guard lock(mutex_);
  const auto found = here_.find(pid);
  return found == here_.end() ? std::nullopt : std::optional(found->second);
}

void Recovery::letGo(const AwaySocket& socket) {
  for (const auto& room : socket.rooms) rooms_.letGo(room);
}

void Recovery::save(AwaySocket socket) {
  for (const auto& room : socket.rooms) rooms_.hold(room);
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  order_.emplace_back(now, socket.pid);
  auto pid = socket.pid;
  away_.insert_or_assign(std::move(pid), Entry{std::move(socket), now});
  forgetOld(now);
}

std::optional<Recovery::Restored> Recovery::restore(std::string_view pid, std::string_view offset) {
  const std::lock_guard lock(mutex_);
  forgetOld(Clock::now());
  const auto found = away_.find(pid);
  if (found == away_.end()) return std::nullopt;
  const auto got = offset.empty() ? found->second.socket.since : numberOf(offset);
  if (!got || *got > last_ || *got < forgotten_) return std::nullopt;
  Restored restored{std::move(found->second.socket), {}, last_};
  away_.erase(found);
  for (const auto& packet : packets_) {
    if (packet->number > *got && packet->isFor(restored.socket)) restored.missed.push_back(packet);
  }
  return restored;
}

void Recovery::forgetOld(Clock::time_point now) {
  const auto oldest = now - options_.maxDisconnectionDuration;
  while (!packets_.empty() && (packets_.front()->time < oldest || bytes_ > options_.maxBytes)) {
    bytes_ -= packets_.front()->bytes();
    forgotten_ = packets_.front()->number;
    packets_.pop_front();
  }
  for (; !order_.empty() && order_.front().first < oldest; order_.pop_front()) {
    const auto found = away_.find(order_.front().second);
    if (found == away_.end() || found->second.time >= oldest) continue;
    letGo(found->second.socket);
    away_.erase(found);
  }
}

}  // namespace beastio::socketio
