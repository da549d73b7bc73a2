// How clients enter namespaces and leave them, and the rooms in between.
#include <algorithm>
#include <utility>

#include "platform/random.hpp"
#include "protocol/text/json-writer.hpp"
#include "socketio/server/guard.hpp"
#include "socketio/server/next-state.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

using Type = PacketWriter::Type;
using State = ServedSocket::State;

namespace {

// 15 random bytes as base64url, as socket.io's ids.
std::string newId() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  constexpr std::size_t kLength = 20;
  std::array<std::uint8_t, kLength> random{};
  platform::fillRandom(random);
  std::string id;
  id.reserve(kLength);
  for (const auto byte : random) id.push_back(kAlphabet[byte & 63U]);
  return id;
}

// Clients of protocol 3 are not told it: they make it from the id of their session.
std::string idFor(const Client& client, std::string_view nsp) {
  if (client.protocol != 3) return newId();
  return nsp == "/" ? *client.sid : std::string(nsp) + '#' + *client.sid;
}

// As socket.io: not where somebody has asked for the end.
bool isRecoverable(DisconnectReason reason) {
  return reason != DisconnectReason::kClientNamespaceDisconnect &&
         reason != DisconnectReason::kServerNamespaceDisconnect &&
         reason != DisconnectReason::kParseError;
}

// What `data || message` takes for no data in JavaScript.
bool isFalsy(std::string_view json) {
  constexpr std::string_view kFalsy[] = {"", "null", "false", "0", "\"\""};
  return std::find(std::begin(kFalsy), std::end(kFalsy), json) != std::end(kFalsy);
}

// Unlike those of middlewares, this one is an object in both protocols.
ConnectError unknownNamespace(int protocol) {
  ConnectError error{.message = "Invalid namespace"};
  if (protocol == 3) error.dataJson = R"({"message":"Invalid namespace"})";
  return error;
}

}  // namespace

ServedSocket::ServedSocket(Shard& theShard, Client& theClient, LocalNamespace& where,
                           std::uint32_t epoch, Handshake theHandshake, Identity identity)
    : shard(theShard),
      client(theClient),
      local(where),
      name(theClient.session, where.core.scope(), epoch),
      sid(std::move(identity.sid)),
      pid(std::move(identity.pid)),
      handshake(std::move(theHandshake)),
      isRecovered(identity.isRecovered),
      data(std::move(identity.data)) {}

// In.

void Shard::connect(Client& client, std::string_view name, std::string_view auth) {
  Handshake handshake(client.facts, std::string(auth));
  LocalNamespace* local = findLocal(name);
  if (local == nullptr) {
    NamespaceCore* const made = core_.makeMatching(name, handshake);
    if (made == nullptr) return refuse(client, name, unknownNamespace(client.protocol));
    local = &localOf(*made);
  }
  if (client.sockets.size() >= core_.options().maxNamespaces) {
    return refuse(client, name, {.message = "Too many namespaces"});
  }
  if (local->core.recovery() != nullptr && ObjectReader::find(auth, "pid")) {
    // As a task, so that no broadcast passes between what it has missed and its rooms.
    return core_.post(
        index_, [id = client.session, text = std::string(name),
                 auth = std::string(auth)](Shard& shard) { shard.reconnect(id, text, auth); });
  }
  runMiddlewares(addSocket(client, *local, std::move(handshake), newIdentity(client, local->core)),
                 0);
}

Identity Shard::newIdentity(const Client& client, const NamespaceCore& nsp) {
  return {.sid = idFor(client, nsp.text()), .pid = nsp.recovery() != nullptr ? newId() : ""};
}

ServedSocket& Shard::addSocket(Client& client, LocalNamespace& local, Handshake handshake,
                               Identity identity) {
  // The engine's room of one member by which other threads reach it.
  const auto epoch = std::exchange(client.hadSocket, true)
                         ? core_.numbers().take()
                         : RoomNumbers::kFirstAlone | client.session.place;
  client.sockets.push_back(std::make_unique<ServedSocket>(
      *this, client, local, epoch, std::move(handshake), std::move(identity)));
  return *client.sockets.back();
}

// Clients of protocol 3 know no object.
void Shard::refuse(Client& client, std::string_view name, const ConnectError& error) {
  std::string payload;
  if (client.protocol == 3) {
    if (isFalsy(error.dataJson)) {
      protocol::appendJsonString(error.message, payload);
    } else {
      payload = error.dataJson;
    }
  } else {
    payload = "{\"message\":";
    protocol::appendJsonString(error.message, payload);
    if (!error.dataJson.empty()) payload += ",\"data\":" + error.dataJson;
    payload += '}';
  }
  out_.send(client.session, packets_.add(out_, Type::kConnectError, name, payload).front());
}

