#include "socketio/shard/packets.hpp"

#include <algorithm>
#include <array>

#include "beastio/http-fields.hpp"
#include "protocol/socketio/placeholders.hpp"

namespace beastio::socketio {
namespace {

Part joined(Batch& batch, std::string_view first, std::string_view second) {
  auto part = batch.addText(first);
  part.length += batch.addText(second).length;
  return part;
}

// Names of which applications hear by the library.
bool isReserved(std::string_view event) {
  static constexpr std::array<std::string_view, 6> kReserved{
      "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};
  return std::find(kReserved.begin(), kReserved.end(), event) != kReserved.end();
}

}  // namespace

const std::vector<Part>& PacketWriter::add(Batch& batch, Type type, std::string_view nsp,
                                           std::optional<std::uint64_t> id, const Writer& writer) {
  const auto attachments = writer.attachments();
  if (!attachments.empty()) type = type == Type::kAck ? Type::kBinaryAck : Type::kBinaryEvent;
  header_.clear();
  protocol::appendPacketHeader(header_, type, nsp, id, attachments.size());
  parts_.clear();
  parts_.push_back(joined(batch, header_, writer.text()));
  for (const auto bytes : attachments) {
    parts_.push_back(batch.addBinary({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  }
  return parts_;
}

const std::vector<Part>& PacketWriter::add(Batch& batch, Type type, std::string_view nsp,
                                           std::string_view payload) {
  header_.clear();
  protocol::appendPacketHeader(header_, type, nsp, std::nullopt, 0);
  parts_.assign(1, joined(batch, header_, payload));
  return parts_;
}

std::string authOf(int protocol, const protocol::SocketioPacket& packet) {
  if (protocol != 3) return std::string(packet.payload.empty() ? "{}" : packet.payload);
  Writer writer;
  writer.beginObject();
  for (const auto& [name, value] : queryPairs("?" + std::string(packet.query))) {
    writer.key(name);
    writer.string(value);
  }
  writer.endObject();
  return std::string(writer.text());
}

std::error_code refusalOf(const EventWriter& writer) {
  if (isReserved(writer.event())) return Errc::kReservedEvent;
  return refusalOf(writer.writer());
}

std::error_code refusalOf(const Writer& answer) {
  const auto count = answer.attachments().size();
  if (count == 0 || protocol::arePlaceholdersValid(answer.text(), count)) return {};
  return Errc::kBadArguments;
}

}  // namespace beastio::socketio
