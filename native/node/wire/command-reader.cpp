#include "command-reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "beastio/host/attached.hpp"
#include "commands.hpp"

namespace beastio::addon {
namespace {

// What each command means.
struct BatchFiller {
  Batch& batch;
  CommandReader::Sent& sent;
  std::int64_t sharedBytes = 0;  // of the packet of the last SHARE

  // Few sessions are watched, if any.
  void count(SendFlags& flags, SessionId session, const Part* parts, std::size_t partCount) {
    if (sent.empty()) return;
    flags.isCounted = true;
    countFor(session, sizeOf(parts, partCount));
  }

  void countFor(SessionId session, std::int64_t bytes) {
    const auto found = sent.find(CommandReader::keyOf(session));
    if (found != sent.end()) found->second += bytes;
  }

  static std::int64_t sizeOf(const Part* parts, std::size_t partCount) {
    std::int64_t bytes = 0;
    for (std::size_t i = 0; i < partCount; ++i) bytes += parts[i].length;
    return bytes;
  }

  void onSend(SendFlags flags, SessionId session, Part text) {
    count(flags, session, &text, 1);
    batch.send(session, &text, 1, flags);
  }

  void onSendString(SendFlags flags, SessionId session, Part before, Part after,
                    const Napi::Value& string) {
    const auto offset = batch.byteCount();
    batch.addCopy(before);
    if (string.IsString()) addJsonString(string.Env(), string, batch);
    batch.addCopy(after);
    const Part whole{static_cast<std::uint32_t>(offset),
                     static_cast<std::uint32_t>(batch.byteCount() - offset), false};
    count(flags, session, &whole, 1);
    batch.send(session, &whole, 1, flags);
  }

  void onSendParts(SendFlags flags, SessionId session, const std::vector<Part>& parts) {
    count(flags, session, parts.data(), parts.size());
    batch.send(session, parts.data(), parts.size(), flags);
  }

  void onShare(SendFlags flags, const std::vector<Part>& parts) {
    flags.isCounted = !sent.empty();
    if (flags.isCounted) sharedBytes = sizeOf(parts.data(), parts.size());
    batch.share(parts.data(), parts.size(), flags);
  }

  void onSendShared(SessionId session) {
    if (!sent.empty()) countFor(session, sharedBytes);
    batch.sendShared(session);
  }

  void onBroadcast(SendFlags flags, std::vector<RoomId> rooms, std::vector<RoomId> exceptRooms,
                   std::vector<SessionId> sessions, std::vector<SessionId> exceptSessions,
                   std::vector<Part> parts) {
    batch.broadcast({.rooms = std::move(rooms),
                     .exceptRooms = std::move(exceptRooms),
                     .sessions = std::move(sessions),
                     .exceptSessions = std::move(exceptSessions)},
                    std::move(parts), flags);
  }

  void onJoin(SessionId session, RoomId room) { batch.join(session, room); }
  void onLeave(SessionId session, RoomId room) { batch.leave(session, room); }
  void onClose(SessionId session, bool discard, bool keepsUnread) {
    batch.close(session, discard, keepsUnread);
  }
  void onTerminate(SessionId session) { batch.terminate(session); }
  void onMark(SessionId session) { batch.mark(session); }
  void onPause(SessionId session, bool isPaused) { batch.pause(session, isPaused); }
  void onSlowClient(SessionId session, std::uint32_t policy, std::uint32_t maxSendQueueBytes) {
    const auto own =
        policy == 0 ? std::nullopt : std::optional(static_cast<SlowClientPolicy>(policy - 1));
    batch.setSlowClient(session, own, maxSendQueueBytes);
  }
  void onWatch(SessionId session, std::uint32_t highWaterMark) {
    sent.try_emplace(CommandReader::keyOf(session), 0);
    batch.watch(session, highWaterMark);
  }
  void onNote(SessionId session, const std::vector<Part>& parts) {
    batch.note(session, parts.data(), parts.size());
  }
  void onTick() { batch.beginTick(); }

  void onRequest(const RequestFields& fields) {
    AttachedRequest request;
    request.id = fields.id;
    request.method = stringOf(fields.method);
    request.target = stringOf(fields.target);
    if (fields.origin) request.origin = stringOf(*fields.origin);
    request.isUpgrade = (fields.flags & kRequestFlagUpgrade) != 0;
    request.verifyOnly = (fields.flags & kRequestFlagVerifyOnly) != 0;
    request.isVerified = (fields.flags & kRequestFlagVerified) != 0;
    request.sid = stringOf(fields.sid);
    request.contentType = stringOf(fields.contentType);
    request.route = stringOf(fields.route);
    if (fields.body) request.body = *fields.body;
    batch.request(std::move(request));
  }

  void onStreamData(unsigned thread, RequestId stream, std::string_view bytes) {
    batch.streamData(thread, stream, batch.addBinary(bytes));
  }

  std::string stringOf(Part text) const {
    return std::string(batch.bytesFrom(text.offset).substr(0, text.length));
  }
};

}  // namespace

Batch& CommandReader::decode(Napi::Env env, std::span<const std::int32_t> numbers, napi_value text,
                             const Napi::Array& values, bool isContinued) {
  if (!isContinued) batch_.beginTick();
  CommandFields fields(env, numbers, text, values, batch_, parts_);
  BatchFiller filler{batch_, sent_};
  readCommands(fields, filler);
  return batch_;
}

std::optional<std::int64_t> CommandReader::sentTo(SessionId id) const {
  const auto found = sent_.find(keyOf(id));
  return found == sent_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace beastio::addon