// `passed`: the number of the last one that has let the socket go on.
void Shard::runMiddlewares(ServedSocket& socket, std::uint64_t passed) {
  const auto routes = socket.local.routes;
  const auto& all = routes->middlewares;
  const auto middleware = std::find_if(
      all.begin(), all.end(), [passed](const Middleware& each) { return each.number > passed; });
  if (middleware == all.end()) return socket.owned ? tellAsking(socket) : enter(socket);
  const auto state =
      std::make_shared<NextState>(core_.weak_from_this(), socket.name, middleware->number);
  noteHandler("connection");
  if (!guarded(core_, socket.name, "connection", [&] { (*middleware)(socket, Next(state)); })) {
    state->decide(&kInternalError);
  }
}

void Shard::next(SocketRef ref, std::uint64_t middleware, const ConnectError* error) {
  ServedSocket* socket = find(ref);
  if (socket == nullptr) socket = findAsking(ref);
  if (socket == nullptr || socket->state != State::kEntering) return;
  if (error == nullptr) return runMiddlewares(*socket, middleware);
  auto& client = socket->client;
  refuse(client, socket->local.core.text(), *error);
  if (socket->owned) return endAsking(client.takeAsking(socket->local, ref.epoch()));
  remove(*socket, DisconnectReason::kServerNamespaceDisconnect, {});
}

void Shard::enter(ServedSocket& socket) {
  auto& local = socket.local;
  const auto session = socket.client.session;
  std::string payload;
  if (socket.client.protocol != 3) {
    payload = "{\"sid\":\"" + socket.sid + '"';
    if (!socket.pid.empty()) payload += ",\"pid\":\"" + socket.pid + '"';
    payload += '}';
  }
  out_.send(session, packets_.add(out_, Type::kConnect, local.core.text(), payload).front());
  if (auto* const recovery = local.core.recovery()) {
    socket.since = recovery->last();
    if (!socket.pid.empty()) recovery->noteHere(socket.pid, socket.name);
  }
  place(socket);
  tellConnection(socket);
}

// From now on it is one of those that are in the namespace.
void Shard::place(ServedSocket& socket) {
  auto& local = socket.local;
  socket.state = State::kConnected;
  socket.place = local.sockets.size();
  local.sockets.push_back(&socket);
  local.core.addSocket(socket.sid, socket.name);
  out_.join(socket.client.session, socket.name.epoch());
  out_.join(socket.client.session, local.core.everybody());
}

void Shard::tellConnection(ServedSocket& socket) {
  const auto routes = socket.local.routes;
  for (const auto& listener : routes->connection) {
    noteHandler("connection");
    guarded(core_, socket.name, "connection", [&] { listener(socket); });
  }
}

// Those who have asked for no namespace in time.
void Shard::checkOpenings() {
  const auto now = Clock::now();
  for (; !openings_.empty(); openings_.pop_front()) {
    Client* const client = find(openings_.front().session);
    if (client == nullptr) continue;
    const bool isIn =
        std::any_of(client->sockets.begin(), client->sockets.end(),
                    [](const auto& held) { return held->state == State::kConnected; });
    if (isIn) continue;
    if (openings_.front().deadline > now) break;
    endClient(*client);
  }
  if (openings_.empty() || isOpeningTimerSet_) return;
  isOpeningTimerSet_ = true;
  const auto delay = std::chrono::ceil<std::chrono::milliseconds>(openings_.front().deadline - now);
  core_.engine().after(index_, delay, [this] {
    isOpeningTimerSet_ = false;
    checkOpenings();
    flush();
  });
}

// Out.

void Shard::disconnect(ServedSocket& socket, bool close) {
  if (socket.state != State::kConnected || socket.isLeaving) return;
  if (socket.owned) {
    // It has no events for C++ any more, whenever the owner comes to it.
    if (std::exchange(socket.owned->isAskedToLeave, true)) return;
    return tellDisconnect(socket, close);
  }
  auto& client = socket.client;
  if (!close) return sendAway(socket);
  for (const auto ref : client.names()) {
    ServedSocket* const other = client.find(ref);
    if (other != nullptr && !other->owned) sendAway(*other);
  }
  if (owner_ != nullptr) return tellEnd(client);  // it may have sockets, too
  endClient(client);
}

// A listener that is told of one may have others leave.
void Shard::removeAll(Client& client, DisconnectReason reason, std::string_view description) {
  for (auto& socket : std::exchange(client.asking, {})) endAsking(std::move(socket));
  for (const auto ref : client.names()) {
    if (ServedSocket* const socket = client.find(ref)) remove(*socket, reason, description);
  }
}

