// One pass finds where the number ends. Short ones are exact after one multiplication or division,
// the others are left to the C library.
#include "protocol/text/decimal.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <system_error>

#include "platform/number.hpp"

namespace beastio::protocol {
namespace {

/// The powers of ten that are doubles without loss.
constexpr std::array<double, 23> kPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                            1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
/// Whole numbers up to here are doubles without loss.
constexpr std::uint64_t kMostExact = std::uint64_t{1} << 53;
/// Exponents stop to count here: nothing beyond is a double.
constexpr int kMostExponent = 1'000'000;

bool isDigit(char byte) { return byte >= '0' && byte <= '9'; }

struct Decimal {
  std::uint64_t digits = 0;  ///< without the point, as far as they are exact
  int exponent = 0;          ///< of ten, for `digits`
  bool isExact = true;
  bool isZero = true;
  bool hasDigits = false;
};

const char* skipDigits(const char* at, const char* last, Decimal& decimal, bool isFraction) {
  for (; at != last && isDigit(*at); ++at) {
    const auto digit = static_cast<unsigned>(*at - '0');
    decimal.hasDigits = true;
    decimal.isZero = decimal.isZero && digit == 0;
    decimal.isExact = decimal.isExact && decimal.digits <= (kMostExact - digit) / 10;
    if (!decimal.isExact) continue;
    decimal.digits = decimal.digits * 10 + digit;
    if (isFraction) --decimal.exponent;
  }
  return at;
}

/// The end of the exponent at `at`, or `at` if there is none.
const char* skipExponent(const char* at, const char* last, Decimal& decimal) {
  const char* digit = at;
  if (digit == last || (*digit != 'e' && *digit != 'E')) return at;
  ++digit;
  const bool isNegative = digit != last && *digit == '-';
  if (digit != last && (*digit == '-' || *digit == '+')) ++digit;
  if (digit == last || !isDigit(*digit)) return at;
  int exponent = 0;
  for (; digit != last && isDigit(*digit); ++digit) {
    if (exponent < kMostExponent) exponent = exponent * 10 + (*digit - '0');
  }
  decimal.exponent += isNegative ? -exponent : exponent;
  return digit;
}

double readByLibrary(const char* first, const char* last) {
  return platform::readDouble(std::string(first, last));
}

}  // namespace

std::from_chars_result readDecimalByHand(const char* first, const char* last, double& out) {
  Decimal decimal;
  const bool isNegative = first != last && *first == '-';
  const char* at = skipDigits(isNegative ? first + 1 : first, last, decimal, false);
  if (at != last && *at == '.') at = skipDigits(at + 1, last, decimal, true);
  if (!decimal.hasDigits) return {first, std::errc::invalid_argument};
  at = skipExponent(at, last, decimal);

  const int exponent = decimal.exponent;
  const auto power = static_cast<std::size_t>(exponent < 0 ? -exponent : exponent);
  if (decimal.isExact && power < kPowers.size()) {
    const auto digits = static_cast<double>(decimal.digits);
    const double size = exponent < 0 ? digits / kPowers[power] : digits * kPowers[power];
    out = isNegative ? -size : size;
    return {at, std::errc()};
  }
  const double number = readByLibrary(first, at);
  if (std::isinf(number) || (number == 0 && !decimal.isZero)) {
    return {at, std::errc::result_out_of_range};
  }
  out = number;
  return {at, std::errc()};
}

}  // namespace beastio::protocol
