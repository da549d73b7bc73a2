// What was read of a payload of protocol 4 reads the same again when it is written.
#include <string>
#include <vector>

#include "fuzz/support/target.hpp"
#include "protocol/engineio/engineio-packet.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

struct ReadPacket {
  PacketType type;
  bool binary;
  std::string data;
  bool operator==(const ReadPacket&) const = default;
};

/// All packets up to the end or the first error.
std::vector<ReadPacket> readAll(std::string_view payload) {
  std::vector<ReadPacket> packets;
  PayloadReader reader(payload);
  PacketView packet;
  while (reader.next(packet) == PayloadReader::Result::kPacket) {
    promise(packet.binary || isWithin(packet.data, payload), "text lies within");
    packets.push_back({packet.type, packet.binary, std::string(packet.data)});
  }
  return packets;
}

void run(std::string_view input) {
  if (const auto packet = parsePacket(input)) {
    promise(isWithin(packet->data, input) && !packet->binary, "a packet lies within");
  }
  const auto packets = readAll(input);
  std::string again;
  for (const auto& packet : packets) {
    appendToPayload({packet.type, packet.binary, packet.data}, again);
  }
  promise(readAll(again) == packets, "packets read as they were written");
}

const Registration kRegistration({"engineio-payload", &run});

}  // namespace
}  // namespace beastio::fuzz
