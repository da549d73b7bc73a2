#include "outbox.hpp"

#include <string>
#include <utility>

#include "beastio/message.hpp"

namespace beastio::addon {
namespace {

SendFlags flagsOf(std::int32_t bits) {
  return {.isVolatile = (bits & kVolatileFlag) != 0,
          .compress = (bits & kNoCompressFlag) == 0,
          .type = static_cast<std::uint8_t>(bits >> kTypeShift ^ kMessageType)};
}

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

// Adds what JSON.stringify makes of the text.
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

}  // namespace

// The whole text is copied once, into the batch; parts are views of it.
Batch& Outbox::decode(Napi::Env env, std::span<const std::int32_t> numbers, napi_value text,
                      const Napi::Array& values) {
  numbers_ = numbers;
  position_ = 0;
  nextValue_ = 0;
  textPosition_ = batch_.byteCount();
  const auto lengths = lengthsOf(env, text);
  ascii_ = lengths.isAscii();
  write(env, text, lengths, batch_.extend(lengths.utf8Bytes + 1));

  while (position_ < numbers_.size()) {
    switch (static_cast<Command>(next())) {
      case Command::kSend: {
        const auto flags = flagsOf(next());
        const auto id = nextSession();
        const auto part = nextText(static_cast<std::size_t>(next()));
        batch_.send(id, &part, 1, flags);
        break;
      }
      case Command::kSendString: {
        const auto flags = flagsOf(next());
        const auto id = nextSession();
        const auto part = nextQuoted(env, values);
        batch_.send(id, &part, 1, flags);
        break;
      }
      case Command::kSendParts: {
        const auto flags = flagsOf(next());
        const auto id = nextSession();
        nextParts(values);
        batch_.send(id, parts_.data(), parts_.size(), flags);
        break;
      }
      case Command::kShare: {
        const auto flags = flagsOf(next());
        nextParts(values);
        batch_.share(parts_.data(), parts_.size(), flags);
        break;
      }
      case Command::kSendShared:
        batch_.sendShared(nextSession());
        break;
      case Command::kBroadcast:
        nextBroadcast(values);
        break;
      case Command::kJoin: {
        const auto id = nextSession();
        batch_.join(id, static_cast<RoomId>(next()));
        break;
      }
      case Command::kLeave: {
        const auto id = nextSession();
        batch_.leave(id, static_cast<RoomId>(next()));
        break;
      }
      case Command::kClose: {
        const auto id = nextSession();
        batch_.close(id, next() != 0);
        break;
      }
      case Command::kMark:
        batch_.mark(nextSession());
        break;
      case Command::kTerminate:
        batch_.terminate(nextSession());
        break;
      case Command::kRequest:
        batch_.request(nextRequest(values));
        break;
      case Command::kStreamData: {
        const auto thread = static_cast<unsigned>(next());
        const auto stream = static_cast<RequestId>(next());
        batch_.streamData(thread, stream, batch_.addBinary(nextBytes(values)));
        break;
      }
    }
  }
  return batch_;
}

SessionId Outbox::nextSession() {
  const auto place = static_cast<std::uint32_t>(next());
  return {place, static_cast<std::uint32_t>(next())};
}

Part Outbox::nextText(std::size_t units) {
  auto bytes = units;
  if (!ascii_) bytes = bytesOf(batch_.bytesFrom(textPosition_), units);
  const Part part{static_cast<std::uint32_t>(textPosition_), static_cast<std::uint32_t>(bytes),
                  false};
  textPosition_ += bytes;
  return part;
}

Part Outbox::nextQuoted(Napi::Env env, const Napi::Array& values) {
  const auto before = nextText(static_cast<std::size_t>(next()));
  const auto after = nextText(static_cast<std::size_t>(next()));
  const auto offset = batch_.byteCount();
  batch_.addCopy(before);
  const Napi::Value value = values.Get(nextValue_++);
  if (value.IsString()) addJsonString(env, value, batch_);
  batch_.addCopy(after);
  return {static_cast<std::uint32_t>(offset),
          static_cast<std::uint32_t>(batch_.byteCount() - offset), false};
}

Part Outbox::nextPart(const Napi::Array& values) {
  const auto length = next();
  if (length >= 0) return nextText(static_cast<std::size_t>(length));
  const Napi::Value value = values.Get(nextValue_);
  if (!value.IsString()) return batch_.addBinary(nextBytes(values));
  ++nextValue_;
  return addText(value.Env(), value, batch_);
}

// Lifetime of what it returns: until JavaScript goes on.
std::string_view Outbox::nextBytes(const Napi::Array& values) {
  const Napi::Value value = values.Get(nextValue_++);
  if (!value.IsTypedArray()) return {};  // the worker is being terminated
  const auto bytes = value.As<Napi::Uint8Array>();
  return {reinterpret_cast<const char*>(bytes.Data()), bytes.ByteLength()};
}

std::string Outbox::nextString() {
  const auto text = nextText(static_cast<std::size_t>(next()));
  return std::string(batch_.bytesFrom(text.offset).substr(0, text.length));
}

AttachedRequest Outbox::nextRequest(const Napi::Array& values) {
  AttachedRequest request;
  request.id = static_cast<RequestId>(next());
  const auto flags = next();
  request.hasOrigin = (flags & kHasOriginFlag) != 0;
  request.upgrade = (flags & kUpgradeFlag) != 0;
  request.verifyOnly = (flags & kVerifyOnlyFlag) != 0;
  request.method = nextString();
  request.target = nextString();
  request.origin = nextString();
  request.sid = nextString();
  request.contentType = nextString();
  if ((flags & kHasBodyFlag) != 0) request.body = nextBytes(values);
  return request;
}

void Outbox::nextParts(const Napi::Array& values) {
  parts_.clear();
  for (auto count = next(); count > 0; --count) parts_.push_back(nextPart(values));
}

void Outbox::nextBroadcast(const Napi::Array& values) {
  const auto flags = flagsOf(next());
  Audience audience;
  const auto rooms = next();
  const auto exceptRooms = next();
  const auto sessions = next();
  const auto exceptSessions = next();
  const auto partCount = next();
  for (auto i = rooms; i > 0; --i) audience.rooms.push_back(static_cast<RoomId>(next()));
  for (auto i = exceptRooms; i > 0; --i) {
    audience.exceptRooms.push_back(static_cast<RoomId>(next()));
  }
  for (auto i = sessions; i > 0; --i) audience.sessions.push_back(nextSession());
  for (auto i = exceptSessions; i > 0; --i) audience.exceptSessions.push_back(nextSession());
  std::vector<Part> parts;
  for (auto i = partCount; i > 0; --i) parts.push_back(nextPart(values));
  batch_.broadcast(std::move(audience), std::move(parts), flags);
}

}  // namespace beastio::addon
