// Packets on their way out: put into a batch as a text and its attachments. Owner: one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/host/batch.hpp"
#include "beastio/socketio/json.hpp"
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

/// Whether applications must not emit or handle an event of that name.
bool isReserved(std::string_view event);

}  // namespace beastio::socketio
