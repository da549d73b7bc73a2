#include "session/poll-buffer.hpp"

namespace beastio::session {

PollBuffer::Action PollBuffer::onPoll(std::unique_ptr<HttpExchange>& poll) {
  if (poll_) return Action::kRefuse;
  poll_ = std::move(poll);
  return packets_.empty() ? Action::kWait : Action::kFlush;
}

bool PollBuffer::push(const Outgoing& packet, TimePoint now) {
  if (startsToWait()) since_ = now;
  packets_.push_back({packet.type, packet.binary, packet.compress, std::string(packet.data)});
  const auto bytes = kPacketBytes + packet.data.size();
  bytes_ += bytes;
  waiting_.add(bytes);
  return poll_ && !std::exchange(isFlushWanted_, true);
}

std::vector<BufferedPacket> PollBuffer::takePackets() {
  waiting_.subtract(std::exchange(bytes_, 0));
  return std::exchange(packets_, {});
}

}  // namespace beastio::session
