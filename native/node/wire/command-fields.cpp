#include "command-fields.hpp"

#include <string>

#include "beastio/message.hpp"
#include "layout.hpp"

namespace beastio::addon {
namespace {

// How many bytes of UTF-8 hold `units` UTF-16 units.
std::size_t bytesOf(std::string_view utf8, std::size_t units) {
  std::size_t position = 0;
  while (units > 0 && position < utf8.size()) {
    const auto lead = static_cast<unsigned char>(utf8[position]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    units -= bytes == 4 && units > 1 ? 2 : 1;
    position += bytes;
  }
  return position;
}

struct Lengths {
  std::size_t units = 0;
  std::size_t utf8Bytes = 0;

  bool isAscii() const { return units == utf8Bytes; }
};

Lengths lengthsOf(napi_env env, napi_value text) {
  Lengths lengths;
  napi_get_value_string_utf16(env, text, nullptr, 0, &lengths.units);
  napi_get_value_string_utf8(env, text, nullptr, 0, &lengths.utf8Bytes);
  return lengths;
}

// Writes the text as UTF-8, and a NUL, which Node-API ends every text with.
void write(napi_env env, napi_value text, const Lengths& lengths, char* target) {
  std::size_t written = 0;
  const auto read = lengths.isAscii() ? napi_get_value_string_latin1 : napi_get_value_string_utf8;
  read(env, text, target, lengths.utf8Bytes + 1, &written);
}

Part addText(napi_env env, napi_value text, Batch& batch) {
  const auto lengths = lengthsOf(env, text);
  const auto offset = batch.byteCount();
  write(env, text, lengths, batch.extend(lengths.utf8Bytes + 1));
  return {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(lengths.utf8Bytes), false};
}

}  // namespace

void addJsonString(napi_env env, napi_value text, Batch& batch) {
  const auto lengths = lengthsOf(env, text);
  if (lengths.isAscii()) {
    const auto offset = batch.byteCount();
    char* target = batch.extend(1 + lengths.utf8Bytes + 1);
    write(env, text, lengths, target + 1);
    target[0] = target[1 + lengths.utf8Bytes] = '"';
    if (isPlainJson({target + 1, lengths.utf8Bytes})) return;
    batch.shrink(offset);
  }
  std::u16string units(lengths.units, u'\0');
  std::size_t copied = 0;
  napi_get_value_string_utf16(env, text, units.data(), units.size() + 1, &copied);
  std::string json;
  appendJsonString(units, json);
  batch.addText(json);
}

CommandFields::CommandFields(Napi::Env env, std::span<const std::int32_t> numbers, napi_value text,
                             const Napi::Array& values, Batch& batch, std::vector<Part>& parts)
    : numbers_(numbers),
      values_(values),
      batch_(batch),
      parts_(parts),
      textPosition_(batch.byteCount()) {
  const auto lengths = lengthsOf(env, text);
  ascii_ = lengths.isAscii();
  write(env, text, lengths, batch_.extend(lengths.utf8Bytes + 1));
}

SendFlags CommandFields::takeSendFlags() {
  const auto bits = takeInteger();
  return {.isVolatile = (bits & kFlagVolatile) != 0,
          .compress = (bits & kFlagNoCompress) == 0,
          .type = static_cast<std::uint8_t>(bits >> kPacketTypeShift ^ kPacketTypeZero)};
}

SessionId CommandFields::takeSession() {
  const auto place = takeUnsigned();
  return {place, takeUnsigned()};
}

Part CommandFields::nextText(std::size_t units) {
  auto bytes = units;
  if (!ascii_) bytes = bytesOf(batch_.bytesFrom(textPosition_), units);
  const Part part{static_cast<std::uint32_t>(textPosition_), static_cast<std::uint32_t>(bytes),
                  false};
  textPosition_ += bytes;
  return part;
}

std::optional<Part> CommandFields::takeOptionalText() {
  const auto length = takeInteger();
  if (length < 0) return std::nullopt;
  return nextText(static_cast<std::size_t>(length));
}

std::string_view CommandFields::takeBytes() {
  const Napi::Value value = values_.Get(nextValue_++);
  if (!value.IsTypedArray()) return {};  // the worker is being terminated
  const auto bytes = value.As<Napi::Uint8Array>();
  return {reinterpret_cast<const char*>(bytes.Data()), bytes.ByteLength()};
}

std::optional<std::string_view> CommandFields::takeOptionalBytes() {
  if (!takeBoolean()) return std::nullopt;
  return takeBytes();
}

std::vector<RoomId> CommandFields::takeRooms() {
  std::vector<RoomId> rooms;
  for (auto count = takeInteger(); count > 0; --count) rooms.push_back(takeUnsigned());
  return rooms;
}

std::vector<SessionId> CommandFields::takeSessions() {
  std::vector<SessionId> sessions;
  for (auto count = takeInteger(); count > 0; --count) sessions.push_back(takeSession());
  return sessions;
}

std::vector<Part>& CommandFields::takeParts() {
  parts_.clear();
  for (auto count = takeInteger(); count > 0; --count) parts_.push_back(nextPart());
  return parts_;
}

Part CommandFields::nextPart() {
  const auto length = takeInteger();
  if (length >= 0) return nextText(static_cast<std::size_t>(length));
  const Napi::Value value = values_.Get(nextValue_);
  if (!value.IsString()) return batch_.addBinary(takeBytes());
  ++nextValue_;
  return addText(value.Env(), value, batch_);
}

}  // namespace beastio::addon
