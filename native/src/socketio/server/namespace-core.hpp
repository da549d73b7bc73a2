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
  /// None: it is off.
  Recovery* recovery() const { return recovery_.get(); }

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

  /// Ids of packets that wait for acknowledgements.
  std::uint64_t nextAckId() { return ackIds_.fetch_add(1, std::memory_order_relaxed); }

  /// Calls `setUp` with the first call, before any other one returns.
  template <class SetUp>
  void setUpOnce(SetUp setUp) {
    std::call_once(isSetUp_, setUp);
  }

  void addSocket(std::string_view id, SocketRef ref);
  void removeSocket(std::string_view id);
  std::size_t count() const;
  /// The socket of an id.
  std::optional<SocketRef> socketOf(std::string_view id) const;

 private:
  void publish(std::shared_ptr<const Routes> routes);

  static constexpr std::size_t kSocketIdLength = 20;

  ServerCore& core_;
  const std::string name_;
  const std::uint32_t scope_;
  RoomNames rooms_;
  const RoomId everybody_;
  const std::unique_ptr<Recovery> recovery_;
  std::atomic<std::uint64_t> ackIds_ = 0;
  std::once_flag isSetUp_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Routes> routes_ = std::make_shared<const Routes>();  // guarded
  mutable std::mutex socketsMutex_;
  TextMap<SocketRef> sockets_;  // guarded, by id
};

inline NamespaceCore& coreOf(Namespace& nsp) { return static_cast<NamespaceCore&>(nsp); }
inline const NamespaceCore& coreOf(const Namespace& nsp) {
  return static_cast<const NamespaceCore&>(nsp);
}

}  // namespace beastio::socketio
