// Tokens that nobody can guess, and public ids that do not tell them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chat {

/// That many random bytes, as twice as many hexadecimal digits.
std::string randomHex(std::size_t bytes);

/// SHA-256 (FIPS 180-4), as hexadecimal digits.
std::string sha256(std::string_view text);

}  // namespace chat
