// A walk over the text that knows at any time in what it is: a bit for each open array or object.
// Runs on: any thread.
#include "protocol/text/json-check.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "protocol/text/json-scan.hpp"

namespace beastio::protocol {
namespace {

constexpr std::size_t kWordBits = 64;
constexpr std::size_t kInvalid = std::string_view::npos;

bool isDigit(char byte) { return byte >= '0' && byte <= '9'; }

bool isHexDigit(char byte) {
  return isDigit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/// Most bytes are none, which the first look tells.
bool isSpace(char byte) {
  return static_cast<unsigned char>(byte) <= ' ' &&
         (byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t');
}

/// The offset behind the escape whose backslash is before `at`, or kInvalid.
std::size_t behindEscape(std::string_view text, std::size_t at) {
  if (at == text.size()) return kInvalid;
  if (text[at] != 'u') {
    const bool isKnown = std::string_view("\"\\/bfnrt").find(text[at]) != std::string_view::npos;
    return isKnown ? at + 1 : kInvalid;
  }
  const auto digits = text.substr(at + 1, 4);
  const bool areDigits = std::all_of(digits.begin(), digits.end(), isHexDigit);
  return digits.size() == 4 && areDigits ? at + 5 : kInvalid;
}

/// The offset behind the string that has a special byte at `at`, or kInvalid.
std::size_t behindEscapes(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '"') {
    if (text[at] != '\\' || (at = behindEscape(text, at + 1)) == kInvalid) return kInvalid;
    at = skipPlainJson(text, at);
  }
  return at < text.size() ? at + 1 : kInvalid;
}

/// The offset behind the string whose first quote is before `at`, or kInvalid. Most strings have no
/// escapes, and need no call.
inline std::size_t behindString(std::string_view text, std::size_t at) {
  at = skipPlainJson(text, at);
  return at < text.size() && text[at] == '"' ? at + 1 : behindEscapes(text, at);
}

class Checker {
 public:
  Checker(std::string_view text, std::size_t maxDepth)
      : text_(text), maxDepth_(std::min(maxDepth, kMostJsonDepth)) {}

  bool check() {
    while (takeValue()) {
      // A value has ended, and with it perhaps what it lies in.
      while (true) {
        const char next = peek();
        if (depth_ == 0) return at_ == text_.size();
        if (next == ',') break;
        if (next != (isInObject() ? '}' : ']')) return false;
        ++at_;
        leave();
      }
      ++at_;
      if (isInObject() && !takeKey()) return false;
    }
    return false;
  }

 private:
  /// The next byte that is not white space; 0, which no JSON has there, at the end.
  char peek() {
    while (at_ < text_.size() && isSpace(text_[at_])) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  /// Takes a value that is not an array or object, or an empty one of these. On the way it enters
  /// those whose first value it is.
  bool takeValue() {
    while (true) {
      switch (peek()) {
        case '"':
          return takeString();
        case '[':
          if (!enter(false)) return false;
          if (peek() != ']') break;
          ++at_;
          leave();
          return true;
        case '{':
          if (!enter(true)) return false;
          if (peek() == '}') {
            ++at_;
            leave();
            return true;
          }
          if (!takeKey()) return false;
          break;
        case 't':
          return takeWord("true");
        case 'f':
          return takeWord("false");
        case 'n':
          return takeWord("null");
        default:
          return takeNumber();
      }
    }
  }

  bool takeKey() {
    if (peek() != '"' || !takeString() || peek() != ':') return false;
    ++at_;
    return true;
  }

  /// Takes a string, whose first quote has been seen.
  bool takeString() {
    at_ = behindString(text_, at_ + 1);
    return at_ != kInvalid;
  }

  bool takeWord(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool takeNumber() {
    if (isAt('-')) ++at_;
    if (isAt('0')) {
      ++at_;
    } else if (!takeDigits()) {
      return false;
    }
    if (isAt('.')) {
      ++at_;
      if (!takeDigits()) return false;
    }
    if (isAt('e') || isAt('E')) {
      ++at_;
      if (isAt('+') || isAt('-')) ++at_;
      if (!takeDigits()) return false;
    }
    return true;
  }

  bool takeDigits() {
    const std::size_t first = at_;
    while (at_ < text_.size() && isDigit(text_[at_])) ++at_;
    return at_ != first;
  }

  bool isAt(char byte) const { return at_ < text_.size() && text_[at_] == byte; }

  bool enter(bool isObject) {
    if (depth_ == maxDepth_) return false;
    ++at_;
    if (depth_ % kWordBits == 0) outer_[depth_ / kWordBits] = objects_;
    objects_ = objects_ << 1 | (isObject ? 1 : 0);
    ++depth_;
    return true;
  }

  void leave() {
    --depth_;
    objects_ >>= 1;
    if (depth_ % kWordBits == 0) objects_ = outer_[depth_ / kWordBits];
  }

  bool isInObject() const { return (objects_ & 1) != 0; }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t maxDepth_;
  std::size_t depth_ = 0;
  std::uint64_t objects_ = 0;  ///< which of the innermost 64 are objects, the innermost lowest
  /// `objects_` as it was before each 64th one; not written to before it is needed.
  std::array<std::uint64_t, kMostJsonDepth / kWordBits> outer_;
};

}  // namespace

bool isValidJson(std::string_view text, std::size_t maxDepth) {
  return Checker(text, maxDepth).check();
}

}  // namespace beastio::protocol
