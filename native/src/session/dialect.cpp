#include "session/dialect.hpp"

#include <array>
#include <utility>

#include "protocol/engineio/engineio-v3.hpp"
#include "protocol/engineio/jsonp.hpp"
#include "protocol/text/base64.hpp"

namespace beastio::session {
namespace {

using protocol::PacketType;
using protocol::PacketView;

constexpr std::string_view kTypeCharacters = "0123456";
constexpr std::array<char, 7> kTypeBytes{0, 1, 2, 3, 4, 5, 6};

std::size_t indexOf(PacketType type) { return static_cast<std::size_t>(type); }

}  // namespace

std::optional<PacketView> parseText(const Dialect& dialect, std::string_view text,
                                    std::string& scratch) {
  if (dialect.protocol == 3) return protocol::v3::parseTextPacket(text, scratch);
  if (text.starts_with('b')) {
    scratch = protocol::decodeBase64(text.substr(1));
    return PacketView{.type = PacketType::kMessage, .binary = true, .data = scratch};
  }
  return protocol::parsePacket(text);
}

PacketView parseBinary(const Dialect& dialect, std::string_view bytes) {
  if (dialect.protocol == 3) return protocol::v3::parseBinaryPacket(bytes);
  return PacketView{.type = PacketType::kMessage, .binary = true, .data = bytes};
}

WireMessage toMessage(const Dialect& dialect, const Outgoing& packet, std::string& scratch) {
  if (!packet.binary) {
    return {.prefix = kTypeCharacters.substr(indexOf(packet.type), 1), .payload = packet.data};
  }
  if (dialect.supportsBinary) {
    WireMessage message{.binary = true, .payload = packet.data};
    if (dialect.protocol == 3) {
      message.prefix = {&kTypeBytes[indexOf(packet.type)], 1};
      message.isCommon = false;
    }
    return message;
  }
  scratch.clear();
  if (dialect.protocol == 3) {
    protocol::v3::appendBase64Packet({packet.type, true, packet.data}, scratch);
  } else {
    scratch.push_back('b');
    protocol::appendBase64(protocol::asBytes(packet.data), scratch);
  }
  return {.payload = scratch, .isPlain = false, .isCommon = false};
}

PollAnswer encodePoll(const Dialect& dialect, std::span<const PacketView> packets) {
  PollAnswer answer;
  if (dialect.protocol == 3) {
    auto payload = protocol::v3::encodePayload(packets, dialect.supportsBinary && !dialect.jsonp);
    answer = {std::move(payload.body), payload.binary};
  } else {
    for (const auto& packet : packets) protocol::appendToPayload(packet, answer.body);
  }
  if (dialect.jsonp) answer.body = protocol::encodeJsonpScript(*dialect.jsonp, answer.body);
  return answer;
}

}  // namespace beastio::session
