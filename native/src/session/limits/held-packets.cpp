#include "session/limits/held-packets.hpp"

#include <iterator>
#include <string>
#include <utility>

namespace beastio::session {

HeldPackets::~HeldPackets() {
  for (const auto& packet : packets_) forget(packet);
}

void HeldPackets::push(std::span<const Outgoing> parts, bool mayDrop) {
  auto& packet = packets_.emplace_back(Packet{.bytes = kPacketBytes, .mayDrop = mayDrop});
  waiting_.add(kPacketBytes);
  bytes_ += kPacketBytes;
  if (mayDrop) droppableBytes_ += kPacketBytes;
  if (mayDrop && oldest_ == packets_.end()) oldest_ = std::prev(packets_.end());
  keep(packet, parts);
}

bool HeldPackets::extend(std::span<const Outgoing> parts) {
  if (packets_.empty() || packets_.back().parts.empty()) return false;
  keep(packets_.back(), parts);
  return true;
}

// The bytes get an owner, which those who are sent the same packet share.
void HeldPackets::keep(Packet& packet, std::span<const Outgoing> parts) {
  const auto before = packet.bytes;
  for (const auto& part : parts) {
    if (!part.shared) part.shared = waiting_.share(std::string(part.data));
    auto& kept = packet.parts.emplace_back(part);
    kept.data = *kept.shared;
    kept.isLast = false;
    packet.bytes += kept.data.size();
  }
  bytes_ += packet.bytes - before;
  if (packet.mayDrop) droppableBytes_ += packet.bytes - before;
}

std::size_t HeldPackets::dropOldest(std::size_t bytes) {
  std::size_t dropped = 0;
  while (bytes_ > bytes && oldest_ != packets_.end() && std::next(oldest_) != packets_.end()) {
    dropped += oldest_->parts.size();
    forget(*oldest_);
    oldest_ = packets_.erase(oldest_);
    findOldest();
  }
  return dropped;
}

HeldPackets::Packet HeldPackets::take() {
  if (oldest_ == packets_.begin()) {
    ++oldest_;
    findOldest();
  }
  auto packet = std::move(packets_.front());
  packets_.pop_front();
  forget(packet);
  return packet;
}

// What it leaves is counted by whoever has it from now on, but for the bytes, which are shared.
void HeldPackets::forget(const Packet& packet) {
  if (packet.bytes == 0) return;  // a mark
  waiting_.subtract(kPacketBytes);
  bytes_ -= packet.bytes;
  if (packet.mayDrop) droppableBytes_ -= packet.bytes;
}

void HeldPackets::findOldest() {
  while (oldest_ != packets_.end() && !oldest_->mayDrop) ++oldest_;
}

}  // namespace beastio::session
