// JSON strings (RFC 8259 §7). Those that need no escapes are recognised, on the way in and out. Any
// other is written as JSON.stringify does. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace beastio::protocol {

/// Whether UTF-8 text means itself between two quotes: no quote, backslash or control character.
bool isPlainJson(std::string_view text);

/// Appends the escape of a quote, a backslash, a control character or a lone surrogate.
void appendJsonEscape(char16_t unit, std::string& out);

/// Appends `text` in quotes, byte for byte what JSON.stringify gives. It uses the short escapes
/// where there are some, \u00xx for other control characters, and \udxxx for lone surrogates.
void appendJsonString(std::u16string_view text, std::string& out);

}  // namespace beastio::protocol
