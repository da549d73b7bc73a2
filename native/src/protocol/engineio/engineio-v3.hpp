// Engine.IO v3 packets and polling payloads: what the clients of socket.io 2 speak (`allowEIO3`).
// The same packets as v4, in other clothes; binary ones keep their type. Behaves as engine.io's
// built-in parser of that version. Pure functions; views point into the input or a scratch buffer.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/engineio/engineio-packet.hpp"
#include "protocol/text/bytes.hpp"

namespace beastio::protocol::v3 {

/// The byte that opens a binary packet of this type on a WebSocket.
constexpr char typeByte(PacketType type) { return static_cast<char>(type); }

/// Reads the text of one packet: "4hello", or "b4aGk=" whose bytes are put into `decoded`. Empty:
/// a parse error. A base64 packet of no known type is reported as kNoop: engine.io ignores it.
std::optional<PacketView> parseTextPacket(std::string_view text, std::string& decoded);

/// Reads a binary packet: its type byte and the data. An empty one and one of no known type are
/// reported as kNoop: engine.io ignores them.
PacketView parseBinaryPacket(std::string_view bytes);

/// Appends a binary packet as text, for clients that cannot take binary (`b64=1`): "b4aGk=".
void appendBase64Packet(const PacketView& packet, std::string& out);

struct EncodedPayload {
  std::string body{};
  bool binary = false;  ///< application/octet-stream, else text
};

/// Encodes the answer of a poll. It is binary if any packet is and `supportsBinary` (the client did
/// not send `b64`); otherwise binary packets become base64.
EncodedPayload encodePayload(std::span<const PacketView> packets, bool supportsBinary);

/// Walks the packets of a POST body.
class PayloadReader {
 public:
  enum class Form : std::uint8_t {
    kText,    ///< "6:4hello2:40": lengths in UTF-16 units. Requires well-formed UTF-8
    kBinary,  ///< application/octet-stream: 0 (text) or 1, digits as bytes, 255, the packet
  };
  using Result = protocol::PayloadReader::Result;

  PayloadReader(std::string_view body, Form form);

  /// Reads the next packet. An error ends the reading; one of framing in a binary body comes before
  /// any packet. Lifetime: `packet.data` lives until the next call.
  Result next(PacketView& packet);

 private:
  Result nextOfText(PacketView& packet);
  Result nextOfBinary(PacketView& packet);
  Result end(Result result);

  std::string_view rest_;
  Form form_;
  bool malformed_;
  std::string decoded_{};
};

}  // namespace beastio::protocol::v3
