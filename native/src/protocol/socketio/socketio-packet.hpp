// Socket.IO packets of protocol 5 (https://socket.io/docs/v4/socket-io-protocol/), in and out.
// Accepts and refuses what socket.io-parser 4 does. Pure functions. Lifetime: a packet's views lie
// in the text that it was read from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace beastio::protocol {

struct SocketioPacket {
  enum class Type : std::uint8_t {
    kConnect,
    kDisconnect,
    kEvent,
    kAck,
    kConnectError,
    kBinaryEvent,
    kBinaryAck,
  };

  /// An id that no table of acknowledgements holds: from 2^64 - 1 on, or not a number to JavaScript
  /// (`1 2`). An event with it is answered to nobody's use.
  static constexpr std::uint64_t kUnknownId = std::numeric_limits<std::uint64_t>::max();

  Type type = Type::kConnect;
  std::uint32_t attachments = 0;      ///< of the binary types, at least 1
  std::string_view nsp = "/";         ///< with its leading slash, up to a '?'
  std::string_view query{};           ///< what follows that '?'; its data() is null without one
  std::optional<std::uint64_t> id{};  ///< exact, where JavaScript rounds above 2^53
  std::string_view payload{};         ///< JSON, not yet checked; empty if there is none

  /// The namespace as clients of protocol 4 of Engine.IO mean it, to whom '?' is a letter.
  std::string_view nspWithQuery() const {
    if (query.data() == nullptr) return nsp;
    return {nsp.data(), static_cast<std::size_t>(query.data() + query.size() - nsp.data())};
  }
};

/// Reads all of a packet but its payload. Empty: an unknown type, or a number of attachments that
/// is none or over `maxAttachments`.
std::optional<SocketioPacket> parseSocketioPacket(std::string_view text,
                                                  std::size_t maxAttachments);

/// Whether the payload is JSON, not deeper than `maxDepth`, and fits the type. An absent one does,
/// as in socket.io-parser; such an event has no name. Reserved names of events do not fit.
bool isPayloadValid(const SocketioPacket& packet, std::size_t maxDepth);

struct EventName {
  std::string_view name;    ///< in the payload or in `scratch`, without quotes and escapes
  std::size_t argumentsAt;  ///< where the first argument begins, or the array's ']'
};

/// The name of an event whose payload isPayloadValid has accepted. `scratch` is written to only if
/// the name has escapes or is a number, whose name is JavaScript's text of it. Empty: no name.
std::optional<EventName> eventNameOf(std::string_view payload, std::string& scratch);

/// Appends what stands before a payload, and returns `out`. `nsp` is left out if it is "/";
/// `attachments` counts only in the binary types.
std::string& appendPacketHeader(std::string& out, SocketioPacket::Type type, std::string_view nsp,
                                std::optional<std::uint64_t> id, std::size_t attachments);

/// The `num` of a placeholder that stands for no attachment: socket.io-parser refuses the packet.
inline constexpr std::size_t kNoAttachment = std::numeric_limits<std::size_t>::max();

/// Whether a value stands for an attachment, and for which: `num` is its number or kNoAttachment.
/// The caller compares it with the count of attachments. `objectText` is valid JSON.
bool isPlaceholder(std::string_view objectText, std::size_t& num);

}  // namespace beastio::protocol
