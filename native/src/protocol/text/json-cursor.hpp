// Walks JSON that isValidJson has accepted, and reads its strings and numbers. Nothing is allocated
// but what a string needs. Pure functions. Lifetime: views lie in the text that was given.
//
// Text that is not valid JSON gives nonsense, but nobody reads beyond it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beastio::protocol {

/// The offset of the first byte from `at` on that is not JSON's white space, or the size.
std::size_t skipJsonSpace(std::string_view text, std::size_t at);

/// The offset behind the value that begins at `at`, which is not white space.
std::size_t skipValue(std::string_view text, std::size_t at);

/// The elements of an array, one by one. A text that is no array has none.
class JsonArrayCursor {
 public:
  explicit JsonArrayCursor(std::string_view array);

  /// Begins with the element at `at`, as eventNameOf tells it; ']' there means that there is none.
  JsonArrayCursor(std::string_view array, std::size_t at) : text_(array), at_(at) {}

  /// The text of the next element, without white space around it. Empty: there is no other.
  std::optional<std::string_view> next();

  /// Where the next element begins, or the array's ']'. The size: the text is no array.
  std::size_t at() const { return at_; }

 private:
  std::string_view text_;
  std::size_t at_;
};

/// The members of an object in the order of their text, those of one key included. A text that is
/// no object has none.
class JsonObjectCursor {
 public:
  struct Member {
    std::string_view key;    ///< with its quotes, as readJsonString takes it
    std::string_view value;  ///< without white space around it
  };

  explicit JsonObjectCursor(std::string_view object);

  /// Goes on at `at`, as `at` told it.
  JsonObjectCursor(std::string_view object, std::size_t at) : text_(object), at_(at) {}

  /// The next member. Empty: there is no other.
  std::optional<Member> next();

  /// Where the next member begins, or the object's '}'. The size: the text is no object.
  std::size_t at() const { return at_; }

 private:
  std::string_view text_;
  std::size_t at_;  ///< where the next member or the end of the object is
};

/// Replaces `out` by what the string `quoted` means, in UTF-8. U+FFFD stands for each lone
/// surrogate. False, and `out` is of no use: it is no string.
bool readJsonString(std::string_view quoted, std::string& out);

/// Reads a number as JavaScript does: 1e999 is infinite, -0 keeps its sign. False: it is no number.
bool readJsonNumber(std::string_view text, double& out);

/// Reads a whole number exactly, however it is written: `12`, `-0`, `1.0`, `1e3`. False, and `out`
/// stays as it is: no number, not a whole one, or out of range.
bool readJsonInteger(std::string_view text, std::int64_t& out);
bool readJsonInteger(std::string_view text, std::uint64_t& out);

}  // namespace beastio::protocol
