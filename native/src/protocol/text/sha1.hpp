// SHA-1 (RFC 3174). WebSocket's opening handshake needs it for one short text. Not for anything
// that must be secure. Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace beastio::protocol {

std::array<std::uint8_t, 20> sha1(std::string_view text);

}  // namespace beastio::protocol
