#include "socketio/shard/shard.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "beastio/host/port-events.hpp"
#include "beastio/message.hpp"
#include "socketio/guest/by-owner.hpp"
#include "socketio/server/event-queue.hpp"
#include "socketio/server/guard.hpp"

namespace beastio::socketio {
namespace {

thread_local Shard* current = nullptr;

DisconnectReason reasonOf(CloseReason reason) {
  switch (reason) {
    case CloseReason::kTransportClose:
      return DisconnectReason::kTransportClose;
    case CloseReason::kTransportError:
      return DisconnectReason::kTransportError;
    case CloseReason::kPingTimeout:
      return DisconnectReason::kPingTimeout;
    case CloseReason::kParseError:
      return DisconnectReason::kParseError;
    case CloseReason::kForcedClose:
      break;
  }
  return DisconnectReason::kForcedClose;
}

}  // namespace

ServedSocket* Client::find(std::string_view nsp) const {
  for (const auto& socket : sockets) {
    if (socket->local.core.text() == nsp) return socket.get();
  }
  return nullptr;
}

ServedSocket* Client::find(SocketRef ref) const {
  for (const auto& socket : sockets) {
    if (socket->name == ref) return socket.get();
  }
  return nullptr;
}

std::unique_ptr<ServedSocket> Client::takeAsking(const LocalNamespace& local,
                                                 std::uint64_t number) {
  const auto found = std::find_if(asking.begin(), asking.end(), [&](const auto& socket) {
    return &socket->local == &local && socket->name.epoch() == number;
  });
  if (found == asking.end()) return nullptr;
  auto taken = std::move(*found);
  asking.erase(found);
  return taken;
}

std::vector<SocketRef> Client::names() const {
  std::vector<SocketRef> names;
  for (const auto& socket : sockets) names.push_back(socket->name);
  return names;
}

Shard::Shard(ServerCore& core, unsigned index, Owner* owner)
    : core_(core), index_(index), owner_(owner), out_(core.options().engine.ioThreads) {}

Shard::~Shard() = default;

Shard* Shard::current() { return socketio::current; }

void Shard::becomeCurrent() { socketio::current = this; }

bool isServerThread() { return current != nullptr; }

void Shard::flush() {
  if (!out_.empty()) core_.engine().submit(out_);
}

Client* Shard::find(SessionId id) {
  if (id.slot() >= clients_.size()) return nullptr;
  Client* const client = clients_[id.slot()].get();
  return client != nullptr && client->session == id ? client : nullptr;
}

ServedSocket* Shard::find(SocketRef ref) {
  Client* const client = find(ref.session());
  return client == nullptr ? nullptr : client->find(ref);
}

// Sessions.

Client& Shard::addClient(const OpenedSession& session) {
  auto facts = std::make_shared<Handshake::Facts>();
  if (session.own != nullptr) {
    facts->header = session.own->header;
    facts->address = session.own->peer.address;
    facts->isSecure = session.own->tls != nullptr;
  }
  facts->time = std::chrono::system_clock::now();
  const auto slot = session.id.slot();
  if (slot >= clients_.size()) clients_.resize(slot + 1);
  clients_[slot] = std::make_unique<Client>(
      Client{.session = session.id, .protocol = session.protocol, .facts = std::move(facts)});
  auto& client = *clients_[slot];
  if (session.protocol == 3) client.sid = std::make_unique<const std::string>(session.sid);
  return client;
}

void Shard::onOpen(const OpenedSession& session) {
  if (owner_ != nullptr) {
    // Its place names no socket: the owner's come and go.
    if (core_.isAsked()) addClient(session).hadSocket = true;
    return;
  }
  auto& client = addClient(session);
  openings_.push_back({Clock::now() + core_.options().connectTimeout, session.id});
  checkOpenings();
  // Clients of that protocol are in "/" without having asked.
  if (session.protocol == 3) connect(client, "/", "{}");
}

void Shard::onMessage(SessionId id, const Message& message) {
  if (owner_ != nullptr) return passOrTake(id, message);
  Client* const client = find(id);
  if (client == nullptr || client->isClosing) return;
  message.binary ? onAttachment(*client, message.data) : onText(*client, message.data);
}

void Shard::onClose(SessionId id, CloseReason reason, std::string_view description) {
  Client* const client = find(id);
  if (client == nullptr) return;
  client->isClosing = true;
  goneClients_.push_back(std::move(clients_[id.slot()]));
  removeAll(*client, reasonOf(reason), description);
}

bool Shard::onBatchEnd() {
  flush();
  gone_.clear();
  goneClients_.clear();
  if (handlersSince_) {
    const auto took = Clock::now() - *std::exchange(handlersSince_, std::nullopt);
    const auto limit = core_.options().slowHandler;
    if (limit.count() > 0 && took > limit) {
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
      core_.report({make_error_code(Errc::kHandlerSlow),
                    "handlers have held an I/O thread up for " + std::to_string(ms) + " ms",
                    {},
                    lastEvent_});
    }
  }
  keptBytes_ = 0;
  used_.clear();
  ++batches_;
  return !isFull();
}

// Some client has told its share: it is read again when all of that has been handled.
void Shard::onClientWaits() {
  if (used_.empty()) return core_.engine().resume(index_);
  for (const auto& queue : used_) queue->whenEmpty(resume());
}

void Shard::onLimit(const LimitNotice& notice) { core_.tellLimit(notice); }

void Shard::pauseFor(const std::shared_ptr<EventQueue>& queue) {
  if (std::find(overfull_.begin(), overfull_.end(), queue) != overfull_.end()) return;
  overfull_.push_back(queue);
  queue->whenEmpty(resume(queue.get()));
}

std::function<void()> Shard::resume(const EventQueue* emptied) {
  return [core = core_.weak_from_this(), index = index_, emptied] {
    const auto server = core.lock();
    if (!server) return;
    server->post(index, [emptied](Shard& shard) {
      std::erase_if(shard.overfull_, [&](const auto& queue) { return queue.get() == emptied; });
      shard.core_.engine().resume(shard.index_);
    });
  };
}

Kept Shard::kept() const {
  return {.bytes = keptBytes_, .batches = overfull_.empty() ? batches_ : batches_ - 1};
}

void Shard::noteHandler(std::string_view event) {
  if (!handlersSince_) handlersSince_ = Clock::now();
  lastEvent_ = event;
}

// Namespaces.

void Shard::follow(NamespaceCore& nsp, std::shared_ptr<const Routes> routes) {
  auto& local = localOf(nsp);
  if (routes->version > local.routes->version) local.routes = std::move(routes);
}

LocalNamespace& Shard::localOf(NamespaceCore& nsp) {
  const auto number = nsp.number();
  if (number >= namespaces_.size()) namespaces_.resize(number + 1);
  auto& local = namespaces_[number];
  if (!local) {
    local = std::make_unique<LocalNamespace>(LocalNamespace{nsp, nsp.routes()});
    byName_.emplace(nsp.text(), local.get());
  }
  return *local;
}

LocalNamespace* Shard::findLocal(std::string_view name) {
  const auto found = byName_.find(name);
  if (found != byName_.end()) return found->second;
  NamespaceCore* const nsp = core_.findNamespace(name);
  return nsp == nullptr ? nullptr : &localOf(*nsp);
}

// Sending.

std::error_code Shard::send(ServedSocket& socket, const EventWriter& writer, bool isVolatile) {
  if (const auto error = refusalOf(writer)) return error;
  if (core_.isClosed()) return Errc::kClosed;
  if (socket.state != ServedSocket::State::kConnected) return Errc::kGone;
  if (!isVolatile && socket.local.core.isKeptByOwner()) {
    const auto scope = socket.name.scope();
    return emitByOwner(Sending(scope), {.scope = scope, .rooms = {socket.sid}}, writer);
  }
  auto* const recovery = socket.local.core.recovery();
  if (recovery != nullptr && !isVolatile) recovery->keep({}, socket.name.epoch(), writer);
  const auto& parts = packets_.add(out_, PacketWriter::Type::kEvent, socket.local.core.text(),
                                   std::nullopt, writer.writer());
  out_.send(socket.client.session, parts.data(), parts.size(), {.isVolatile = isVolatile});
  return {};
}

void Shard::answer(ServedSocket& socket, std::uint64_t id, const Writer& writer) {
  if (socket.state != ServedSocket::State::kConnected) return;
  const auto& parts =
      packets_.add(out_, PacketWriter::Type::kAck, socket.local.core.text(), id, writer);
  out_.send(socket.client.session, parts.data(), parts.size(), {});
}

void Shard::run(SocketRef ref, const std::function<void(Socket&)>& task) {
  ServedSocket* const socket = find(ref);
  if (socket == nullptr) return;
  noteHandler("a task");
  guarded(core_, ref, "a task", [&] { task(*socket); });
}

void Shard::run(const std::function<void()>& task) {
  noteHandler("a task");
  guarded(core_, {}, "a task", task);
}

void Shard::closeAll() {
  for (const auto& client : clients_) {
    if (client) removeAll(*client, DisconnectReason::kServerShuttingDown, {});
  }
}

void Shard::forget() {
  for (const auto& local : namespaces_) {
    if (local) local->routes = std::make_shared<const Routes>();
  }
  clients_.clear();
  gone_.clear();
  goneClients_.clear();
}

// Many sockets.

void Shard::forEach(const Target& target, const std::function<void(ServedSocket&)>& function) {
  auto& local = localOf(core_.namespaceOf(target.scope));
  const auto isExcepted = [&](ServedSocket& socket) {
    for (const auto& room : target.except) {
      if (socket.isIn(room)) return true;
    }
    return std::find(target.exceptSockets.begin(), target.exceptSockets.end(), socket.name) !=
           target.exceptSockets.end();
  };
  // A copy: what is called may change the rooms.
  std::vector<ServedSocket*> sockets;
  if (target.rooms.empty() && target.roomNumbers.empty()) {
    sockets = local.sockets;
  } else {
    for (const auto& name : target.rooms) {
      if (const auto room = local.rooms.find(name); room != local.rooms.end()) {
        sockets.insert(sockets.end(), room->second.members.begin(), room->second.members.end());
      }
      const auto ref = local.core.socketOf(name);
      ServedSocket* const socket = ref && ref->session().thread() == index_ ? find(*ref) : nullptr;
      if (socket != nullptr) sockets.push_back(socket);
    }
    for (const auto& [name, room] : local.rooms) {
      for (const auto number : target.roomNumbers) {
        if (number.number != room.number) continue;
        sockets.insert(sockets.end(), room.members.begin(), room.members.end());
      }
    }
    std::sort(sockets.begin(), sockets.end());
    sockets.erase(std::unique(sockets.begin(), sockets.end()), sockets.end());
  }
  for (ServedSocket* const socket : sockets) {
    if (socket->state == ServedSocket::State::kConnected && !isExcepted(*socket)) {
      function(*socket);
    }
  }
}

}  // namespace beastio::socketio
