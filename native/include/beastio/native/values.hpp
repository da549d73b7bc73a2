// JSON, arguments and errors in an addon: what beastio/socketio/*.hpp declare, by the functions of
// the host. Part of beastio/native.hpp.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "beastio/native/table.hpp"
#include "beastio/socketio/arguments.hpp"
#include "beastio/socketio/json-tokens.hpp"
#include "beastio/socketio/pending.hpp"

namespace beastio::socketio {

// Errors.

inline const std::error_category& socketioCategory() {
  class Category final : public std::error_category {
   public:
    const char* name() const noexcept override { return "beastio.socketio"; }
    std::string message(int value) const override {
      static constexpr const char* kTexts[] = {
          "no error",
          "the socket is not connected any more",
          "the acknowledgement did not come in time",
          "the socket left before it acknowledged",
          "the server is closed",
          "the event's name is reserved",
          "the arguments are not what the handler takes",
          "not a packet, or none for this state",
          "the socket is in too many rooms",
          "the socket owes too many acknowledgements",
          "a thread of the server must not wait",
          "a handler has failed",
          "handlers have held their thread up",
          "the namespace is not served, or not in this way",
          "the event or the namespace is taken",
          "not to be called on this thread",
      };
      const auto index = static_cast<std::size_t>(value);
      return index < std::size(kTexts) ? kTexts[index] : "unknown";
    }
  };
  static const Category category;
  return category;
}

inline std::error_code make_error_code(Errc error) {
  return {static_cast<int>(error), socketioCategory()};
}

inline std::string_view toString(DisconnectReason reason) {
  static constexpr std::string_view kTexts[] = {
      "transport close",
      "transport error",
      "ping timeout",
      "parse error",
      "forced close",
      "forced server close",
      "client namespace disconnect",
      "server namespace disconnect",
      "server shutting down",
  };
  return kTexts[static_cast<std::size_t>(reason)];
}

// JSON that is read.

inline std::optional<RawJson> RawJson::of(std::string_view text) {
  if (native::api().json_is_valid(native::raw(text)) == 0) return std::nullopt;
  return RawJson(text);
}

inline std::optional<Binary> Argument::binary() const {
  std::size_t number = 0;
  if (attachments.empty() || native::api().json_placeholder(native::raw(json), &number) == 0 ||
      number >= attachments.size()) {
    return std::nullopt;
  }
  return Binary{std::as_bytes(std::span(attachments[number]))};
}

inline bool Argument::hasBinary() const {
  bool found = false;
  if (attachments.empty()) return false;
  native::api().json_placeholders(
      native::raw(json),
      [](void* user, std::size_t, std::size_t, std::size_t) { *static_cast<bool*>(user) = true; },
      &found);
  return found;
}

inline bool readString(std::string_view json, std::string& out) {
  if (json.size() >= 2 && json.front() == '"' && json.back() == '"' &&
      native::isPlain(json.substr(1, json.size() - 2))) {
    out.assign(json.substr(1, json.size() - 2));
    return true;
  }
  out.clear();
  return native::api().json_string(native::raw(json), native::append, &out) != 0;
}

inline bool readNumber(std::string_view json, double& out) {
  return native::api().json_number(native::raw(json), &out) != 0;
}

inline bool readInteger(std::string_view json, std::int64_t& out) {
  return native::api().json_signed(native::raw(json), &out) != 0;
}

inline bool readInteger(std::string_view json, std::uint64_t& out) {
  return native::api().json_unsigned(native::raw(json), &out) != 0;
}

inline bool readBoolean(std::string_view json, bool& out) {
  out = json == "true";
  return out || json == "false";
}

inline ArrayReader::ArrayReader(std::string_view json)
    : text_(json), isArray_(json.starts_with('[')) {}

inline std::optional<std::string_view> ArrayReader::next() {
  beastio_bytes element{};
  if (!isArray_ || native::api().json_next(native::raw(text_), &at_, &element) == 0) {
    return std::nullopt;
  }
  return native::view(element);
}

inline ObjectReader::ObjectReader(std::string_view json)
    : text_(json), isObject_(json.starts_with('{')) {}

inline std::optional<ObjectReader::Member> ObjectReader::next() {
  beastio_bytes key{};
  beastio_bytes value{};
  if (!isObject_ || native::api().json_next_member(native::raw(text_), &at_, &key, &value) == 0) {
    return std::nullopt;
  }
  Member member{.value = native::view(value)};
  readString(native::view(key), member.key);
  return member;
}

inline std::optional<std::string_view> ObjectReader::find(std::string_view json,
                                                          std::string_view key) {
  std::optional<std::string_view> found;
  ObjectReader reader(json);
  while (const auto member = reader.next()) {
    if (member->key == key) found = member->value;
  }
  return found;
}

// JSON that is written.

inline void Writer::beginValue() {
  if (needsComma_) text_ += ',';
  needsComma_ = true;
}

inline void Writer::null() {
  beginValue();
  text_ += "null";
}

inline void Writer::boolean(bool value) {
  beginValue();
  text_ += value ? "true" : "false";
}

inline void Writer::number(double value) {
  beginValue();
  native::api().json_write_number(value, native::append, &text_);
}

inline void Writer::number(std::int64_t value) {
  beginValue();
  text_ += std::to_string(value);
}

inline void Writer::number(std::uint64_t value) {
  beginValue();
  text_ += std::to_string(value);
}

inline void Writer::string(std::string_view utf8) {
  beginValue();
  if (native::isPlain(utf8)) {
    text_ += '"';
    text_ += utf8;
    text_ += '"';
  } else {
    native::api().json_write_string(native::raw(utf8), native::append, &text_);
  }
}

inline void Writer::raw(RawJson json) {
  beginValue();
  text_ += json.text();
}

inline void Writer::placeholder(std::span<const std::byte> bytes) {
  text_ += "{\"_placeholder\":true,\"num\":" + std::to_string(attachments_.size()) + '}';
  attachments_.push_back(bytes);
}

inline void Writer::binary(std::span<const std::byte> bytes) {
  beginValue();
  placeholder(bytes);
}

inline void Writer::argument(const Argument& argument) {
  struct Copying {
    Writer& writer;
    const Argument& argument;
    std::size_t copied = 0;
  } copying{*this, argument};
  beginValue();
  if (!argument.attachments.empty()) {
    native::api().json_placeholders(
        native::raw(argument.json),
        [](void* user, std::size_t begin, std::size_t end, std::size_t number) {
          auto& [writer, from, copied] = *static_cast<Copying*>(user);
          if (number >= from.attachments.size()) return;
          writer.text_ += from.json.substr(copied, begin - copied);
          writer.placeholder(std::as_bytes(std::span(from.attachments[number])));
          copied = end;
        },
        &copying);
  }
  text_ += argument.json.substr(copying.copied);
}

inline void Writer::beginArray() {
  beginValue();
  text_ += '[';
  needsComma_ = false;
}

inline void Writer::endArray() {
  text_ += ']';
  needsComma_ = true;
}

inline void Writer::beginObject() {
  beginValue();
  text_ += '{';
  needsComma_ = false;
}

inline void Writer::key(std::string_view name) {
  string(name);
  text_ += ':';
  needsComma_ = false;
}

inline void Writer::endObject() {
  text_ += '}';
  needsComma_ = true;
}

inline void Writer::clear() {
  text_.clear();
  attachments_.clear();
  needsComma_ = false;
}

// Arguments.

inline std::optional<Argument> ArgsReader::next() {
  beastio_bytes element{};
  if (native::api().json_next(native::raw(text_), &at_, &element) == 0) return std::nullopt;
  return Argument{native::view(element), args_.attachments()};
}

inline std::size_t Args::size() const {
  std::size_t count = 0;
  for (ArgsReader reader(*this); reader.next();) ++count;
  return count;
}

inline std::optional<Argument> Args::at(std::size_t index) const {
  ArgsReader reader(*this);
  auto argument = reader.next();
  for (; argument && index > 0; --index) argument = reader.next();
  return argument;
}

inline std::string_view Args::json() const {
  const auto end = json_.rfind(']');
  if (end == std::string_view::npos || at_ >= end) return {};
  return json_.substr(at_, end - at_);
}

inline OwnedArgs::OwnedArgs(const Args& args)
    : json_("["), attachments_(args.attachments().begin(), args.attachments().end()) {
  json_ += args.json();
  json_ += ']';
}

inline OwnedArgs Args::copy() const { return OwnedArgs(*this); }

inline Args OwnedArgs::view() const {
  views_.assign(attachments_.begin(), attachments_.end());
  return {json_, 1, views_};
}

inline std::size_t OwnedArgs::bytes() const {
  auto bytes = sizeof(OwnedArgs) + json_.size();
  for (const auto& attachment : attachments_) bytes += attachment.size();
  return bytes;
}

// Events and answers on their way out.

inline EventWriter::EventWriter(std::string_view event) : event_(event) {
  writer_.beginArray();
  writer_.string(event);
}

inline const Writer& EventWriter::writer() const {
  if (!isComplete_) writer_.endArray();
  isComplete_ = true;
  return writer_;
}

inline void EventWriter::addAll(const Args& args) {
  if (const auto json = args.json(); !json.empty()) writer_.raw(RawJson::trusted(json));
  for (const auto bytes : args.attachments()) writer_.attach(std::as_bytes(std::span(bytes)));
}

inline bool isServerThread() { return native::api().is_server_thread() != 0; }

inline void callQuietly(const std::function<void()>& function) noexcept {
#if defined(__cpp_exceptions)
  try {
    function();
  } catch (...) {  // nobody is left to be told
  }
#else
  function();
#endif
}

// Any JSON.

inline std::optional<TokenReader::Token> TokenReader::next() {
  at_ = text_.find_first_not_of(",: \t\n\r", at_);
  if (at_ >= text_.size()) return std::nullopt;
  const auto begin = at_;
  constexpr std::string_view kBrackets = "[]{}";
  constexpr Kind kKinds[] = {Kind::kBeginArray, Kind::kEndArray, Kind::kBeginObject,
                             Kind::kEndObject};
  if (const auto bracket = kBrackets.find(text_[at_]); bracket != kBrackets.npos) {
    return Token{kKinds[bracket], text_.substr(at_++, 1)};
  }
  at_ = native::api().json_skip(native::raw(text_), at_);
  const auto text = text_.substr(begin, at_ - begin);
  if (text.front() == 'n') return Token{Kind::kNull, text};
  if (text.front() == 't' || text.front() == 'f') return Token{Kind::kBoolean, text};
  if (text.front() != '"') return Token{Kind::kNumber, text};
  const auto behind = text_.find_first_not_of(" \t\n\r", at_);
  const bool isKey = behind < text_.size() && text_[behind] == ':';
  return Token{isKey ? Kind::kKey : Kind::kString, text};
}

}  // namespace beastio::socketio
