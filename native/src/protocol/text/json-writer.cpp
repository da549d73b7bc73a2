// Strings in runs that need no escape; numbers by the standard library's shortest digits, laid out
// as ECMA-262 (Number::toString) wants them. Runs on: any thread.
#include "protocol/text/json-writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

#include "protocol/text/json-scan.hpp"
#include "protocol/text/utf8.hpp"

namespace beastio::protocol {
namespace {

constexpr double kExactIntegers = 9007199254740992;  // 2^53: below it all whole numbers are exact

template <class Integer>
void appendInteger(Integer number, std::string& out) {
  std::array<char, 20> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  out.append(text.data(), end);
}

/// Appends digits, the first of which stands before the point, times ten to the `exponent`.
void appendDecimal(std::string_view digits, int exponent, std::string& out) {
  constexpr int kMostDigits = 21;  // before a point, and -6 places behind it: else an exponent
  constexpr int kLeastExponent = -7;
  const int count = static_cast<int>(digits.size());
  if (exponent >= count - 1 && exponent < kMostDigits) {
    out.append(digits).append(static_cast<std::size_t>(exponent + 1 - count), '0');
  } else if (exponent >= 0 && exponent < kMostDigits) {
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    out.append(digits.substr(0, whole)).append(".").append(digits.substr(whole));
  } else if (exponent < 0 && exponent >= kLeastExponent + 1) {
    out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
  } else {
    out.append(digits.substr(0, 1));
    if (count > 1) out.append(".").append(digits.substr(1));
    out.append(exponent < 0 ? "e-" : "e+");
    appendInteger(std::abs(exponent), out);
  }
}

}  // namespace

void appendJsonString(std::string_view utf8, std::string& out) {
  if (classifyUtf8(utf8) == TextKind::kInvalid) {
    std::string wellFormed;
    appendWellFormedUtf8(utf8, wellFormed);
    return appendJsonString(wellFormed, out);
  }
  out.push_back('"');
  for (std::size_t at = 0; true; ++at) {
    const std::size_t stop = skipPlainJson(utf8, at);
    out.append(utf8, at, stop - at);
    if (stop == utf8.size()) break;
    appendJsonEscape(static_cast<unsigned char>(utf8[stop]), out);
    at = stop;
  }
  out.push_back('"');
}

void appendJsonNumber(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out.append("null");
    return;
  }
  if (std::abs(number) < kExactIntegers && number == std::trunc(number)) {
    return appendInteger(static_cast<std::int64_t>(number), out);
  }
  // -d.ddde-ddd: at most seventeen digits.
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), std::abs(number),
                                          std::chars_format::scientific);
  const std::string_view written(text.data(), static_cast<std::size_t>(end - text.data()));
  const std::size_t mark = written.find('e');
  const auto power = written.substr(mark + (written[mark + 1] == '+' ? 2 : 1));
  int exponent = 0;
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  if (number < 0) out.push_back('-');
  // The point goes: the digits move over it.
  text[1] = text[0];
  appendDecimal(mark == 1 ? written.substr(0, 1) : written.substr(1, mark - 1), exponent, out);
}

void appendJsonNumber(std::int64_t number, std::string& out) { appendInteger(number, out); }
void appendJsonNumber(std::uint64_t number, std::string& out) { appendInteger(number, out); }

}  // namespace beastio::protocol
