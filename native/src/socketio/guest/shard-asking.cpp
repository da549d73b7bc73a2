// Clients that want to enter namespaces of the owner's in which handlers in C++ decide first. Their
// sockets are asking until the owner has let them in, or somebody has refused them.
#include <algorithm>
#include <utility>

#include "socketio/guest/note-reader.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

/// Returns whether it was taken: what nobody is asked about here is the owner's.
bool Shard::takeConnect(Client& client, std::string_view text,
                        const protocol::SocketioPacket& packet) {
  LocalNamespace* const local = findLocal(nameOf(client, packet));
  if (local == nullptr) return false;
  if (local->core.isServed()) {
    onText(client, text);
    return true;
  }
  if (local->routes->middlewares.empty()) return false;
  // The owner judges what is no valid packet here. It has us asked, if it takes it.
  if (!protocol::isPayloadValid(packet, core_.options().maxJsonDepth)) return false;
  beginAsking(client, *local, authOf(client.protocol, packet));
  return true;
}

// The owner has a client that may enter if handlers here have nothing against it.
void Shard::admit(SessionId id, LocalNamespace& local, NoteReader& note) {
  const auto sid = note.text();
  const auto protocol = static_cast<int>(note.number());
  const auto auth = note.json();
  auto& client = clientOf(id, protocol);
  if (client.isClosing || client.find(local.core.text()) != nullptr) return;
  if (local.core.isServed()) {
    if (protocol == 3) client.sid = std::make_unique<const std::string>(sid);
    return connect(client, local.core.text(), auth);
  }
  follow(local.core, local.core.routes());  // the owner may have heard of them first
  beginAsking(client, local, std::string(auth));
}

// Who asks once more waits for the first answer.
void Shard::beginAsking(Client& client, LocalNamespace& local, std::string auth) {
  const bool isAsking =
      std::any_of(client.asking.begin(), client.asking.end(),
                  [&local](const auto& socket) { return &socket->local == &local; });
  if (isAsking) return;
  client.asking.push_back(
      std::make_unique<ServedSocket>(*this, client, local, core_.numbers().take(),
                                     Handshake(client.facts, std::move(auth)), Identity()));
  auto& socket = *client.asking.back();
  socket.owned = std::make_unique<OwnedState>();
  socket.isAddressable = false;  // it has no id yet
  runMiddlewares(socket, 0);
}

ServedSocket* Shard::findAsking(SocketRef ref) {
  const Client* const client = find(ref.session());
  if (client == nullptr) return nullptr;
  for (const auto& socket : client->asking) {
    if (socket->name == ref) return socket.get();
  }
  return nullptr;
}

// Nothing is against it. The owner lets it in, or refuses it.
void Shard::tellAsking(const ServedSocket& socket) {
  Writer writer;
  writer.beginArray();
  writer.string("connect");
  writer.number(std::uint64_t{socket.client.session.place});
  writer.string(socket.local.core.text());
  writer.number(std::uint64_t{socket.name.epoch()});
  writer.raw(RawJson::trusted(socket.handshake.auth()));
  writer.beginObject();
  for (const auto& [name, value] : socket.owned->attributes) {
    writer.key(name);
    writer.raw(RawJson::trusted(value));
  }
  writer.endObject();
  writer.endArray();
  tell(writer);
}

void Shard::endAsking(std::unique_ptr<ServedSocket> socket) {
  if (!socket) return;
  socket->state = ServedSocket::State::kGone;
  core_.numbers().giveBack(socket->name.epoch());
  gone_.push_back(std::move(socket));  // a middleware that runs may still use it
}

}  // namespace beastio::socketio
