// A socket on its own thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "beastio/export.hpp"
#include "beastio/names.hpp"
#include "beastio/socketio/broadcast-operator.hpp"
#include "beastio/socketio/handshake.hpp"
#include "beastio/socketio/pending.hpp"
#include "beastio/socketio/socket-ref.hpp"

namespace beastio::socketio {

class Namespace;

/// One client in one namespace. Handlers get it, and nobody keeps it: keep `ref()`. Runs on: the
/// I/O thread that calls the handler.
class BEASTIO_EXPORT Socket {
 public:
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// Its name on every thread.
  SocketRef ref() const;
  /// What the client knows itself by: 20 characters that nobody can guess. With a client of
  /// protocol 3 it is the session's, and "/nsp#" stands before it in other namespaces than "/".
  std::string_view id() const;
  /// Where it is.
  Namespace& nsp() const;
#ifndef BEASTIO_NATIVE_ADDON
  /// Whether it goes on where it was, with its rooms and missed packets.
  bool isRecovered() const;
#endif
  /// Whether it may be sent to.
  bool isConnected() const;
  /// How the client came, and what it says of itself.
  const Handshake& handshake() const;
  /// The version of Engine.IO's protocol, 4 or 3.
  int protocol() const;
  /// Its rooms, its own among them. Lifetime of the views: until it joins or leaves.
  std::vector<std::string_view> rooms() const;
  /// Whether it is in a room.
  bool isIn(std::string_view room) const;

  /// Sends an event. Errors: kGone, kReservedEvent.
  template <class... Ts>
  std::error_code emit(std::string_view event, const Ts&... args) {
    EventWriter writer(event);
    writer.add(args...);
    return send(writer, false);
  }
  /// Sends an event, unless the client cannot take it at once.
  template <class... Ts>
  std::error_code emitVolatile(std::string_view event, const Ts&... args) {
    EventWriter writer(event);
    writer.add(args...);
    return send(writer, true);
  }
  /// Sends an event that the client is to acknowledge in time; 0: within ServerOptions::ackTimeout.
  template <class T, class... Ts>
  Pending<T> emitWithAck(std::string_view event, const Ts&... args) {
    return timeout(std::chrono::milliseconds{0}).template emitWithAck<T>(event, args...);
  }
  /// What `timeout` returns. Lifetime: as the socket's.
  class Timed {
   public:
    /// Sends an event that the client is to acknowledge within that time.
    template <class T, class... Ts>
    Pending<T> emitWithAck(std::string_view event, const Ts&... args) const {
      EventWriter writer(event);
      writer.add(args...);
      Pending<T> pending;
      socket_.ask(writer, pending.sink(), time_);
      return pending;
    }

   private:
    friend class Socket;
    Timed(Socket& socket, std::chrono::milliseconds time) : socket_(socket), time_(time) {}

    Socket& socket_;
    std::chrono::milliseconds time_;
  };
  /// Within which time the next acknowledgement must come.
  Timed timeout(std::chrono::milliseconds time) { return {*this, time}; }

  /// Joins a room. Errors: kTooManyRooms, kGone.
  std::error_code join(std::string_view room);
  /// Leaves a room, if it is in it.
  void leave(std::string_view room);
  /// Leaves the namespace; `close`: ends the connection too.
  void disconnect(bool close = false);
#ifndef BEASTIO_NATIVE_ADDON
  /// As SocketRef::setSlowClient.
  void setSlowClient(std::optional<SlowClientPolicy> policy, std::size_t maxSendQueueBytes = 0);
#endif
  /// To all others of the namespace.
  BroadcastOperator broadcast() const;
  /// To the others of a room.
  BroadcastOperator to(std::string_view room) const;
  /// To the others, but not to members of a room.
  BroadcastOperator except(std::string_view room) const;

  /// The application's data: a T for each socket, made when it is asked for first, destroyed behind
  /// onDisconnect. Order: always the same T.
  template <class T>
  T& data() {
    auto& held = dataPlace();
    if (!held) held = std::make_shared<T>();
    return *static_cast<T*>(held.get());
  }

 protected:
  Socket() = default;
  ~Socket() = default;

 private:
  std::error_code send(const EventWriter& writer, bool isVolatile);
  void ask(const EventWriter& writer, AckSink sink, std::chrono::milliseconds timeout);
  std::shared_ptr<void>& dataPlace();
};

}  // namespace beastio::socketio
