// UTF-8: validation (RFC 3629), and the narrowest JavaScript string that can hold a text.
// First step of every text message on its way in; the addon joins texts of one kind in one string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace beastio::protocol {

/// The narrowest string representation that holds a text without loss.
enum class TextKind : std::uint8_t {
  kInvalid,  ///< not UTF-8 (overlong forms, surrogates and values over U+10FFFF included)
  kAscii,    ///< every code point is at most U+007F: bytes and code units coincide
  kLatin1,   ///< every code point is at most U+00FF
  kUtf16,    ///< anything else
};

/// Validates `text` and tells its kind. Reads eight bytes at a time while they are ASCII.
TextKind classifyUtf8(std::string_view text);

/// Appends a code point, which is no surrogate, as UTF-8.
void appendUtf8(char32_t codePoint, std::string& out);

/// Appends `text` as ISO 8859-1. Requires classifyUtf8(text) to be kAscii or kLatin1.
void appendLatin1(std::string_view text, std::string& out);

/// Appends `text` as UTF-16. Requires classifyUtf8(text) not to be kInvalid.
void appendUtf16(std::string_view text, std::u16string& out);

/// Appends `text` with every ill-formed sequence replaced by U+FFFD, as a WHATWG decoder does:
/// one replacement for each maximal subpart; a byte order mark stays. Used for POST bodies, which
/// are not rejected.
void appendWellFormedUtf8(std::string_view text, std::string& out);

}  // namespace beastio::protocol
