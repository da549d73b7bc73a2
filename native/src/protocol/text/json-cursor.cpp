// Steps over values by their quotes and brackets alone, and reads numbers exactly. Every step goes
// forward, so that text that is no JSON ends too. Runs on: any thread.
#include "protocol/text/json-cursor.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "protocol/text/decimal.hpp"
#include "protocol/text/json-scan.hpp"
#include "protocol/text/utf8.hpp"

namespace beastio::protocol {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool isDigit(char byte) { return byte >= '0' && byte <= '9'; }

bool isAt(std::string_view text, std::size_t at, char byte) {
  return at < text.size() && text[at] == byte;
}

/// The offset behind the string whose first quote is at `at`, or the size.
std::size_t skipString(std::string_view text, std::size_t at) {
  ++at;
  while ((at = skipPlainJson(text, at)) < text.size()) {
    const char special = text[at++];
    if (special == '"') return at;
    if (special == '\\') at = std::min(at + 1, text.size());
  }
  return text.size();
}

/// The offset behind the array or object that begins at `at`, or the size.
std::size_t skipContainer(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    switch (text[at]) {
      case '"':
        at = skipString(text, at);
        continue;
      case '[':
      case '{':
        ++depth;
        break;
      case ']':
      case '}':
        if (--depth == 0) return at + 1;
        break;
      default:
        break;
    }
    ++at;
  }
  return at;
}

/// Where the first element or member is in a text that opens with `bracket`; else the size.
std::size_t openAt(std::string_view text, char bracket) {
  const std::size_t at = skipJsonSpace(text, 0);
  return isAt(text, at, bracket) ? skipJsonSpace(text, at + 1) : text.size();
}

/// Where the element or member after that one is which ends at `at`: behind a comma. Otherwise the
/// closing bracket, or the size.
std::size_t nextAt(std::string_view text, std::size_t at) {
  at = skipJsonSpace(text, at);
  if (isAt(text, at, ',')) return skipJsonSpace(text, at + 1);
  return isAt(text, at, ']') || isAt(text, at, '}') ? at : text.size();
}

/// The value of four hexadecimal digits at the beginning of `text`.
std::optional<char32_t> readHex(std::string_view text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + std::min<std::size_t>(text.size(), 4);
  const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
  if (text.size() < 4 || stop != end || error != std::errc()) return std::nullopt;
  return value;
}

/// Reads what follows `\u` at `at`, with a second half of a pair if there is one, and moves `at`
/// behind it.
std::optional<char32_t> readUnicodeEscape(std::string_view text, std::size_t& at) {
  const auto first = readHex(text.substr(at));
  if (!first) return std::nullopt;
  at += 4;
  if ((*first & 0xF800) != 0xD800) return first;
  if ((*first & 0x0400) != 0 || !text.substr(at).starts_with("\\u")) return kReplacement;
  const auto second = readHex(text.substr(at + 2));
  if (!second || (*second & 0xFC00) != 0xDC00) return kReplacement;
  at += 6;
  return 0x10000 + ((*first & 0x3FF) << 10 | (*second & 0x3FF));
}

/// Appends what the escape means whose backslash is before `at`, and moves `at` behind it.
bool readEscape(std::string_view text, std::size_t& at, std::string& out) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (at == text.size()) return false;
  const char letter = text[at++];
  if (letter == 'u') {
    const auto codePoint = readUnicodeEscape(text, at);
    if (codePoint) appendUtf8(*codePoint, out);
    return codePoint.has_value();
  }
  const auto index = kLetters.find(letter);
  if (index == std::string_view::npos) return false;
  out.push_back(kMeanings[index]);
  return true;
}

/// A number in its parts: digits, perhaps with a point among them, times a power of ten.
struct Decimal {
  bool isNegative = false;
  std::string_view digits{};
  std::int64_t exponent = 0;

  /// How many digits stand before the point.
  std::size_t wholeDigits() const { return std::min(digits.find('.'), digits.size()); }
};

/// The exponent of a number, held within what no text is long enough to make up for.
std::optional<std::int64_t> readExponent(std::string_view text) {
  constexpr std::int64_t kMost = std::int64_t{1} << 62U;
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) return text.starts_with('-') ? -kMost : kMost;
  return std::clamp(value, -kMost, kMost);
}

