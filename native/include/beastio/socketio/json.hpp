// Arguments of events as text: how they are read, and how they are written. What a type becomes in
// JSON is said by Codec (codec.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/export.hpp"

namespace beastio::socketio {

/// Bytes that cross as an attachment. Lifetime: of the call that it is given to; one that was read
/// lives as long as its Args.
struct Binary {
  std::span<const std::byte> bytes{};  ///< what it is
};

/// Valid JSON, passed on as it is. Lifetime: of the text that it was made from.
class BEASTIO_EXPORT RawJson {
 public:
  /// null
  RawJson() = default;
  /// Checks `text`. Returns none if JSON.parse would refuse it.
  static std::optional<RawJson> of(std::string_view text);
  /// Does not check. A text that is no JSON has clients close their connections.
  static RawJson trusted(std::string_view text) { return RawJson(text); }

  /// The JSON.
  std::string_view text() const { return text_; }

 private:
  explicit RawJson(std::string_view text) : text_(text) {}

  std::string_view text_ = "null";
};

/// One argument of an event: JSON, and the attachments of its packet. A value such as
/// {"_placeholder":true,"num":0} stands for an attachment. Lifetime: of its Args.
struct BEASTIO_EXPORT Argument {
  std::string_view json{};                          ///< valid
  std::span<const std::string_view> attachments{};  ///< of the packet

  /// The attachment that it stands for.
  std::optional<Binary> binary() const;
  /// Whether it stands for attachments, or something in it does.
  bool hasBinary() const;
};

// Reading. Each returns false where the text is of another kind; `out` is of no use then.

/// A string, as UTF-8. U+FFFD stands for each lone surrogate.
BEASTIO_EXPORT bool readString(std::string_view json, std::string& out);
/// A number, as JavaScript reads it.
BEASTIO_EXPORT bool readNumber(std::string_view json, double& out);
/// A whole number, exactly.
BEASTIO_EXPORT bool readInteger(std::string_view json, std::int64_t& out);
/// The same without a sign.
BEASTIO_EXPORT bool readInteger(std::string_view json, std::uint64_t& out);
/// true or false
BEASTIO_EXPORT bool readBoolean(std::string_view json, bool& out);

/// The elements of an array, one after the other.
class BEASTIO_EXPORT ArrayReader {
 public:
  /// `json`: valid, as that of each Argument.
  explicit ArrayReader(std::string_view json);
  /// Whether it is an array.
  bool isArray() const { return isArray_; }
  /// The text of the next element. Returns none behind the last.
  std::optional<std::string_view> next();

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool isArray_ = false;
};

/// The members of an object, one after the other.
class BEASTIO_EXPORT ObjectReader {
 public:
  /// One member.
  struct Member {
    std::string key{};         ///< without quotes and escapes
    std::string_view value{};  ///< JSON
  };

  /// `json`: valid, as that of each Argument.
  explicit ObjectReader(std::string_view json);
  /// Whether it is an object.
  bool isObject() const { return isObject_; }
  /// The next member. Returns none behind the last.
  std::optional<Member> next();
  /// The value of a key, the last of several. Returns none if there is no such key.
  static std::optional<std::string_view> find(std::string_view json, std::string_view key);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool isObject_ = false;
};

/// Writes JSON, value after value. It sets commas and colons by itself. Owner: one thread.
class BEASTIO_EXPORT Writer {
 public:
  Writer() { text_.reserve(kUsualBytes); }

  /// null
  void null();
  /// true or false
  void boolean(bool value);
  /// The shortest digits that mean `value`; null for what is not finite.
  void number(double value);
  /// A whole number.
  void number(std::int64_t value);
  /// A whole number.
  void number(std::uint64_t value);
  /// A string. U+FFFD stands for each ill-formed sequence.
  void string(std::string_view utf8);
  /// JSON as it is.
  void raw(RawJson json);
  /// What a client has sent, with its attachments. Order: see `binary`.
  void argument(const Argument& argument);
  /// An attachment. Lifetime: `bytes` are read when the packet is sent.
  void binary(std::span<const std::byte> bytes);
  /// An attachment that JSON given to `raw` stands for already. Order: see `binary`.
  void attach(std::span<const std::byte> bytes) { attachments_.push_back(bytes); }
  /// Values up to `endArray` are its elements.
  void beginArray();
  /// Ends what the last beginArray has begun.
  void endArray();
  /// Takes the last endArray back. Order: right behind it.
  void reopenArray();
  /// Keys and values up to `endObject` are its members.
  void beginObject();
  /// Order: before each value of an object.
  void key(std::string_view name);
  /// Ends what the last beginObject has begun.
  void endObject();

  /// What was written.
  std::string_view text() const { return text_; }
  /// What `binary` was given.
  std::span<const std::span<const std::byte>> attachments() const { return attachments_; }
  /// Forgets what was written, and keeps its memory.
  void clear();

 private:
  static constexpr std::size_t kUsualBytes = 127;  // so that most packets are written in one piece

  void beginValue();
  void placeholder(std::span<const std::byte> bytes);

  std::string text_;
  std::vector<std::span<const std::byte>> attachments_;
  bool needsComma_ = false;
};

}  // namespace beastio::socketio
