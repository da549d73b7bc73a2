#include "beastio/socketio/namespace.hpp"

#include <utility>

#include "socketio/server/event-queue.hpp"
#include "socketio/server/namespace-core.hpp"
#include "socketio/server/next-state.hpp"
#include "socketio/server/server-core.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

NamespaceCore::NamespaceCore(ServerCore& core, std::string name, std::uint32_t scope)
    : core_(core),
      name_(std::move(name)),
      scope_(scope),
      rooms_(core.numbers()),
      everybody_(core.numbers().take()),
      recovery_(core.options().connectionStateRecovery
                    ? std::make_unique<Recovery>(*core.options().connectionStateRecovery, rooms_)
                    : nullptr),
      ackIds_(core.isGuest() ? kFirstGuestAck : 0) {}

std::shared_ptr<const Routes> NamespaceCore::routes() const {
  const std::lock_guard lock(mutex_);
  return routes_;
}

void NamespaceCore::publish(std::shared_ptr<const Routes> routes) {
  core_.postToAll(
      [this, routes = std::move(routes)](Shard& shard) { shard.follow(*this, routes); });
}

void NamespaceCore::addSocket(std::string_view id, SocketRef ref) {
  const std::lock_guard lock(socketsMutex_);
  sockets_.insert_or_assign(std::string(id), ref);
  if (core_.isGuest()) ids_.emplace(ref, id);
}

void NamespaceCore::removeSocket(std::string_view id, SocketRef ref) {
  const std::lock_guard lock(socketsMutex_);
  ids_.erase(ref);
  const auto found = sockets_.find(id);
  if (found != sockets_.end() && found->second == ref) sockets_.erase(found);
}

std::string NamespaceCore::idOf(SocketRef ref) const {
  const std::lock_guard lock(socketsMutex_);
  const auto found = ids_.find(ref);
  return found == ids_.end() ? std::string() : found->second;
}

std::size_t NamespaceCore::count() const {
  const std::lock_guard lock(socketsMutex_);
  return sockets_.size();
}

// Most names of rooms have another length, and cost no lock. Ids of protocol 3 may have any.
std::optional<SocketRef> NamespaceCore::socketOf(std::string_view id) const {
  if (id.size() != kSocketIdLength && id.find('#') == id.npos && !core_.isGuest()) {
    return std::nullopt;
  }
  const std::lock_guard lock(socketsMutex_);
  const auto found = sockets_.find(id);
  return found == sockets_.end() ? std::nullopt : std::optional(found->second);
}

// What applications see.

std::string_view Namespace::name() const { return coreOf(*this).text(); }

Server& Namespace::server() const { return coreOf(*this).core().server(); }

Namespace& Namespace::setHandler(std::string_view event, EventHandler handler, Inbox* inbox,
                                 bool inPool) {
  auto& core = coreOf(*this);
  auto queue = inbox != nullptr ? inbox->queue() : inPool ? core.core().poolQueue() : nullptr;
  auto route = std::make_shared<const Route>(Route{std::move(handler), std::move(queue)});
  core.change([&](Routes& routes) { routes.events[std::string(event)] = std::move(route); });
  return *this;
}

Namespace& Namespace::off(std::string_view event) {
  coreOf(*this).change([event](Routes& routes) {
    if (const auto found = routes.events.find(event); found != routes.events.end()) {
      routes.events.erase(found);
    }
  });
  return *this;
}

Namespace& Namespace::onAny(
    std::function<void(Socket&, std::string_view event, const Args&)> listener) {
  coreOf(*this).change([&](Routes& routes) { routes.any.push_back(std::move(listener)); });
  return *this;
}

Namespace& Namespace::use(std::function<void(Socket&, Next)> middleware) {
  coreOf(*this).change([&](Routes& routes) { routes.addMiddleware({std::move(middleware)}); });
  return *this;
}

Namespace& Namespace::onConnection(std::function<void(Socket&)> listener) {
  coreOf(*this).change([&](Routes& routes) { routes.connection.push_back({std::move(listener)}); });
  return *this;
}

Namespace& Namespace::onDisconnecting(std::function<void(Socket&, DisconnectReason)> listener) {
  coreOf(*this).change(
      [&](Routes& routes) { routes.disconnecting.push_back({std::move(listener)}); });
  return *this;
}

Namespace& Namespace::onDisconnect(
    std::function<void(Socket&, DisconnectReason, std::string_view)> listener) {
  coreOf(*this).change([&](Routes& routes) { routes.disconnect.push_back({std::move(listener)}); });
  return *this;
}

BroadcastOperator Namespace::all() const { return BroadcastOperator(coreOf(*this).scope()); }

Room Namespace::room(std::string_view name) { return {coreOf(*this).rooms().hold(name)}; }

std::size_t Namespace::socketsCount() const { return coreOf(*this).count(); }

void Next::operator()() const { state_->decide(nullptr); }

void Next::operator()(const ConnectError& error) const { state_->decide(&error); }

}  // namespace beastio::socketio
