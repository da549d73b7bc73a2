// Engine.IO v4 packets and polling payloads (https://socket.io/docs/v4/engine-io-protocol/).
// Pure functions between bytes and packets; views point into the input or the scratch buffer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/text/bytes.hpp"

namespace beastio::protocol {

enum class PacketType : std::uint8_t {
  kOpen = 0,
  kClose = 1,
  kPing = 2,
  kPong = 3,
  kMessage = 4,
  kUpgrade = 5,
  kNoop = 6,
};

inline constexpr char kRecordSeparator = '\x1e';

struct PacketView {
  PacketType type = PacketType::kNoop;
  bool binary = false;      ///< only messages are
  std::string_view data{};  ///< without the type character
};

/// The digit that opens a packet of this type.
constexpr char typeCharacter(PacketType type) {
  return static_cast<char>('0' + static_cast<int>(type));
}

/// Reads one text packet ("4hello"). Empty when the type is not a digit from 0 to 6.
/// "b…" (base64, polling only) is not read here; see PayloadReader.
std::optional<PacketView> parsePacket(std::string_view text);

/// Appends one packet to a polling payload, with a record separator if the payload is not empty.
/// A binary message becomes 'b' and base64.
void appendToPayload(const PacketView& packet, std::string& payload);

/// Walks the packets of a POST body.
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view payload) : rest_(payload) {}

  enum class Result : std::uint8_t { kPacket, kEnd, kError };

  /// Reads the next packet. An empty payload, an empty packet and an unknown type are errors, after
  /// which nothing more is read. Lifetime: `packet.data` lives until the next call.
  Result next(PacketView& packet);

 private:
  std::string_view rest_;
  std::string decoded_;
  bool atEnd_ = false;
};

}  // namespace beastio::protocol
