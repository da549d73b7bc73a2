#include "beastio/socketio/json.hpp"

#include "protocol/socketio/placeholders.hpp"
#include "protocol/socketio/socketio-packet.hpp"
#include "protocol/text/json-check.hpp"
#include "protocol/text/json-cursor.hpp"
#include "protocol/text/json-writer.hpp"

namespace beastio::socketio {

std::optional<RawJson> RawJson::of(std::string_view text) {
  if (!protocol::isValidJson(text, protocol::kMostJsonDepth)) return std::nullopt;
  return RawJson(text);
}

std::optional<Binary> Argument::binary() const {
  std::size_t number = 0;
  if (!protocol::isPlaceholder(json, number) || number >= attachments.size()) return std::nullopt;
  const auto bytes = attachments[number];
  return Binary{{reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()}};
}

bool Argument::hasBinary() const {
  return !attachments.empty() && !protocol::placeholdersOf(json).empty();
}

// Reading.

bool readString(std::string_view json, std::string& out) {
  return protocol::readJsonString(json, out);
}

bool readNumber(std::string_view json, double& out) { return protocol::readJsonNumber(json, out); }

bool readInteger(std::string_view json, std::int64_t& out) {
  return protocol::readJsonInteger(json, out);
}

bool readInteger(std::string_view json, std::uint64_t& out) {
  return protocol::readJsonInteger(json, out);
}

bool readBoolean(std::string_view json, bool& out) {
  out = json == "true";
  return out || json == "false";
}

ArrayReader::ArrayReader(std::string_view json)
    : text_(json), at_(protocol::JsonArrayCursor(json).at()), isArray_(at_ < json.size()) {}

std::optional<std::string_view> ArrayReader::next() {
  if (!isArray_) return std::nullopt;
  protocol::JsonArrayCursor cursor(text_, at_);
  const auto element = cursor.next();
  at_ = cursor.at();
  return element;
}

ObjectReader::ObjectReader(std::string_view json)
    : text_(json), at_(protocol::JsonObjectCursor(json).at()), isObject_(at_ < json.size()) {}

std::optional<ObjectReader::Member> ObjectReader::next() {
  if (!isObject_) return std::nullopt;
  protocol::JsonObjectCursor cursor(text_, at_);
  const auto member = cursor.next();
  at_ = cursor.at();
  if (!member) return std::nullopt;
  Member result{.value = member->value};
  protocol::readJsonString(member->key, result.key);
  return result;
}

std::optional<std::string_view> ObjectReader::find(std::string_view json, std::string_view key) {
  std::optional<std::string_view> found;
  std::string plain;
  protocol::JsonObjectCursor cursor(json);
  while (const auto member = cursor.next()) {
    if (protocol::readJsonString(member->key, plain) && plain == key) found = member->value;
  }
  return found;
}

// Writing.

void Writer::beginValue() {
  if (needsComma_) text_ += ',';
  needsComma_ = true;
}

void Writer::null() {
  beginValue();
  text_ += "null";
}

void Writer::boolean(bool value) {
  beginValue();
  text_ += value ? "true" : "false";
}

void Writer::number(double value) {
  beginValue();
  protocol::appendJsonNumber(value, text_);
}

void Writer::number(std::int64_t value) {
  beginValue();
  protocol::appendJsonNumber(value, text_);
}

void Writer::number(std::uint64_t value) {
  beginValue();
  protocol::appendJsonNumber(value, text_);
}

void Writer::string(std::string_view utf8) {
  beginValue();
  protocol::appendJsonString(utf8, text_);
}

void Writer::raw(RawJson json) {
  beginValue();
  text_ += json.text();
}

void Writer::binary(std::span<const std::byte> bytes) {
  beginValue();
  placeholder(bytes);
}

void Writer::placeholder(std::span<const std::byte> bytes) {
  text_ += "{\"_placeholder\":true,\"num\":";
  protocol::appendJsonNumber(std::uint64_t{attachments_.size()}, text_);
  text_ += '}';
  attachments_.push_back(bytes);
}

void Writer::argument(const Argument& argument) {
  beginValue();
  std::size_t copied = 0;
  if (!argument.attachments.empty()) {
    for (const auto& [begin, end, num] : protocol::placeholdersOf(argument.json)) {
      if (num >= argument.attachments.size()) continue;
      text_ += argument.json.substr(copied, begin - copied);
      const auto bytes = argument.attachments[num];
      placeholder({reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()});
      copied = end;
    }
  }
  text_ += argument.json.substr(copied);
}

void Writer::beginArray() {
  beginValue();
  text_ += '[';
  needsComma_ = false;
}

void Writer::endArray() {
  text_ += ']';
  needsComma_ = true;
}

void Writer::reopenArray() {
  text_.pop_back();
  needsComma_ = !text_.ends_with('[');
}

void Writer::beginObject() {
  beginValue();
  text_ += '{';
  needsComma_ = false;
}

void Writer::key(std::string_view name) {
  beginValue();
  protocol::appendJsonString(name, text_);
  text_ += ':';
  needsComma_ = false;
}

void Writer::endObject() {
  text_ += '}';
  needsComma_ = true;
}

void Writer::clear() {
  text_.clear();
  attachments_.clear();
  needsComma_ = false;
}

}  // namespace beastio::socketio
