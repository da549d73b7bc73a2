// A namespace: its handlers, and those who are in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include "beastio/export.hpp"
#include "beastio/socketio/broadcast-operator.hpp"
#include "beastio/socketio/handlers.hpp"
#include "beastio/socketio/inbox.hpp"
#include "beastio/socketio/socket.hpp"

namespace beastio::socketio {

class NextState;
class Server;

/// Why a client may not enter.
struct ConnectError {
  std::string message{};   ///< `err.message` of the client's `connect_error`
  std::string dataJson{};  ///< `err.data`, valid JSON; empty: none
};

/// Lets a client go on, or refuses it: once, from any thread. Copies are for the same client. If
/// all of them are gone without a call, the client is refused.
class BEASTIO_EXPORT Next {
 public:
  /// For the server.
  explicit Next(std::shared_ptr<NextState> state) : state_(std::move(state)) {}

  /// To the next middleware, or into the namespace.
  void operator()() const;
  /// Out.
  void operator()(const ConnectError& error) const;

 private:
  std::shared_ptr<NextState> state_;
};

/// A namespace. What it is told to do may be changed while clients are served: each I/O thread
/// follows soon. Runs on: any thread. Lifetime: of the server.
class BEASTIO_EXPORT Namespace {
 public:
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  /// With its leading slash.
  std::string_view name() const;
#ifndef BEASTIO_NATIVE_ADDON
  /// Whose it is.
  Server& server() const;
#endif

  /// Has a callable handle an event, in place of the last one. It is called on the I/O thread of
  /// the sender, and must not block. See bindHandler for what it may take.
  template <class F>
  Namespace& on(std::string_view event, F handler) {
    return setHandler(event, bindHandler(std::move(handler)), nullptr, false);
  }
  /// The same, on a thread of the pool.
  template <class F>
  Namespace& on(std::string_view event, F handler, InPool) {
    static_assert(!kNeedsSocket<F>, "off the I/O thread a handler takes a SocketRef");
    return setHandler(event, bindHandler(std::move(handler)), nullptr, true);
  }
  /// The same, on the thread that drains `inbox`.
  template <class F>
  Namespace& on(std::string_view event, F handler, Inbox& inbox) {
    static_assert(!kNeedsSocket<F>, "off the I/O thread a handler takes a SocketRef");
    return setHandler(event, bindHandler(std::move(handler)), &inbox, false);
  }
  /// Nobody handles that event any more.
  Namespace& off(std::string_view event);
#ifndef BEASTIO_NATIVE_ADDON  // there JavaScript does it
  /// Called on the I/O thread with every event, before its handler.
  Namespace& onAny(std::function<void(Socket&, std::string_view event, const Args&)> listener);
#endif
  /// Who may enter: called on the I/O thread, one after the other. The socket is not connected yet.
  /// In an addon, JavaScript decides behind them. Until it has, the socket has no id and no room.
  Namespace& use(std::function<void(Socket&, Next)> middleware);
  /// A client has entered.
  Namespace& onConnection(std::function<void(Socket&)> listener);
  /// It is about to leave, and still in its rooms.
  Namespace& onDisconnecting(std::function<void(Socket&, DisconnectReason)> listener);
  /// It has left.
  Namespace& onDisconnect(
      std::function<void(Socket&, DisconnectReason, std::string_view)> listener);

  /// To all of the namespace.
  BroadcastOperator all() const;
  /// To a room.
  BroadcastOperator to(std::string_view room) const { return all().to(room); }
  /// To all but the members of a room.
  BroadcastOperator except(std::string_view room) const { return all().except(room); }
  /// Sends an event to all. Errors: kReservedEvent, kClosed.
  template <class... Ts>
  std::error_code emit(std::string_view event, const Ts&... args) const {
    return all().emit(event, args...);
  }
#ifndef BEASTIO_NATIVE_ADDON
  /// A room by number, for many emits. It stays as long as the server.
  Room room(std::string_view name);
#endif
  /// How many clients are in it.
  std::size_t socketsCount() const;

 protected:
  Namespace() = default;
  ~Namespace() = default;

 private:
  Namespace& setHandler(std::string_view event, EventHandler handler, Inbox* inbox, bool inPool);
};

}  // namespace beastio::socketio
