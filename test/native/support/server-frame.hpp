// WebSocket frames as a server sends them, byte by byte, for comparing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace beastio::test {

inline std::string serverFrame(std::uint8_t opcode, std::string_view payload) {
  const auto byte = [](std::uint64_t value) { return static_cast<char>(value & 0xFFU); };
  std::string out(1, byte(0x80U | opcode));
  const std::size_t lengthBytes = payload.size() > 0xFFFF ? 8 : payload.size() > 125 ? 2 : 0;
  out += byte(lengthBytes == 8 ? 127 : lengthBytes == 2 ? 126 : payload.size());
  for (std::size_t i = lengthBytes; i > 0; --i) out += byte(payload.size() >> (8 * (i - 1)));
  return out.append(payload);
}

inline std::string serverText(std::string_view payload) { return serverFrame(0x1, payload); }
inline std::string serverPong(std::string_view payload) { return serverFrame(0xA, payload); }
inline std::string serverClose() { return serverFrame(0x8, {}); }
inline std::string serverClose(std::uint16_t code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code)};
  return serverFrame(0x8, payload.append(reason));
}

}  // namespace beastio::test
