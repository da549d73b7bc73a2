// For codecs of types that hold any JSON: see beastio/json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "beastio/export.hpp"
#include "beastio/socketio/json.hpp"

namespace beastio::socketio {

/// A number as it is written: without a fraction and an exponent it is whole, if it fits.
using AnyNumber = std::variant<std::int64_t, std::uint64_t, double>;
/// Reads a token of that kind.
inline AnyNumber readAnyNumber(std::string_view json) {
  if (json.find_first_of(".eE") == std::string_view::npos) {
    std::int64_t whole = 0;
    if (readInteger(json, whole)) return whole;
    std::uint64_t large = 0;
    if (readInteger(json, large)) return large;
  }
  double number = 0;
  readNumber(json, number);
  return number;
}

/// Walks JSON token after token. The time that it takes depends on the size only, not on the depth.
class BEASTIO_EXPORT TokenReader {
 public:
  /// What a token is.
  enum class Kind : std::uint8_t {
    kNull,
    kBoolean,
    kNumber,
    kString,
    kKey,
    kBeginArray,
    kEndArray,
    kBeginObject,
    kEndObject,
  };
  /// One token.
  struct Token {
    Kind kind{};              ///< what it is
    std::string_view text{};  ///< as it stands; `readString` takes strings and keys
  };

  /// `json`: valid, as that of each Argument.
  explicit TokenReader(std::string_view json) : text_(json) {}
  /// The next token. Returns none behind the last.
  std::optional<Token> next();

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace beastio::socketio
