// Sockets that come back: their rooms, their data, and what they have missed.
#include <string>
#include <utility>

#include "socketio/server/recovery.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {
namespace {

std::string memberOf(std::string_view object, std::string_view key) {
  std::string text;
  const auto json = ObjectReader::find(object, key);
  if (!json || !readString(*json, text)) text.clear();
  return text;
}

}  // namespace

void Shard::reconnect(SessionId id, const std::string& name, std::string auth) {
  Client* const client = find(id);
  LocalNamespace* const local = findLocal(name);
  if (client == nullptr || client->isClosing || local == nullptr) return;
  if (client->find(name) != nullptr) return endClient(*client);
  auto& recovery = *local->core.recovery();
  const auto pid = memberOf(auth, "pid");
  if (const auto last = recovery.whoIs(pid)) {
    return core_.post(
        last->session().thread(), [last = *last, back = index_, id, name, auth](Shard& shard) {
          shard.giveUp(last);
          shard.core().post(back, [id, name, auth](Shard& own) { own.reconnect(id, name, auth); });
        });
  }
  const auto restored = recovery.restore(pid, memberOf(auth, "offset"));
  auto& socket = addSocket(*client, *local, Handshake(client->facts, std::move(auth)),
                           restored ? Identity{.sid = restored->socket.sid,
                                               .pid = restored->socket.pid,
                                               .isRecovered = true,
                                               .data = restored->socket.data}
                                    : newIdentity(*client, local->core));
  if (restored) resume(socket, *restored);
  if (restored && recovery.options().skipMiddlewares) return enter(socket);
  runMiddlewares(socket, 0);
}

// Its client is back, so that connection is dead, though nobody has noticed.
void Shard::giveUp(SocketRef ref) {
  ServedSocket* const socket = find(ref);
  if (socket == nullptr) return;
  auto& client = socket->client;
  client.isClosing = true;
  removeAll(client, DisconnectReason::kTransportClose, {});
  out_.close(client.session, true);
}

// Broadcasts that stand in the engine's queues now are among what it has missed, or later ones.
void Shard::resume(ServedSocket& socket, const Recovery::Restored& restored) {
  const auto session = socket.client.session;
  const auto& nsp = socket.local.core;
  for (const auto& packet : restored.missed) {
    Writer writer;
    writer.raw(RawJson::trusted(packet->array));
    for (const auto& bytes : packet->attachments) writer.attach(std::as_bytes(std::span(bytes)));
    const auto& parts =
        packets_.add(out_, PacketWriter::Type::kEvent, nsp.text(), std::nullopt, writer);
    out_.send(session, parts.data(), parts.size(), {});
  }
  out_.skipUpTo(session, {.series = nsp.everybody(), .number = restored.number});
  out_.join(session, socket.name.epoch());
  out_.join(session, nsp.everybody());
  for (const auto& room : restored.socket.rooms) join(socket, room);
  nsp.recovery()->letGo(restored.socket);
}

void Shard::saveAway(ServedSocket& socket) {
  auto* const recovery = socket.local.core.recovery();
  if (recovery == nullptr) return;
  AwaySocket away{.pid = socket.pid,
                  .sid = socket.sid,
                  .epoch = socket.name.epoch(),
                  .data = socket.data,
                  .since = socket.since};
  for (const auto& membership : socket.memberships) {
    away.rooms.push_back(membership.room->first);
    away.numbers.push_back(membership.room->second.number);
  }
  recovery->save(std::move(away));
}

}  // namespace beastio::socketio
