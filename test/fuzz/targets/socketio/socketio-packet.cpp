// Socket.IO packets: what was read of one lies within it, and can be written and read again.
#include "protocol/socketio/socketio-packet.hpp"

#include <string>

#include "fuzz/support/target.hpp"
#include "protocol/text/json-check.hpp"
#include "protocol/text/json-cursor.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

constexpr std::size_t kMaxAttachments = 10;
constexpr std::size_t kMaxDepth = 100;

void readPayload(const SocketioPacket& packet) {
  const bool isValid = isPayloadValid(packet, kMaxDepth);
  const bool isEvent = packet.type == SocketioPacket::Type::kEvent ||
                       packet.type == SocketioPacket::Type::kBinaryEvent;
  promise(!isValid || packet.payload.empty() || isValidJson(packet.payload, kMaxDepth),
          "a valid payload is JSON");
  std::string scratch;
  const auto event = eventNameOf(packet.payload, scratch);
  promise(!isValid || !isEvent || packet.payload.empty() || event, "an event has a name");
  if (!event) return;
  promise(isWithin(event->name, packet.payload) || event->name.data() == scratch.data(),
          "a name lies within its payload, or in the scratch");
  promise(event->argumentsAt <= packet.payload.size(), "arguments lie within");
  JsonArrayCursor arguments(packet.payload, event->argumentsAt);
  while (const auto argument = arguments.next()) {
    std::size_t num = 0;
    isPlaceholder(*argument, num);
  }
}

void run(std::string_view input) {
  const auto packet = parseSocketioPacket(input, kMaxAttachments);
  if (!packet) return;
  const auto& [type, attachments, nsp, query, id, payload] = *packet;
  promise(isWithin(payload, input), "a payload lies within");
  promise(packet->nspWithQuery() == "/" || isWithin(packet->nspWithQuery(), input),
          "a namespace lies within");
  promise(isWithin(query, packet->nspWithQuery()), "a query lies within its namespace");
  const bool isBinary = type >= SocketioPacket::Type::kBinaryEvent;
  promise(isBinary == (attachments > 0) && attachments <= kMaxAttachments, "attachments");
  readPayload(*packet);

  std::string again;
  appendPacketHeader(again, type, packet->nspWithQuery(), id, attachments);
  const auto header = parseSocketioPacket(again, kMaxAttachments);
  promise(header && header->type == type && header->attachments == attachments &&
              header->nspWithQuery() == packet->nspWithQuery() && header->id == id,
          "a header reads as it was written");
}

const Registration kRegistration({"socketio-packet", &run});

}  // namespace
}  // namespace beastio::fuzz
