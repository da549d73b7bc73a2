// The header of a Socket.IO v5 packet (https://socket.io/docs/v4/socket-io-protocol/), read
// natively so that the addon hands JavaScript a namespace, an ack id and a JSON text.
// Only plain EVENT and ACK packets are recognised; everything else goes to socket.io-parser as it
// is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace beastio::protocol {

struct SocketioHeader {
  enum class Type : std::uint8_t { kEvent = 2, kAck = 3 };

  static constexpr std::int32_t kNoId = -1;

  Type type = Type::kEvent;
  std::string_view nsp{};         ///< empty for "/", otherwise with its leading slash
  std::int32_t id = kNoId;        ///< acknowledgement id
  std::size_t payloadOffset = 0;  ///< where the JSON array begins; its '[' has been seen
};

/// Reads the header of `text` (the data of an Engine.IO message). Empty for every other packet
/// type, an id over 2^31 - 1, an id with a leading zero before further digits, and an ACK without
/// id. Empty also for a namespace with a query ("/nsp?a=b,"), and wherever the next character is
/// not '['.
std::optional<SocketioHeader> parseSocketioHeader(std::string_view text);

/// Whether a client that misses `text` misses no more than an event. It may be any text; packets of
/// Socket.IO are kept that answer, open or close something, and events that await an
/// acknowledgement.
bool isMissable(std::string_view text);

/// How many attachments follow `text` if it is a packet of Socket.IO that has some; else 0.
std::uint32_t attachmentsOf(std::string_view text);

/// The length of the name if `array` is ["name","value"], the name is ASCII, and neither has
/// escapes. Then both stand in it as they are. Otherwise 0.
std::size_t nameBeforeString(std::string_view array);

}  // namespace beastio::protocol
