// What the owner of a guest's sockets tells a shard, and what the shard tells it.
#include <algorithm>
#include <utility>

#include "protocol/socketio/placeholders.hpp"
#include "protocol/text/json-check.hpp"
#include "socketio/guest/note-reader.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {
namespace {

constexpr DisconnectReason kReasons[] = {
    DisconnectReason::kTransportClose,
    DisconnectReason::kTransportError,
    DisconnectReason::kPingTimeout,
    DisconnectReason::kParseError,
    DisconnectReason::kForcedClose,
    DisconnectReason::kForcedServerClose,
    DisconnectReason::kClientNamespaceDisconnect,
    DisconnectReason::kServerNamespaceDisconnect,
    DisconnectReason::kServerShuttingDown,
};

DisconnectReason reasonNamed(std::string_view text) {
  const auto* const found = std::find_if(std::begin(kReasons), std::end(kReasons),
                                         [&](auto reason) { return toString(reason) == text; });
  return found == std::end(kReasons) ? DisconnectReason::kServerNamespaceDisconnect : *found;
}

/// Begins a telling about a socket.
void beginTelling(Writer& writer, std::string_view kind, const ServedSocket& socket) {
  writer.beginArray();
  writer.string(kind);
  writer.number(std::uint64_t{socket.local.core.number()});
  writer.string(socket.sid);
}

/// Begins a telling about an event of a socket.
void beginTelling(Writer& writer, std::string_view kind, const ServedSocket& socket,
                  std::optional<std::uint64_t> id, std::string_view payload,
                  std::span<const std::string_view> attachments) {
  beginTelling(writer, kind, socket);
  id ? writer.number(*id) : writer.null();
  writer.raw(RawJson::trusted(payload));
  for (const auto bytes : attachments) writer.attach(std::as_bytes(std::span(bytes)));
}

}  // namespace

// In.

void Shard::onNote(SessionId id, std::string_view text,
                   std::span<const std::string_view> attachments) {
  NoteReader note(text);
  const auto kind = note.text();
  if (kind == "nowhere") return endIfNowhere(id);
  const auto number = note.number();
  auto& nsp = core_.namespaceAt(static_cast<std::uint16_t>(number));
  if (nsp.number() != number) return;  // there is none
  auto& local = localOf(nsp);
  if (kind == "enter") {
    enterOwned(id, local, note);
  } else if (kind == "admit") {
    admit(id, local, note);
  } else if (kind == "refused") {
    Client* const client = find(id);
    if (client != nullptr) endAsking(client->takeAsking(local, note.number()));
  } else if (Client* const client = find(id)) {
    ServedSocket* const socket = client->find(local.core.text());
    if (socket != nullptr && socket->owned) onNote(*socket, kind, note, attachments);
    dropIfEmpty(*client);
  }
  flush();
}

void Shard::onNote(ServedSocket& socket, std::string_view kind, NoteReader& note,
                   std::span<const std::string_view> attachments) {
  auto& owned = *socket.owned;
  if (kind == "join" || kind == "leave") {
    const auto seen = note.number();
    const auto room = note.text();
    if (kind == "leave") takeOut(socket, room);
    if (kind == "join" && !socket.isIn(room)) add(socket, room);
    // The owner did not know what was told meanwhile: it is told what has become of the room.
    if (seen != owned.told) tellRoom(socket, room);
  } else if (kind == "active") {
    owned.isSuspended = owned.isSuspended || note.boolean();
    tellConnection(socket);
    if (ServedSocket* const still = find(socket.name)) release(*still);
  } else if (kind == "suspend") {
    owned.isSuspended = true;
  } else if (kind == "exit") {
    remove(socket, reasonNamed(note.text()), {});
  } else if (kind == "deliver") {
    deliver(socket, note, attachments);
  } else if (kind == "attribute") {
    auto name = note.text();
    owned.attributes[std::move(name)] = note.json();
  }
}

void Shard::enterOwned(SessionId id, LocalNamespace& local, NoteReader& note) {
  auto sid = note.text();
  const auto protocol = static_cast<int>(note.number());
  const auto auth = note.json();
  auto& client = clientOf(id, protocol);
  if (ServedSocket* const last = client.find(local.core.text())) {
    remove(*last, DisconnectReason::kServerNamespaceDisconnect, {});
  }
  const auto rooms = note.json();
  auto asking = client.takeAsking(local, note.number());
  if (asking) {
    asking->sid = std::move(sid);
    asking->isAddressable = true;
    client.sockets.push_back(std::move(asking));
  } else {
    addSocket(client, local, Handshake(client.facts, std::string(auth)), {.sid = std::move(sid)})
        .owned = std::make_unique<OwnedState>();
  }
  auto& socket = *client.sockets.back();
  place(socket);
  for (ArrayReader names(rooms); const auto room = names.next();) {
    std::string name;
    if (readString(*room, name)) add(socket, name);
  }
}