void Shard::sendAway(ServedSocket& socket) {
  if (socket.state == State::kConnected && !socket.isLeaving) {
    out_.send(socket.client.session,
              packets_.add(out_, Type::kDisconnect, socket.local.core.text(), {}).front());
  }
  remove(socket, DisconnectReason::kServerNamespaceDisconnect, {});
}

void Shard::remove(ServedSocket& socket, DisconnectReason reason, std::string_view description) {
  if (std::exchange(socket.isLeaving, true)) return;
  auto& client = socket.client;
  auto& local = socket.local;
  const bool wasConnected = socket.state == State::kConnected;
  const auto routes = local.routes;
  if (wasConnected) {
    for (const auto& listener : routes->disconnecting) {
      noteHandler("disconnecting");
      guarded(core_, socket.name, "disconnecting", [&] { listener(socket, reason); });
    }
  }
  socket.state = State::kGone;
  const auto held = std::find_if(client.sockets.begin(), client.sockets.end(),
                                 [&](const auto& other) { return other.get() == &socket; });
  gone_.push_back(std::move(*held));
  client.sockets.erase(held);
  if (wasConnected && !socket.pid.empty()) local.core.recovery()->noteLeft(socket.pid);
  if (wasConnected && isRecoverable(reason)) saveAway(socket);
  leaveRooms(socket);
  if (wasConnected) {
    local.core.removeSocket(socket.sid, socket.name);
    local.sockets[socket.place] = local.sockets.back();
    local.sockets[socket.place]->place = socket.place;
    local.sockets.pop_back();
  }
  const auto epoch = socket.name.epoch();
  if (epoch < RoomNumbers::kFirstAlone) core_.numbers().giveBack(epoch);
  while (socket.acks && !socket.acks->empty()) {
    complete(socket, socket.acks->begin()->first, Errc::kDisconnected, nullptr);
  }
  if (!wasConnected) return;
  for (const auto& listener : routes->disconnect) {
    noteHandler("disconnect");
    guarded(core_, socket.name, "disconnect", [&] { listener(socket, reason, description); });
  }
}

// Rooms.

std::error_code Shard::join(ServedSocket& socket, std::string_view room) {
  if (socket.state == State::kGone) return Errc::kGone;
  if (socket.isIn(room)) return {};
  if (room != socket.sid && socket.memberships.size() >= core_.options().maxRoomsPerSocket) {
    return Errc::kTooManyRooms;
  }
  add(socket, room);
  if (socket.owned) tellRoom(socket, room);
  return {};
}

void Shard::add(ServedSocket& socket, std::string_view room) {
  if (room == socket.sid) {
    socket.isAddressable = true;
    return;
  }
  auto& local = socket.local;
  auto found = local.rooms.find(room);
  if (found == local.rooms.end()) {
    found = local.rooms.emplace(room, LocalRoom{local.core.rooms().hold(room), {}}).first;
  }
  auto& members = found->second.members;
  socket.memberships.push_back({&*found, members.size()});
  members.push_back(&socket);
  out_.join(socket.client.session, found->second.number);
}

void Shard::leave(ServedSocket& socket, std::string_view room) {
  if (!socket.isIn(room)) return;
  takeOut(socket, room);
  if (socket.owned) tellRoom(socket, room);
}

void Shard::takeOut(ServedSocket& socket, std::string_view room) {
  if (room == socket.sid) socket.isAddressable = false;
  const auto entry =
      std::find_if(socket.memberships.begin(), socket.memberships.end(),
                   [room](const Membership& member) { return member.room->first == room; });
  if (entry == socket.memberships.end()) return;
  const auto [node, position] = *entry;
  socket.memberships.erase(entry);
  auto& members = node->second.members;
  members[position] = members.back();
  members.pop_back();
  if (position < members.size()) {
    for (auto& membership : members[position]->memberships) {
      if (membership.room == node) membership.position = position;
    }
  }
  if (!socket.client.isClosing) out_.leave(socket.client.session, node->second.number);
  if (!members.empty()) return;
  socket.local.core.rooms().letGo(node->first);
  socket.local.rooms.erase(socket.local.rooms.find(node->first));
}

void Shard::leaveRooms(ServedSocket& socket) {
  while (!socket.memberships.empty()) takeOut(socket, socket.memberships.back().room->first);
  if (socket.client.isClosing) return;  // the engine has done it, or will
  out_.leave(socket.client.session, socket.name.epoch());
  out_.leave(socket.client.session, socket.local.core.everybody());
}

}  // namespace beastio::socketio
