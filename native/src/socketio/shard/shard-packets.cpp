// What a shard does with the packets of its clients.
#include <algorithm>
#include <utility>

#include "protocol/socketio/placeholders.hpp"
#include "protocol/text/json-cursor.hpp"
#include "socketio/server/event-queue.hpp"
#include "socketio/server/guard.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

using protocol::SocketioPacket;
using Type = SocketioPacket::Type;

void Shard::onText(Client& client, std::string_view text) {
  if (client.assembly) return refusePacket(client, "a text where an attachment was to come");
  const auto& options = core_.options();
  const auto packet = protocol::parseSocketioPacket(text, options.maxAttachments);
  if (!packet || !protocol::isPayloadValid(*packet, options.maxJsonDepth)) {
    return refusePacket(client, "not a packet of Socket.IO");
  }
  if (packet->attachments == 0) return dispatch(client, *packet, {});
  if (text.size() > options.maxPacketBytes) return refusePacket(client, "a packet too large");
  client.assembly = std::make_unique<Assembly>(
      Assembly{.text = std::string(text), .expected = packet->attachments, .bytes = text.size()});
}

void Shard::onAttachment(Client& client, std::string_view bytes) {
  if (!client.assembly) return refusePacket(client, "an attachment without a packet");
  auto& assembly = *client.assembly;
  assembly.bytes += bytes.size();
  if (assembly.bytes > core_.options().maxPacketBytes) {
    return refusePacket(client, "a packet too large");
  }
  assembly.attachments.emplace_back(bytes);
  if (assembly.attachments.size() < assembly.expected) return;
  const auto complete = std::exchange(client.assembly, nullptr);
  const auto packet = protocol::parseSocketioPacket(complete->text, core_.options().maxAttachments);
  const std::vector<std::string_view> views(complete->attachments.begin(),
                                            complete->attachments.end());
  if (!protocol::arePlaceholdersValid(packet->payload, views.size())) {
    return refusePacket(client, "a placeholder without an attachment");
  }
  dispatch(client, *packet, views);
}

void Shard::dispatch(Client& client, const SocketioPacket& packet,
                     std::span<const std::string_view> attachments) {
  const auto name = nameOf(client, packet);
  ServedSocket* const socket = client.find(name);
  if (packet.type == Type::kConnect && socket == nullptr) {
    return connect(client, name, authOf(client.protocol, packet));
  }
  if (packet.type == Type::kConnect) return;  // official clients ask twice if told to
  if (socket == nullptr || socket->state != ServedSocket::State::kConnected) {
    return endClient(client);
  }
  switch (packet.type) {
    case Type::kEvent:
    case Type::kBinaryEvent:
      return onEvent(*socket, packet, attachments);
    case Type::kAck:
    case Type::kBinaryAck:
      return onAck(*socket, packet, attachments);
    case Type::kDisconnect:
      return remove(*socket, DisconnectReason::kClientNamespaceDisconnect, {});
    case Type::kConnect:
    case Type::kConnectError:
      return endClient(client);
  }
}

void Shard::onEvent(ServedSocket& socket, const SocketioPacket& packet,
                    std::span<const std::string_view> attachments) {
  const auto event = protocol::eventNameOf(packet.payload, scratch_);
  if (!event) return;
  const auto routes = socket.local.routes;  // whoever is called may change them
  const Args args(packet.payload, event->argumentsAt, attachments);
  for (const auto& listener : routes->any) {
    noteHandler(event->name);
    guarded(core_, socket.name, event->name, [&] { listener(socket, event->name, args); });
  }
  if (socket.state != ServedSocket::State::kConnected) return;
  const auto found = routes->events.find(event->name);
  if (found == routes->events.end()) return;
  const auto& route = found->second;
  const auto ack =
      packet.id && *packet.id != SocketioPacket::kUnknownId ? Ack(socket.name, *packet.id) : Ack();
  if (!route->queue) {
    noteHandler(event->name);
    Event call{
        .socket = &socket, .ref = socket.name, .name = event->name, .args = args, .ack = ack};
    callHandler(core_, *route, call);
    if (call.isPassedOn && socket.owned) {
      passOn(socket, packet.id, packet.payload, attachments, isDelivering_);
    }
    return;
  }
  QueuedEvent queued{.core = core_.weak_from_this(),
                     .route = route,
                     .ref = socket.name,
                     .name = std::string(event->name),
                     .args = args.copy(),
                     .ack = ack,
                     .isChecked = isDelivering_};
  const auto bytes = queued.bytes();
  queued.waits = std::make_shared<const Waits>(waiting_, bytes);
  keptBytes_ += bytes;
  if (!route->queue->push(std::move(queued))) pauseFor(route->queue);
  if (std::find(used_.begin(), used_.end(), route->queue) == used_.end()) {
    used_.push_back(route->queue);
  }
}

void Shard::onAck(ServedSocket& socket, const SocketioPacket& packet,
                  std::span<const std::string_view> attachments) {
  if (!packet.id) return;
  const Args args(packet.payload, protocol::JsonArrayCursor(packet.payload).at(), attachments);
  complete(socket, *packet.id, {}, &args);
}

// As socket.io does: the session is closed, with what was sent to it before.
void Shard::refusePacket(Client& client, std::string_view why) {
  client.isClosing = true;
  client.assembly.reset();
  core_.report({make_error_code(Errc::kBadPacket),
                why,
                client.sockets.empty() ? SocketRef() : client.sockets.front()->name,
                {}});
  out_.close(client.session, false);
}

void Shard::endClient(Client& client) {
  client.isClosing = true;
  removeAll(client, DisconnectReason::kForcedServerClose, {});
  out_.close(client.session, false);
}

}  // namespace beastio::socketio