std::optional<Decimal> splitNumber(std::string_view text) {
  Decimal number;
  number.isNegative = text.starts_with('-');
  if (number.isNegative) text.remove_prefix(1);
  if (text.empty() || !isDigit(text[0])) return std::nullopt;
  number.digits = text.substr(0, text.find_first_of("eE"));
  if (number.digits.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  if (number.digits.size() < text.size()) {
    const auto exponent = readExponent(text.substr(number.digits.size() + 1));
    if (!exponent) return std::nullopt;
    number.exponent = *exponent;
  }
  return number;
}

/// Makes `digit` the last of `value`. False: there is no room for it.
bool appendDigit(std::uint64_t& value, std::uint64_t digit) {
  if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return false;
  value = value * 10 + digit;
  return true;
}

/// The number without its sign. Empty: it is not whole, or too large.
std::optional<std::uint64_t> magnitudeOf(const Decimal& number) {
  std::string_view digits = number.digits;
  const std::size_t whole = number.wholeDigits();
  const std::size_t fraction = whole == digits.size() ? 0 : digits.size() - whole - 1;
  std::int64_t power = number.exponent - static_cast<std::int64_t>(fraction);
  for (; digits.ends_with('0') || digits.ends_with('.'); digits.remove_suffix(1)) {
    if (digits.back() == '0') ++power;
  }
  std::uint64_t value = 0;
  for (const char digit : digits) {
    if (digit == '.') continue;
    if (!appendDigit(value, static_cast<std::uint64_t>(digit - '0'))) return std::nullopt;
  }
  if (value == 0) return 0;
  if (power < 0) return std::nullopt;
  for (; power > 0; --power) {
    if (!appendDigit(value, 0)) return std::nullopt;
  }
  return value;
}

/// What a number is to JavaScript that is too large for a double, or too small.
double beyondDoubles(std::string_view text) {
  const auto number = splitNumber(text);
  if (!number) return 0;
  // The place of the first digit tells which.
  const auto first = static_cast<std::int64_t>(number->digits.find_first_of("123456789"));
  const bool isLarge = number->exponent + static_cast<std::int64_t>(number->wholeDigits()) > first;
  const double magnitude = isLarge ? std::numeric_limits<double>::infinity() : 0.0;
  return number->isNegative ? -magnitude : magnitude;
}

template <class Integer>
bool readInteger(std::string_view text, Integer& out) {
  const char* const end = text.data() + text.size();
  Integer plain = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, plain);
  if (stop == end && error == std::errc()) {
    out = plain;
    return true;
  }
  const auto number = splitNumber(text);
  const auto magnitude = number ? magnitudeOf(*number) : std::nullopt;
  if (!magnitude) return false;
  using Limits = std::numeric_limits<Integer>;
  const std::uint64_t most = static_cast<std::uint64_t>(Limits::max());
  if (number->isNegative) {
    if (*magnitude > (Limits::is_signed ? most + 1 : 0)) return false;
    out = static_cast<Integer>(0 - *magnitude);
  } else {
    if (*magnitude > most) return false;
    out = static_cast<Integer>(*magnitude);
  }
  return true;
}

}  // namespace

std::size_t skipJsonSpace(std::string_view text, std::size_t at) {
  while (at < text.size() && static_cast<unsigned char>(text[at]) <= ' ' &&
         (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
    ++at;
  }
  return at;
}

std::size_t skipValue(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  if (text[at] == '"') return skipString(text, at);
  if (text[at] == '[' || text[at] == '{') return skipContainer(text, at);
  while (at < text.size() && static_cast<unsigned char>(text[at]) > ' ' && text[at] != ',' &&
         text[at] != ']' && text[at] != '}') {
    ++at;
  }
  return at;
}

JsonArrayCursor::JsonArrayCursor(std::string_view array) : text_(array), at_(openAt(array, '[')) {}

std::optional<std::string_view> JsonArrayCursor::next() {
  if (at_ >= text_.size() || text_[at_] == ']' || text_[at_] == '}') return std::nullopt;
  const std::size_t end = skipValue(text_, at_);
  const auto element = text_.substr(at_, end - at_);
  at_ = nextAt(text_, end);
  return element;
}

JsonObjectCursor::JsonObjectCursor(std::string_view object)
    : text_(object), at_(openAt(object, '{')) {}

std::optional<JsonObjectCursor::Member> JsonObjectCursor::next() {
  if (!isAt(text_, at_, '"')) return std::nullopt;
  const std::size_t keyEnd = skipString(text_, at_);
  const auto key = text_.substr(at_, keyEnd - at_);
  const std::size_t colon = skipJsonSpace(text_, keyEnd);
  const std::size_t valueAt = skipJsonSpace(text_, std::min(colon + 1, text_.size()));
  const std::size_t valueEnd = skipValue(text_, valueAt);
  at_ = nextAt(text_, valueEnd);
  return Member{key, text_.substr(valueAt, valueEnd - valueAt)};
}

bool readJsonString(std::string_view quoted, std::string& out) {
  out.clear();
  if (quoted.size() < 2 || !quoted.starts_with('"') || !quoted.ends_with('"')) return false;
  const auto text = quoted.substr(1, quoted.size() - 2);
  std::size_t at = 0;
  while (true) {
    const std::size_t stop = skipPlainJson(text, at);
    out.append(text, at, stop - at);
    if (stop == text.size()) return true;
    at = stop + 1;
    if (text[stop] != '\\' || !readEscape(text, at, out)) return false;
  }
}

bool readJsonNumber(std::string_view text, double& out) {
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  if (first == text.size() || !isDigit(text[first])) return false;  // not "inf"
  const char* const end = text.data() + text.size();
  const auto [stop, error] = readDecimal(text.data(), end, out);
  if (stop != end) return false;
  if (error == std::errc::result_out_of_range) out = beyondDoubles(text);
  return true;
}

bool readJsonInteger(std::string_view text, std::int64_t& out) { return readInteger(text, out); }
bool readJsonInteger(std::string_view text, std::uint64_t& out) { return readInteger(text, out); }

}  // namespace beastio::protocol
