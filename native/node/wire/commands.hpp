// Reads commands, field by field.
// Generated from wire.json by `npm run wire`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "beastio/host/batch.hpp"
#include "command-fields.hpp"
#include "layout.hpp"

namespace beastio::addon {

/// Hands on a request that Node's HTTP server has parsed.
struct RequestFields {
  std::uint32_t id;
  std::int32_t flags;
  Part method;
  Part target;
  std::optional<Part> origin;
  Part sid;
  Part contentType;
  Part route;
  std::optional<std::string_view> body;
};

/// Reads all commands to the end; the sink has a method for each.
template <class Sink>
void readCommands(CommandFields& from, Sink& sink) {
  while (!from.isOver()) {
    switch (static_cast<Command>(from.takeInteger())) {
      case Command::kSend: {
        const auto flags = from.takeSendFlags();
        const auto session = from.takeSession();
        const auto text = from.takeText();
        sink.onSend(flags, session, text);
        break;
      }
      case Command::kSendParts: {
        const auto flags = from.takeSendFlags();
        const auto session = from.takeSession();
        auto& parts = from.takeParts();
        sink.onSendParts(flags, session, std::move(parts));
        break;
      }
      case Command::kBroadcast: {
        const auto flags = from.takeSendFlags();
        auto rooms = from.takeRooms();
        auto exceptRooms = from.takeRooms();
        auto sessions = from.takeSessions();
        auto exceptSessions = from.takeSessions();
        auto& parts = from.takeParts();
        sink.onBroadcast(flags, std::move(rooms), std::move(exceptRooms), std::move(sessions),
                         std::move(exceptSessions), std::move(parts));
        break;
      }
      case Command::kJoin: {
        const auto session = from.takeSession();
        const auto room = from.takeUnsigned();
        sink.onJoin(session, room);
        break;
      }
      case Command::kLeave: {
        const auto session = from.takeSession();
        const auto room = from.takeUnsigned();
        sink.onLeave(session, room);
        break;
      }
      case Command::kClose: {
        const auto session = from.takeSession();
        const auto discard = from.takeBoolean();
        const auto keepsUnread = from.takeBoolean();
        sink.onClose(session, discard, keepsUnread);
        break;
      }
      case Command::kShare: {
        const auto flags = from.takeSendFlags();
        auto& parts = from.takeParts();
        sink.onShare(flags, std::move(parts));
        break;
      }
      case Command::kSendShared: {
        const auto session = from.takeSession();
        sink.onSendShared(session);
        break;
      }
      case Command::kMark: {
        const auto session = from.takeSession();
        sink.onMark(session);
        break;
      }
      case Command::kTerminate: {
        const auto session = from.takeSession();
        sink.onTerminate(session);
        break;
      }
      case Command::kRequest: {
        const auto id = from.takeUnsigned();
        const auto flags = from.takeInteger();
        const auto method = from.takeText();
        const auto target = from.takeText();
        const auto origin = from.takeOptionalText();
        const auto sid = from.takeText();
        const auto contentType = from.takeText();
        const auto route = from.takeText();
        const auto body = from.takeOptionalBytes();
        sink.onRequest(
            RequestFields{id, flags, method, target, origin, sid, contentType, route, body});
        break;
      }
      case Command::kStreamData: {
        const auto thread = from.takeUnsigned();
        const auto stream = from.takeUnsigned();
        const auto bytes = from.takeBytes();
        sink.onStreamData(thread, stream, bytes);
        break;
      }
      case Command::kSendString: {
        const auto flags = from.takeSendFlags();
        const auto session = from.takeSession();
        const auto before = from.takeText();
        const auto after = from.takeText();
        const auto string = from.takeString();
        sink.onSendString(flags, session, before, after, string);
        break;
      }
      case Command::kTick: {
        sink.onTick();
        break;
      }
      case Command::kNote: {
        const auto session = from.takeSession();
        auto& parts = from.takeParts();
        sink.onNote(session, std::move(parts));
        break;
      }
      case Command::kWatch: {
        const auto session = from.takeSession();
        const auto highWaterMark = from.takeUnsigned();
        sink.onWatch(session, highWaterMark);
        break;
      }
      case Command::kPause: {
        const auto session = from.takeSession();
        const auto isPaused = from.takeBoolean();
        sink.onPause(session, isPaused);
        break;
      }
      case Command::kSlowClient: {
        const auto session = from.takeSession();
        const auto policy = from.takeUnsigned();
        const auto maxSendQueueBytes = from.takeUnsigned();
        sink.onSlowClient(session, policy, maxSendQueueBytes);
        break;
      }
    }
  }
}

}  // namespace beastio::addon
