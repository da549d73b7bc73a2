#include "outbox.hpp"

#include <utility>

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

}  // namespace

// The whole text is copied once, into the batch; parts are views of it.
Batch& Outbox::decode(Napi::Env env, std::span<const std::int32_t> numbers, napi_value text,
                      std::size_t length, const Napi::Array& buffers) {
  numbers_ = numbers;
  position_ = 0;
  nextBuffer_ = 0;
  std::size_t bytes = 0;
  napi_get_value_string_utf8(env, text, nullptr, 0, &bytes);
  textPosition_ = batch_.byteCount();
  ascii_ = bytes == length;
  char* target = batch_.extend(bytes + 1);  // Node-API ends the text with a NUL
  if (ascii_) {
    napi_get_value_string_latin1(env, text, target, bytes + 1, &bytes);
  } else {
    napi_get_value_string_utf8(env, text, target, bytes + 1, &bytes);
  }

  while (position_ < numbers_.size()) {
    switch (static_cast<Command>(next())) {
      case Command::kSend: {
        const auto flags = flagsOf(next());
        const auto id = nextSession();
        const auto part = nextText(static_cast<std::size_t>(next()));
        batch_.send(id, &part, 1, flags);
        break;
      }
      case Command::kSendParts: {
        const auto flags = flagsOf(next());
        const auto id = nextSession();
        nextParts(buffers);
        batch_.send(id, parts_.data(), parts_.size(), flags);
        break;
      }
      case Command::kShare: {
        const auto flags = flagsOf(next());
        nextParts(buffers);
        batch_.share(parts_.data(), parts_.size(), flags);
        break;
      }
      case Command::kSendShared:
        batch_.sendShared(nextSession());
        break;
      case Command::kBroadcast:
        nextBroadcast(buffers);
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
        batch_.request(nextRequest(buffers));
        break;
      case Command::kStreamData: {
        const auto thread = static_cast<unsigned>(next());
        const auto stream = static_cast<RequestId>(next());
        batch_.streamData(thread, stream, batch_.addBinary(nextBytes(buffers)));
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

Part Outbox::nextPart(const Napi::Array& buffers) {
  const auto length = next();
  if (length >= 0) return nextText(static_cast<std::size_t>(length));
  return batch_.addBinary(nextBytes(buffers));
}

// Lifetime of what it returns: until JavaScript goes on.
std::string_view Outbox::nextBytes(const Napi::Array& buffers) {
  const Napi::Value value = buffers.Get(nextBuffer_++);
  const auto bytes = value.As<Napi::Uint8Array>();
  return {reinterpret_cast<const char*>(bytes.Data()), bytes.ByteLength()};
}

std::string Outbox::nextString() {
  const auto text = nextText(static_cast<std::size_t>(next()));
  return std::string(batch_.bytesFrom(text.offset).substr(0, text.length));
}

AttachedRequest Outbox::nextRequest(const Napi::Array& buffers) {
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
  if ((flags & kHasBodyFlag) != 0) request.body = nextBytes(buffers);
  return request;
}

void Outbox::nextParts(const Napi::Array& buffers) {
  parts_.clear();
  for (auto count = next(); count > 0; --count) parts_.push_back(nextPart(buffers));
}

void Outbox::nextBroadcast(const Napi::Array& buffers) {
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
  for (auto i = partCount; i > 0; --i) parts.push_back(nextPart(buffers));
  batch_.broadcast(std::move(audience), std::move(parts), flags);
}

}  // namespace beastio::addon
