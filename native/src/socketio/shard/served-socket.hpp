// What a shard keeps of one socket, and of the client that carries it. Runs on: the I/O thread.
// Owner: the client, and that is its shard's.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "beastio/socketio/socket.hpp"
#include "protocol/socketio/socketio-packet.hpp"
#include "socketio/server/namespace-core.hpp"
#include "socketio/values/text-map.hpp"

namespace beastio::socketio {

class NextState;
class Shard;
struct Client;
class ServedSocket;

/// The members of a room on one thread.
struct LocalRoom {
  RoomId number = 0;
  std::vector<ServedSocket*> members;
};

/// A namespace as one thread knows it.
struct LocalNamespace {
  NamespaceCore& core;
  std::shared_ptr<const Routes> routes;
  TextMap<LocalRoom> rooms{};
  std::vector<ServedSocket*> sockets{};
};

/// A room that a socket is in. Nodes of a map keep their place.
struct Membership {
  TextMap<LocalRoom>::value_type* room = nullptr;
  std::size_t position = 0;  ///< among its members
};

/// When an acknowledgement is overdue.
struct Deadline {
  SocketRef socket;
  std::uint64_t id = 0;
};
using Deadlines = std::multimap<std::chrono::steady_clock::time_point, Deadline>;

struct PendingAck {
  AckSink sink;
  Deadlines::iterator deadline;
};

/// By the ids of the questions.
using PendingAcks = std::unordered_map<std::uint64_t, PendingAck>;

/// Who a socket is.
struct Identity {
  std::string sid{};
  std::string pid{};  ///< its secret name, if it can be recovered
  bool isRecovered = false;
  std::shared_ptr<void> data{};  ///< what the application had attached to it
};

/// An event that waits until the socket's owner lets it be handled.
struct HeldEvent {
  std::string text;
  std::vector<std::string> attachments;
};

/// What is kept of a socket that another server owns: see Guest.
struct OwnedState {
  bool isHeld = true;        ///< the owner is about to tell its application of the socket
  bool isSuspended = false;  ///< its events go through checks of the owner first
  bool isAskedToLeave = false;
  std::uint64_t told = 0;  ///< how many changes of its rooms the owner was told
  std::vector<HeldEvent> held{};
  std::size_t heldBytes = 0;
  TextMap<std::string> attributes{};  ///< JSON, as the owner has set them
};

class ServedSocket final : public Socket {
 public:
  enum class State : std::uint8_t {
    kEntering,  ///< middlewares decide
    kConnected,
    kGone,
  };

  ServedSocket(Shard& theShard, Client& theClient, LocalNamespace& where, std::uint32_t epoch,
               Handshake theHandshake, Identity identity);

  Shard& shard;
  Client& client;
  LocalNamespace& local;
  const SocketRef name;
  std::string sid;          ///< none before the owner of a guest's socket has let it in
  const std::string pid;    ///< its secret name, if it can be recovered
  std::uint64_t since = 0;  ///< the number of the last packet that it has not missed
  const Handshake handshake;
  State state = State::kEntering;
  const bool isRecovered;
  bool isLeaving = false;     ///< those who listen are being told
  bool isAddressable = true;  ///< by its id as a room: until it leaves that
  std::size_t place = 0;      ///< among the sockets of its namespace
  std::vector<Membership> memberships;
  std::unique_ptr<PendingAcks> acks;  ///< none before the first
  std::unique_ptr<OwnedState> owned;  ///< of a guest's sockets
  std::shared_ptr<void> data;
};

inline ServedSocket& servedOf(Socket& socket) { return static_cast<ServedSocket&>(socket); }
inline const ServedSocket& servedOf(const Socket& socket) {
  return static_cast<const ServedSocket&>(socket);
}

/// A packet whose attachments have not all come.
struct Assembly {
  bool isOwned = false;  ///< it is for a socket that another server owns
  std::string text;
  std::size_t expected = 0;
  std::size_t bytes = 0;
  std::vector<std::string> attachments{};
};

/// One Engine.IO session and its sockets.
struct Client {
  SessionId session{};
  int protocol = 4;
  std::unique_ptr<const std::string> sid{};  ///< of the session, if its protocol is 3
  bool isClosing = false;
  std::shared_ptr<const Handshake::Facts> facts;
  std::vector<std::unique_ptr<ServedSocket>> sockets{};
  /// That the owner of a guest's sockets has not let in yet: handlers here decide first, and then
  /// the owner does. Bound: one for each namespace that has such handlers.
  std::vector<std::unique_ptr<ServedSocket>> asking{};
  std::unique_ptr<Assembly> assembly{};
  bool hadSocket = false;  ///< then its place names no further one

  ServedSocket* find(std::string_view nsp) const;
  ServedSocket* find(SocketRef ref) const;
  /// Takes one out of `asking`; none: it is not there. Its number there is its epoch.
  std::unique_ptr<ServedSocket> takeAsking(const LocalNamespace& local, std::uint64_t number);
  /// Of its sockets, for loops whose calls may have sockets leave.
  std::vector<SocketRef> names() const;
};

/// What a client calls the namespace of a packet. To those of protocol 3 a query is no part of it.
inline std::string_view nameOf(const Client& client, const protocol::SocketioPacket& packet) {
  return client.protocol == 3 ? packet.nsp : packet.nspWithQuery();
}

}  // namespace beastio::socketio
