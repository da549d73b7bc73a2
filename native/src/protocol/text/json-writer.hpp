// Numbers and UTF-8 as JSON, byte for byte what JSON.stringify writes. Pure functions.
// Strings of UTF-16 units: json-string.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/text/json-string.hpp"

namespace beastio::protocol {

/// Appends UTF-8 in quotes. U+FFFD stands for each ill-formed sequence, as appendWellFormedUtf8
/// finds them.
void appendJsonString(std::string_view utf8, std::string& out);

/// Appends the shortest digits that mean `number`, in JavaScript's form: `0.1`, `1e+21`. -0 becomes
/// `0`; what is not finite becomes `null`.
void appendJsonNumber(double number, std::string& out);

void appendJsonNumber(std::int64_t number, std::string& out);
void appendJsonNumber(std::uint64_t number, std::string& out);

}  // namespace beastio::protocol
