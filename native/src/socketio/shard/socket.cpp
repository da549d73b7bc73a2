#include "beastio/socketio/socket.hpp"

#include <utility>

#include "socketio/shard/served-socket.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

SocketRef Socket::ref() const { return servedOf(*this).name; }

std::string_view Socket::id() const { return servedOf(*this).sid; }

Namespace& Socket::nsp() const { return servedOf(*this).local.core; }

bool Socket::isRecovered() const { return servedOf(*this).isRecovered; }

bool Socket::isConnected() const {
  return servedOf(*this).state == ServedSocket::State::kConnected;
}

const Handshake& Socket::handshake() const { return servedOf(*this).handshake; }

int Socket::protocol() const { return servedOf(*this).client.protocol; }

std::vector<std::string_view> Socket::rooms() const {
  const auto& socket = servedOf(*this);
  std::vector<std::string_view> names;
  names.reserve(socket.memberships.size() + 1);
  if (socket.isAddressable && isConnected()) names.push_back(socket.sid);
  for (const auto& membership : socket.memberships) names.push_back(membership.room->first);
  return names;
}

bool Socket::isIn(std::string_view room) const {
  const auto& socket = servedOf(*this);
  if (room == socket.sid) return socket.isAddressable;
  for (const auto& membership : socket.memberships) {
    if (membership.room->first == room) return true;
  }
  return false;
}

std::error_code Socket::join(std::string_view room) {
  auto& socket = servedOf(*this);
  return socket.shard.join(socket, room);
}

void Socket::leave(std::string_view room) {
  auto& socket = servedOf(*this);
  socket.shard.leave(socket, room);
}

void Socket::disconnect(bool close) {
  auto& socket = servedOf(*this);
  socket.shard.disconnect(socket, close);
}

void Socket::setSlowClient(std::optional<SlowClientPolicy> policy, std::size_t maxSendQueueBytes) {
  ref().setSlowClient(policy, maxSendQueueBytes);
}

BroadcastOperator Socket::broadcast() const { return ref().broadcast(); }

BroadcastOperator Socket::to(std::string_view room) const { return broadcast().to(room); }

BroadcastOperator Socket::except(std::string_view room) const { return broadcast().except(room); }

std::error_code Socket::send(const EventWriter& writer, bool isVolatile) {
  auto& socket = servedOf(*this);
  return socket.shard.send(socket, writer, isVolatile);
}

void Socket::ask(const EventWriter& writer, AckSink sink, std::chrono::milliseconds timeout) {
  auto& socket = servedOf(*this);
  socket.shard.ask(socket, writer, std::move(sink), timeout);
}

std::shared_ptr<void>& Socket::dataPlace() { return servedOf(*this).data; }

}  // namespace beastio::socketio
