// Packets on their way out: put into a batch as a text and its attachments. Owner: one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "beastio/host/batch.hpp"
#include "beastio/socketio/pending.hpp"
#include "protocol/socketio/socketio-packet.hpp"

namespace beastio::socketio {

class PacketWriter {
 public:
  using Type = protocol::SocketioPacket::Type;

  /// Puts an EVENT or an ACK into a batch. Lifetime: of the batch, until the next call.
  const std::vector<Part>& add(Batch& batch, Type type, std::string_view nsp,
                               std::optional<std::uint64_t> id, const Writer& writer);
  /// Puts a packet without attachments into a batch.
  const std::vector<Part>& add(Batch& batch, Type type, std::string_view nsp,
                               std::string_view payload);

 private:
  std::string header_;
  std::vector<Part> parts_;
};

/// What a client gives along with its CONNECT packet, as JSON. Those of protocol 3 have a query in
/// place of it.
std::string authOf(int protocol, const protocol::SocketioPacket& packet);

/// Why clients must not be sent this; they would end their connections. Errors: kReservedEvent, or
/// kBadArguments where JSON of the application stands for attachments that there are not.
std::error_code refusalOf(const EventWriter& writer);
/// The same for an answer.
std::error_code refusalOf(const Writer& answer);

}  // namespace beastio::socketio
