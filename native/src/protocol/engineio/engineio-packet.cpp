// Engine.IO v4 packets: one type digit and the data, or 'b' and base64; 0x1e between packets.
// Runs on: any thread.
#include "protocol/engineio/engineio-packet.hpp"

#include "protocol/text/base64.hpp"

namespace beastio::protocol {
namespace {

constexpr char kBase64Prefix = 'b';

}  // namespace

std::optional<PacketView> parsePacket(std::string_view text) {
  if (text.empty() || text.front() < typeCharacter(PacketType::kOpen) ||
      text.front() > typeCharacter(PacketType::kNoop)) {
    return std::nullopt;
  }
  return PacketView{.type = static_cast<PacketType>(text.front() - '0'), .data = text.substr(1)};
}

void appendToPayload(const PacketView& packet, std::string& payload) {
  if (!payload.empty()) payload.push_back(kRecordSeparator);
  if (packet.binary) {
    payload.push_back(kBase64Prefix);
    appendBase64(asBytes(packet.data), payload);
  } else {
    payload.push_back(typeCharacter(packet.type));
    payload.append(packet.data);
  }
}

PayloadReader::Result PayloadReader::next(PacketView& packet) {
  if (atEnd_) return Result::kEnd;
  const std::size_t separator = rest_.find(kRecordSeparator);
  const std::string_view encoded = rest_.substr(0, separator);
  if (separator == std::string_view::npos) {
    atEnd_ = true;
  } else {
    rest_.remove_prefix(separator + 1);
  }

  if (encoded.starts_with(kBase64Prefix)) {
    decoded_ = decodeBase64(encoded.substr(1));
    packet = {.type = PacketType::kMessage, .binary = true, .data = decoded_};
    return Result::kPacket;
  }
  const auto parsed = parsePacket(encoded);
  if (!parsed) {
    atEnd_ = true;
    return Result::kError;
  }
  packet = *parsed;
  return Result::kPacket;
}

}  // namespace beastio::protocol
