// One message on its way from a client to the host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace beastio {

/// The narrowest string that holds a text without loss.
enum class TextEncoding : std::uint8_t { kAscii, kLatin1, kUtf16 };

/// The header of a Socket.IO EVENT or ACK without attachments.
struct PacketHeader {
  static constexpr std::int32_t kNoId = -1;

  std::uint8_t type = 0;            ///< 2 EVENT, 3 ACK, 0: the message is something else
  std::uint16_t nspLength = 0;      ///< of the ASCII namespace, from the second byte on; 0: "/"
  std::int32_t id = kNoId;          ///< acknowledgement id
  std::uint32_t payloadOffset = 0;  ///< where the JSON array begins
};

/// Lifetime: valid during the handler's call.
struct Message {
  bool binary = false;
  TextEncoding encoding = TextEncoding::kAscii;  ///< of a text
  std::string_view data{};                       ///< bytes, or UTF-8
  PacketHeader header{};                         ///< set if EngineOptions::parseSocketioHeader
};

/// Appends UTF-8 text as Latin-1; `utf8` must be representable (kAscii or kLatin1).
void appendLatin1(std::string_view utf8, std::string& out);

/// Appends UTF-8 text as UTF-16.
void appendUtf16(std::string_view utf8, std::u16string& out);

}  // namespace beastio
