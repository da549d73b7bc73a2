// What all I/O threads share of a namespace. Runs on: any thread. Owner: the ServerCore.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "beastio/host/guest.hpp"
#include "beastio/session-id.hpp"
#include "beastio/socketio/namespace.hpp"
#include "beastio/socketio/socket-ref.hpp"
#include "socketio/server/recovery.hpp"
#include "socketio/server/room-names.hpp"
#include "socketio/server/routes.hpp"

namespace beastio::socketio {

class ServerCore;

class NamespaceCore final : public Namespace {
 public:
  NamespaceCore(ServerCore& core, std::string name, std::uint32_t scope);

  ServerCore& core() const { return core_; }
  const std::string& text() const { return name_; }
  /// The server's number and this namespace's.
  std::uint32_t scope() const { return scope_; }
  /// Its index among those of the server.
  std::uint32_t number() const { return scope_ & 0xFFFFU; }
  /// The room that all its sockets are in.
  RoomId everybody() const { return everybody_; }
  RoomNames& rooms() { return rooms_; }
  const RoomNames& rooms() const { return rooms_; }
  /// None: it is off.
  Recovery* recovery() const { return recovery_.get(); }

  /// How emits reach those whom they mean, in a guest.
  Guest::Way way() const { return way_.load(std::memory_order_relaxed); }
  void setWay(Guest::Way way) { way_ = way; }
  /// Whether the owner keeps what clients may have missed.
  bool isKeptByOwner() const {
    return way() == Guest::Way::kRecovery || way() == Guest::Way::kClusterAndRecovery;
  }
  /// Whether the owner knows other servers.
  bool isInCluster() const {
    return way() == Guest::Way::kCluster || way() == Guest::Way::kClusterAndRecovery;
  }

  /// Whether clients of a guest's owner are let in by C++ alone. For good, once it is.
  bool isServed() const { return isServed_.load(std::memory_order_relaxed); }
  void serve() { isServed_ = true; }
  /// Whether handlers of a guest are asked before the owner is. For good, once they are.
  bool isGuarded() const { return !isServed() && !routes()->middlewares.empty(); }

  std::shared_ptr<const Routes> routes() const;
  /// Replaces the routes by a copy that `change` has changed, and tells the I/O threads.
  template <class Change>
  void change(Change change) {
    std::shared_ptr<const Routes> next;
    {
      const std::lock_guard lock(mutex_);
      auto copy = std::make_shared<Routes>(*routes_);
      change(*copy);
      ++copy->version;
      routes_ = next = std::move(copy);
    }
    publish(std::move(next));
  }

  /// Lets go of all handlers, for good.
  void forget() {
    const std::lock_guard lock(mutex_);
    routes_ = std::make_shared<const Routes>();
  }

  /// Ids of packets that wait for acknowledgements.
  std::uint64_t nextAckId() { return ackIds_.fetch_add(1, std::memory_order_relaxed); }

  /// Calls `setUp` with the first call, before any other one returns.
  template <class SetUp>
  void setUpOnce(SetUp setUp) {
    std::call_once(isSetUp_, setUp);
  }

  void addSocket(std::string_view id, SocketRef ref);
  void removeSocket(std::string_view id, SocketRef ref);
  std::size_t count() const;
  /// The socket of an id.
  std::optional<SocketRef> socketOf(std::string_view id) const;
  /// The id of a guest's socket; empty: it has left.
  std::string idOf(SocketRef ref) const;

 private:
  void publish(std::shared_ptr<const Routes> routes);

  static constexpr std::size_t kSocketIdLength = 20;
  /// Of a guest's questions; those of the sockets' owner have smaller ids.
  static constexpr std::uint64_t kFirstGuestAck = std::uint64_t{1} << 30U;

  ServerCore& core_;
  const std::string name_;
  const std::uint32_t scope_;
  RoomNames rooms_;
  const RoomId everybody_;
  const std::unique_ptr<Recovery> recovery_;
  std::atomic<Guest::Way> way_ = Guest::Way::kEngine;
  std::atomic<bool> isServed_ = false;
  std::atomic<std::uint64_t> ackIds_;
  std::once_flag isSetUp_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Routes> routes_ = std::make_shared<const Routes>();  // guarded
  mutable std::mutex socketsMutex_;
  TextMap<SocketRef> sockets_;                      // guarded, by id, as is what follows
  std::unordered_map<SocketRef, std::string> ids_;  // of a guest
};

inline NamespaceCore& coreOf(Namespace& nsp) { return static_cast<NamespaceCore&>(nsp); }
inline const NamespaceCore& coreOf(const Namespace& nsp) {
  return static_cast<const NamespaceCore&>(nsp);
}

}  // namespace beastio::socketio