Client& Shard::clientOf(SessionId id, int protocol) {
  if (id.slot() >= clients_.size()) clients_.resize(id.slot() + 1);
  auto& client = clients_[id.slot()];
  if (!client || client->session != id) {
    client = std::make_unique<Client>(Client{
        .session = id, .protocol = protocol, .facts = std::make_shared<const Handshake::Facts>()});
    client->hadSocket = true;  // its place names no socket: another one may follow on this session
  }
  return *client;
}

// The owner has waited for a client to enter one of its namespaces.
void Shard::endIfNowhere(SessionId id) {
  const Client* const client = find(id);
  const bool isIn =
      client != nullptr &&
      std::any_of(client->sockets.begin(), client->sockets.end(), [](const auto& socket) {
        return socket->state == ServedSocket::State::kConnected;
      });
  if (isIn) return;
  out_.close(id, false);
  flush();
}

// An event that has passed the owner's checks.
void Shard::deliver(ServedSocket& socket, NoteReader& note,
                    std::span<const std::string_view> attachments) {
  protocol::SocketioPacket packet{.type = protocol::SocketioPacket::Type::kEvent};
  std::uint64_t ackId = 0;
  if (readInteger(note.json(), ackId)) packet.id = ackId;
  packet.payload = note.json();
  if (!protocol::isPayloadValid(packet, protocol::kMostJsonDepth)) return;
  if (!attachments.empty() && !protocol::arePlaceholdersValid(packet.payload, attachments.size())) {
    return;
  }
  const auto event = protocol::eventNameOf(packet.payload, scratch_);
  isDelivering_ = true;
  if (event && socket.local.routes->events.contains(event->name)) {
    onEvent(socket, packet, attachments);
  } else {
    passOn(socket, packet.id, packet.payload, attachments, true);  // its handler is gone
  }
  isDelivering_ = false;
}

void Shard::dropIfEmpty(Client& client) {
  if (core_.isAsked()) return;  // its protocol is needed where it enters next
  if (!client.sockets.empty() || client.assembly) return;
  const auto slot = client.session.slot();
  goneClients_.push_back(std::move(clients_[slot]));
}

// Out.

void Shard::tell(const Writer& writer) {
  std::vector<std::string_view> views;
  for (const auto bytes : writer.attachments()) {
    views.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  owner_->onTold(writer.text(), views);
}

// Whether a socket is in a room now.
void Shard::tellRoom(ServedSocket& socket, std::string_view room) {
  ++socket.owned->told;
  Writer writer;
  beginTelling(writer, socket.isIn(room) ? "joined" : "left", socket);
  writer.string(room);
  writer.endArray();
  tell(writer);
}

void Shard::tellSuspended(const ServedSocket& socket) {
  Writer writer;
  beginTelling(writer, "suspended", socket);
  writer.endArray();
  tell(writer);
}

// An event that came before the owner's application had seen the socket.
void Shard::tellEvent(const ServedSocket& socket, const protocol::SocketioPacket& packet,
                      std::span<const std::string_view> attachments) {
  Writer writer;
  beginTelling(writer, "came", socket, packet.id, packet.payload, attachments);
  writer.endArray();
  tell(writer);
}

void Shard::tellDisconnect(const ServedSocket& socket, bool close) {
  Writer writer;
  beginTelling(writer, "disconnect", socket);
  writer.boolean(close);
  writer.endArray();
  tell(writer);
}

void Shard::tellEnd(const Client& client) {
  Writer writer;
  writer.beginArray();
  writer.string("end");
  writer.number(std::uint64_t{client.session.place});
  writer.endArray();
  tell(writer);
}

void Shard::closeServed() {
  for (const auto& client : clients_) {
    if (!client) continue;
    for (const auto ref : client->names()) {
      ServedSocket* const socket = client->find(ref);
      if (socket == nullptr || socket->owned) continue;
      remove(*socket, DisconnectReason::kServerShuttingDown, {});
    }
  }
}

void Shard::tellAttribute(const ServedSocket& socket, std::string_view name, RawJson value) {
  Writer writer;
  beginTelling(writer, "attribute", socket);
  writer.string(name);
  writer.raw(value);
  writer.endArray();
  tell(writer);
}

// An event whose handler wants the owner's to have it too.
void Shard::passOn(const ServedSocket& socket, std::optional<std::uint64_t> id,
                   std::string_view payload, std::span<const std::string_view> attachments,
                   bool isChecked) {
  Writer writer;
  beginTelling(writer, "passed", socket, id, payload, attachments);
  writer.boolean(isChecked);
  writer.endArray();
  tell(writer);
}

}  // namespace beastio::socketio
