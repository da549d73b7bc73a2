// What a guest's shard does with the messages of clients. It takes those for handlers in C++, and
// passes the others on to the owner of the sockets.
#include <algorithm>
#include <utility>

#include "beastio/message.hpp"
#include "protocol/socketio/placeholders.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

using protocol::SocketioPacket;
using Type = SocketioPacket::Type;

namespace {

// Of the events of one socket that wait for its owner. Beyond it the owner gets all of them.
constexpr std::size_t kMaxHeldBytes = 256 * 1024;

bool isEvent(const SocketioPacket& packet) {
  return packet.type == Type::kEvent || packet.type == Type::kBinaryEvent;
}

bool isAck(const SocketioPacket& packet) {
  return packet.type == Type::kAck || packet.type == Type::kBinaryAck;
}

// The name of an event as nearly all clients write it, in a payload that nobody has checked.
std::string_view plainNameOf(std::string_view payload) {
  if (!payload.starts_with("[\"")) return {};
  const auto name = payload.substr(2);
  const auto end =
      std::find_if(name.begin(), name.end(), [](char c) { return c == '"' || c == '\\'; });
  return end == name.end() || *end != '"' ? std::string_view()
                                          : std::string_view(name.begin(), end);
}

/// Lifetime: of the attachments.
std::vector<std::string_view> viewsOf(const std::vector<std::string>& attachments) {
  return {attachments.begin(), attachments.end()};
}

}  // namespace

void Shard::passOrTake(SessionId id, const Message& message) {
  Client* const client = find(id);
  if (client == nullptr) return owner_->onPassed(id, message);
  if (client->isClosing) return;
  if (client->assembly && !client->assembly->isOwned) {
    return message.binary ? onAttachment(*client, message.data) : onText(*client, message.data);
  }
  if (client->assembly && message.binary) return takeAttachment(*client, message.data);
  passAssembly(*client);
  if (message.binary || !takeText(*client, message.data)) owner_->onPassed(id, message);
}

/// Returns whether it was taken.
bool Shard::takeText(Client& client, std::string_view text) {
  const auto packet = protocol::parseSocketioPacket(text, core_.options().maxAttachments);
  if (!packet) return false;
  ServedSocket* const socket = client.find(nameOf(client, *packet));
  if (socket == nullptr)
    return packet->type == Type::kConnect && takeConnect(client, text, *packet);
  if (!socket->owned) {
    onText(client, text);
    return true;
  }
  if (packet->type == Type::kDisconnect) {
    remove(*socket, DisconnectReason::kClientNamespaceDisconnect, {});
    return false;
  }
  if (!isOurs(*socket, *packet)) return false;
  if (packet->attachments == 0) return takePacket(*socket, text, *packet, {});
  if (text.size() > core_.options().maxPacketBytes) {
    refer(*socket);
    return false;
  }
  client.assembly = std::make_unique<Assembly>(Assembly{.isOwned = true,
                                                        .text = std::string(text),
                                                        .expected = packet->attachments,
                                                        .bytes = text.size()});
  return true;
}

bool Shard::isOurs(ServedSocket& socket, const SocketioPacket& packet) {
  if (isAck(packet)) return socket.acks && packet.id && socket.acks->contains(*packet.id);
  if (!isEvent(packet) || socket.owned->isSuspended || socket.owned->isAskedToLeave) return false;
  const auto& events = socket.local.routes->events;
  if (events.empty()) return false;
  const auto plain = plainNameOf(packet.payload);
  if (!plain.empty()) return events.contains(plain);
  if (!protocol::isPayloadValid(packet, core_.options().maxJsonDepth)) {
    refer(socket);
    return false;
  }
  const auto event = protocol::eventNameOf(packet.payload, scratch_);
  return event && events.contains(event->name);
}

void Shard::takeAttachment(Client& client, std::string_view bytes) {
  auto& assembly = *client.assembly;
  assembly.bytes += bytes.size();
  assembly.attachments.emplace_back(bytes);
  const bool isTooLong = assembly.bytes > core_.options().maxPacketBytes;
  if (!isTooLong && assembly.attachments.size() < assembly.expected) return;
  const auto packet = protocol::parseSocketioPacket(assembly.text, core_.options().maxAttachments);
  ServedSocket* const socket = client.find(nameOf(client, *packet));
  if (isTooLong && socket != nullptr) refer(*socket);
  if (isTooLong || socket == nullptr) return passAssembly(client);
  const auto complete = std::move(client.assembly);
  const auto views = viewsOf(complete->attachments);
  if (!takePacket(*socket, complete->text, *packet, views)) {
    passPacket(client.session, complete->text, views);
  }
}

// The owner sees what has come, and judges it.
void Shard::passAssembly(Client& client) {
  if (!client.assembly) return;
  const auto incomplete = std::move(client.assembly);
  passPacket(client.session, incomplete->text, viewsOf(incomplete->attachments));
}

void Shard::passPacket(SessionId id, std::string_view text,
                       std::span<const std::string_view> attachments) {
  owner_->onPassed(id, {.encoding = TextEncoding::kUtf16, .data = text});
  for (const auto bytes : attachments) owner_->onPassed(id, {.binary = true, .data = bytes});
}

/// Returns whether it was taken: what is no valid packet here is for the owner to judge.
bool Shard::takePacket(ServedSocket& socket, std::string_view text, const SocketioPacket& packet,
                       std::span<const std::string_view> attachments) {
  const bool isValid = protocol::isPayloadValid(packet, core_.options().maxJsonDepth) &&
                       (packet.attachments == 0 ||
                        protocol::arePlaceholdersValid(packet.payload, attachments.size()));
  if (!isValid) {
    if (isEvent(packet)) refer(socket);
    return false;
  }
  if (isAck(packet)) {
    onAck(socket, packet, attachments);
  } else if (socket.owned->isHeld) {
    hold(socket, text, attachments);
  } else {
    onEvent(socket, packet, attachments);
  }
  return true;
}

void Shard::hold(ServedSocket& socket, std::string_view text,
                 std::span<const std::string_view> attachments) {
  auto& owned = *socket.owned;
  owned.held.push_back({std::string(text), {attachments.begin(), attachments.end()}});
  owned.heldBytes += sizeof(HeldEvent) + text.size();
  for (const auto bytes : attachments) owned.heldBytes += bytes.size();
  if (owned.heldBytes > kMaxHeldBytes) refer(socket);
}

// From now on the owner judges what this socket sends. It gives back what is for handlers here. So
// no client can send to the owner's listeners what handlers here take.
void Shard::refer(ServedSocket& socket) {
  auto& owned = *socket.owned;
  if (owned.isSuspended) return;
  owned.isSuspended = true;
  tellSuspended(socket);
  if (owned.isHeld) release(socket);
}

// What has waited is handled, or is the owner's. It is told as a whole: the owner may be amid a
// packet with attachments that came behind it.
void Shard::release(ServedSocket& socket) {
  auto& owned = *socket.owned;
  owned.isHeld = false;
  owned.heldBytes = 0;
  const auto ref = socket.name;
  for (const auto& event : std::exchange(owned.held, {})) {
    const auto views = viewsOf(event.attachments);
    const auto packet = protocol::parseSocketioPacket(event.text, core_.options().maxAttachments);
    ServedSocket* const still = find(ref);  // a handler may have had it leave
    if (still == nullptr) return;
    if (isOurs(*still, *packet)) {
      onEvent(*still, *packet, views);
    } else {
      tellEvent(*still, *packet, views);
    }
  }
}

}  // namespace beastio::socketio
