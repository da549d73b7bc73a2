// One message on its way from a client to the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "beastio/export.hpp"

namespace beastio {

/// The narrowest string that holds a text without loss.
enum class TextEncoding : std::uint8_t { kAscii, kLatin1, kUtf16 };

/// The header of a Socket.IO EVENT or ACK without attachments.
struct PacketHeader {
  static constexpr std::int32_t kNoId = -1;  ///< `id` of a packet that has none

  std::uint8_t type = 0;            ///< 2 EVENT, 3 ACK, 0: the message is something else
  std::uint16_t nspLength = 0;      ///< of the ASCII namespace, from the second byte on; 0: "/"
  std::int32_t id = kNoId;          ///< acknowledgement id
  std::uint32_t payloadOffset = 0;  ///< where the JSON array begins
  std::uint16_t nameLength = 0;     ///< of an event whose array is a LargeString; 0: it is not
};

/// The array of an event with one large string: ["name","value"]. Neither the ASCII name nor the
/// string has escapes, so it need not be parsed.
struct LargeString {
  std::string_view name{};   ///< the event's
  std::string_view value{};  ///< its one argument, without quotes

  /// Cuts the array of a packet. `nameLength`: that of its PacketHeader, which is not 0.
  static LargeString in(std::string_view array, std::size_t nameLength) {
    constexpr std::size_t kBefore = 2, kBetween = 3, kAfter = 2;  // [" "," "]
    const auto value = array.substr(kBefore + nameLength + kBetween);
    return {array.substr(kBefore, nameLength), value.substr(0, value.size() - kAfter)};
  }
};

/// What a client sent. Lifetime: valid during the handler's call.
struct Message {
  bool binary = false;                           ///< bytes, not text
  TextEncoding encoding = TextEncoding::kAscii;  ///< of a text
  std::string_view data{};                       ///< bytes, or UTF-8
  PacketHeader header{};                         ///< set if EngineOptions::parseSocketioHeader
  /// Large bytes may stand in memory of their own, which holds nothing else. A handler may move it
  /// away and keep it; `data` is gone then.
  std::string* memory = nullptr;
};

/// Appends UTF-8 text as Latin-1; `utf8` must be representable (kAscii or kLatin1).
BEASTIO_EXPORT void appendLatin1(std::string_view utf8, std::string& out);

/// Appends UTF-8 text as UTF-16.
BEASTIO_EXPORT void appendUtf16(std::string_view utf8, std::u16string& out);

/// Whether UTF-8 text is a JSON string as it is, between two quotes.
BEASTIO_EXPORT bool isPlainJson(std::string_view utf8);

/// Appends text as a JSON string, as JSON.stringify writes it.
BEASTIO_EXPORT void appendJsonString(std::u16string_view text, std::string& out);

}  // namespace beastio
