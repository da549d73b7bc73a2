#include "protocol/engineio/webtransport-frame.hpp"

#include <algorithm>

namespace beastio::protocol {
namespace {

constexpr std::uint8_t kBinaryBit = 0x80;
constexpr std::uint8_t kLength16 = 126;  // the next two bytes are the length
constexpr std::uint8_t kLength64 = 127;  // the next eight are
constexpr std::size_t kKeptBytes = 4 * 1024;

// Writes the lowest `count` bytes of `value`, the highest first.
void putBigEndian(std::uint8_t* out, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::uint8_t>(value >> (8 * (count - 1 - i)));
  }
}

std::uint64_t bigEndian(Bytes bytes) {
  std::uint64_t value = 0;
  for (const auto byte : bytes) value = (value << 8U) | byte;
  return value;
}

}  // namespace

std::size_t encodePacketHeader(std::array<std::uint8_t, kMaxPacketHeaderBytes>& out, bool binary,
                               std::size_t bytes) {
  const auto isBinary = binary ? kBinaryBit : std::uint8_t{0};
  if (bytes < kLength16) {
    out[0] = static_cast<std::uint8_t>(bytes | isBinary);
    return 1;
  }
  if (bytes <= 0xFFFF) {
    out[0] = kLength16 | isBinary;
    putBigEndian(&out[1], bytes, 2);
    return 3;
  }
  out[0] = kLength64 | isBinary;
  putBigEndian(&out[1], bytes, 8);
  return 9;
}

bool PacketStreamParser::next(Bytes& rest, Bytes& packet) {
  if (!inPacket_ && !readHeader(rest)) return false;
  const auto taken = std::min(length_ - packet_.size(), rest.size());
  packet = rest.first(taken);
  rest = rest.subspan(taken);
  if (taken == length_) return true;
  packet_.insert(packet_.end(), packet.begin(), packet.end());
  packet = packet_;
  return packet_.size() == length_;
}

// Order of the checks: as engine.io's decoder makes them, so that a header is refused at the same
// byte.
bool PacketStreamParser::readHeader(Bytes& rest) {
  while (headerBytes_ < headerLength()) {
    if (rest.empty()) return false;
    header_[headerBytes_++] = rest.front();
    rest = rest.subspan(1);
    length_ = headerBytes_ == 1 ? header_[0] & ~kBinaryBit
                                : bigEndian(Bytes(header_).subspan(1, headerBytes_ - 1U));
    const bool isWhole = headerBytes_ == headerLength();
    if ((headerBytes_ == 1 || isWhole) && (length_ == 0 || length_ > maxPacketBytes_)) {
      failed_ = ended_ = true;
      return false;
    }
  }
  binary_ = (header_[0] & kBinaryBit) != 0;
  inPacket_ = true;
  return true;
}

std::size_t PacketStreamParser::headerLength() const {
  if (headerBytes_ == 0) return 1;
  const auto shortLength = header_[0] & ~kBinaryBit;
  return shortLength < kLength16 ? 1U : shortLength == kLength16 ? 3U : 9U;
}

void PacketStreamParser::forget() {
  inPacket_ = false;
  headerBytes_ = 0;
  if (packet_.capacity() > kKeptBytes) {
    std::vector<std::uint8_t>().swap(packet_);
  } else {
    packet_.clear();
  }
}

}  // namespace beastio::protocol
