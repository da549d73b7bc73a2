// A packet of a client as the handler is told of it. It says which string holds the text, and where
// the parts of the Socket.IO packet stand. Pure.
#pragma once

#include <string>
#include <string_view>

#include "beastio/message.hpp"
#include "protocol/engineio/engineio-packet.hpp"

namespace beastio::session {

/// The narrowest string for a text.
TextEncoding encodingOf(std::string_view text);
/// `ascii`: it is known to be ASCII.
inline TextEncoding encodingOf(std::string_view text, bool ascii) {
  return ascii ? TextEncoding::kAscii : encodingOf(text);
}

/// Where the parts of a Socket.IO EVENT or ACK without attachments stand.
PacketHeader headerOf(std::string_view text);

/// `parsesHeader`: whether to look for a Socket.IO packet. `memory`: where the packet is, with its
/// type, if nothing else is there. Lifetime: of the packet's data.
inline Message messageOf(const protocol::PacketView& packet, TextEncoding encoding,
                         bool parsesHeader, std::string* memory) {
  Message message{.binary = packet.binary, .encoding = encoding, .data = packet.data};
  if (memory != nullptr && memory->size() == packet.data.size()) message.memory = memory;
  if (!packet.binary && parsesHeader) message.header = headerOf(packet.data);
  return message;
}

}  // namespace beastio::session
