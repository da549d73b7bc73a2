// Base64 as Engine.IO's polling transport carries binary packets: last step of a poll's answer,
// first step of a POST body. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "protocol/text/bytes.hpp"

namespace beastio::protocol {

/// Appends RFC 4648 §4 base64 with padding.
void appendBase64(Bytes bytes, std::string& out);

/// Decodes as leniently as Node's `Buffer.from(text, 'base64')`: both alphabets, characters outside
/// them skipped, the first '=' ends the text, an incomplete last group yields its whole bytes.
std::string decodeBase64(std::string_view text);

}  // namespace beastio::protocol
