// What calls of a Socket.IO server answer, and why sockets end.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include "beastio/export.hpp"

namespace beastio::socketio {

/// Of the category "beastio.socketio".
enum class Errc : std::uint8_t {
  kGone = 1,          ///< the socket is not connected any more
  kTimeout,           ///< no acknowledgement came in time
  kDisconnected,      ///< the socket left before it acknowledged
  kClosed,            ///< the server is closed
  kReservedEvent,     ///< "connect", "disconnect" and their like are not events of applications
  kBadArguments,      ///< the arguments are not what the handler takes
  kBadPacket,         ///< a client has sent what is no packet, or none for its state
  kTooManyRooms,      ///< see ServerOptions::maxRoomsPerSocket
  kTooManyAcks,       ///< see ServerOptions::maxPendingAcks
  kWouldBlock,        ///< to wait here would stop a thread of the server
  kHandlerFailed,     ///< a handler has thrown
  kHandlerSlow,       ///< handlers have held their thread up, see ServerOptions::slowHandler
  kUnknownNamespace,  ///< nobody serves that namespace, or not in this way
  kTaken,             ///< the event, or the namespace, is of another addon or JavaScript
  kWrongThread        ///< not to be called on this thread
};

/// The category "beastio.socketio", which has a text for each.
BEASTIO_EXPORT const std::error_category& socketioCategory();

/// Makes an error code of a value, as the standard library expects it.
BEASTIO_EXPORT std::error_code make_error_code(Errc error);

/// Why a socket has left.
enum class DisconnectReason : std::uint8_t {
  kTransportClose,
  kTransportError,
  kPingTimeout,
  kParseError,
  kForcedClose,
  kForcedServerClose,
  kClientNamespaceDisconnect,
  kServerNamespaceDisconnect,
  kServerShuttingDown,
};

/// In the words of socket.io: "transport close", "client namespace disconnect", …
BEASTIO_EXPORT std::string_view toString(DisconnectReason reason);

/// A value, or the reason why there is none.
template <class T>
class Result {
 public:
  /// There is a value.
  Result(T value) : value_(std::move(value)) {}
  /// There is none; `error` says why.
  Result(std::error_code error) : error_(error) {}

  /// Whether there is a value.
  explicit operator bool() const { return value_.has_value(); }
  /// Order: only if there is one.
  const T& operator*() const { return *value_; }
  /// Order: only if there is one.
  T& operator*() { return *value_; }
  /// Order: only if there is one.
  const T* operator->() const { return &*value_; }
  /// Order: only if there is one.
  T* operator->() { return &*value_; }
  /// Empty if there is a value.
  std::error_code error() const { return error_; }

 private:
  std::optional<T> value_{};
  std::error_code error_{};
};

}  // namespace beastio::socketio

/// Errc values become error codes by themselves.
template <>
struct std::is_error_code_enum<beastio::socketio::Errc> : std::true_type {};
