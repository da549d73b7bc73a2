// Engine.IO packets on a WebTransport stream: each has its length in front, and a bit that says
// whether it is binary. `PacketStreamParser::consume` takes whatever one read returned; a packet
// that is whole in it is never copied. No I/O, no clock; one parser belongs to one stream.
// Bound: an unfinished packet keeps at most its largest size, allocated as bytes arrive.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "protocol/text/bytes.hpp"

namespace beastio::protocol {

inline constexpr std::size_t kMaxPacketHeaderBytes = 9;

/// Writes what stands in front of a packet of `bytes` bytes and returns its length (1, 3 or 9).
std::size_t encodePacketHeader(std::array<std::uint8_t, kMaxPacketHeaderBytes>& out, bool binary,
                               std::size_t bytes);

/// Reads the packets of one client.
class PacketStreamParser {
 public:
  explicit PacketStreamParser(std::size_t maxPacketBytes) : maxPacketBytes_(maxPacketBytes) {}

  /// Reads all of `bytes`, calling `bool onPacket(Bytes packet, bool binary)` for each packet that
  /// is whole; one that returns false ends the reading for good.
  /// Lifetime: a packet is valid during the call only, which must not destroy the parser.
  /// Errors: returns false for a packet that is empty or longer than the limit, as its header
  /// tells. It returns false from then on, and nothing more is read.
  template <class Callbacks>
  bool consume(Bytes bytes, Callbacks& callbacks);

  /// Order: when `consume` has returned false. Whether the packet was longer than the limit.
  bool isTooLong() const { return length_ > maxPacketBytes_; }
  /// Bytes kept for an unfinished packet (for memory accounting and tests).
  std::size_t bufferedBytes() const { return packet_.capacity(); }

 private:
  bool next(Bytes& rest, Bytes& packet);
  bool readHeader(Bytes& rest);
  std::size_t headerLength() const;
  void forget();

  std::size_t maxPacketBytes_;
  std::vector<std::uint8_t> packet_{};  ///< what came of a packet that spans inputs
  std::array<std::uint8_t, kMaxPacketHeaderBytes> header_{};
  std::uint8_t headerBytes_ = 0;
  bool inPacket_ = false;
  bool binary_ = false;
  bool failed_ = false;
  bool ended_ = false;
  std::size_t length_ = 0;  ///< of the packet being read
};

template <class Callbacks>
bool PacketStreamParser::consume(Bytes bytes, Callbacks& callbacks) {
  Bytes packet;
  while (!ended_ && next(bytes, packet)) {
    ended_ = !callbacks.onPacket(packet, binary_);
    forget();
  }
  return !failed_;
}

}  // namespace beastio::protocol
