#include "session/incoming-message.hpp"

#include <cstdint>
#include <limits>

#include "protocol/socketio/socketio-header.hpp"
#include "protocol/text/utf8.hpp"

namespace beastio::session {
namespace {

constexpr std::size_t kLargeBytes = 1024;  // below, JavaScript's JSON parser is as fast

bool isPlainNamespace(std::string_view name) {
  return name.size() <= std::numeric_limits<std::uint16_t>::max() &&
         protocol::classifyUtf8(name) == protocol::TextKind::kAscii;
}

}  // namespace

PacketHeader headerOf(std::string_view text) {
  const auto parsed = protocol::parseSocketioHeader(text);
  if (!parsed || (!parsed->nsp.empty() && !isPlainNamespace(parsed->nsp))) return {};
  PacketHeader header{.type = static_cast<std::uint8_t>(parsed->type),
                      .nspLength = static_cast<std::uint16_t>(parsed->nsp.size()),
                      .id = parsed->id,
                      .payloadOffset = static_cast<std::uint32_t>(parsed->payloadOffset)};
  if (text.size() - parsed->payloadOffset >= kLargeBytes &&
      parsed->type == protocol::SocketioHeader::Type::kEvent) {
    const auto array = text.substr(parsed->payloadOffset);
    header.nameLength = static_cast<std::uint16_t>(protocol::nameBeforeString(array));
  }
  return header;
}

TextEncoding encodingOf(std::string_view text) {
  switch (protocol::classifyUtf8(text)) {
    case protocol::TextKind::kAscii:
      return TextEncoding::kAscii;
    case protocol::TextKind::kLatin1:
      return TextEncoding::kLatin1;
    default:
      return TextEncoding::kUtf16;
  }
}

}  // namespace beastio::session
