// The name of a socket, which any thread may use for ever.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "beastio/export.hpp"
#include "beastio/session-id.hpp"
#include "beastio/socketio/codec.hpp"
#include "beastio/socketio/errors.hpp"
#include "beastio/socketio/pending.hpp"

namespace beastio {
enum class SlowClientPolicy : std::uint8_t;
}  // namespace beastio

namespace beastio::socketio {

class BroadcastOperator;
class Outbox;
struct RawCalls;
class Socket;

/// Names a socket; copies are cheap. Calls on one that is gone do nothing. Runs on: any thread.
/// Order: the calls of one thread take effect in their order.
class BEASTIO_EXPORT SocketRef {
 public:
  /// Names no socket.
  SocketRef() = default;
  /// For the server.
  SocketRef(SessionId session, std::uint32_t scope, std::uint32_t epoch)
      : session_(session), scope_(scope), epoch_(epoch) {}

  /// Sends an event. Errors: kReservedEvent, kClosed; on the thread of the socket kGone too.
  template <class... Ts>
  std::error_code emit(std::string_view event, const Ts&... args) const {
    EventWriter writer(event);
    writer.add(args...);
    return send(writer);
  }
  /// The same, unless the client cannot take it at once.
  template <class... Ts>
  std::error_code emitVolatile(std::string_view event, const Ts&... args) const {
    EventWriter writer(event);
    writer.add(args...);
    return send(writer, nullptr, true);
  }
  /// As `emit`, into a batch of messages of this thread.
  template <class... Ts>
  std::error_code emitThrough(Outbox& outbox, std::string_view event, const Ts&... args) const {
    EventWriter writer(event);
    writer.add(args...);
    return send(writer, &outbox);
  }
  /// Sends an event that the client is to acknowledge within ServerOptions::ackTimeout.
  template <class T, class... Ts>
  Pending<T> emitWithAck(std::string_view event, const Ts&... args) const {
    EventWriter writer(event);
    writer.add(args...);
    Pending<T> pending;
    ask(writer, pending.sink());
    return pending;
  }

  /// Adds the socket to a room. Errors: kClosed; on the thread of the socket kTooManyRooms too.
  std::error_code join(std::string_view room) const;
  /// Takes it out of a room.
  std::error_code leave(std::string_view room) const;
  /// Has it leave its namespace; `close`: ends the connection too.
  std::error_code disconnect(bool close = false) const;
#ifndef BEASTIO_NATIVE_ADDON  // there JavaScript does it
  /// What becomes of its client, in all namespaces, when more than `maxSendQueueBytes` would wait
  /// for it. Absent, 0: what EngineOptions say. Order: for what is sent from now on. Errors:
  /// kClosed.
  std::error_code setSlowClient(std::optional<SlowClientPolicy> policy,
                                std::size_t maxSendQueueBytes = 0) const;
#endif
  /// Runs `task` on the thread of the socket, unless that is gone by then.
  void post(std::function<void(Socket&)> task) const;
  /// To all others of its namespace.
  BroadcastOperator broadcast() const;
  /// To the others of a room.
  BroadcastOperator to(std::string_view room) const;

  /// For the server: the session that carries it.
  SessionId session() const { return session_; }
  /// For the server: the server and the namespace.
  std::uint32_t scope() const { return scope_; }
  /// For the server: which of the sockets that the session has had there.
  std::uint32_t epoch() const { return epoch_; }

  /// Whether it names a socket, connected or not.
  explicit operator bool() const { return epoch_ != 0; }
  /// Whether both name the same socket.
  friend bool operator==(const SocketRef&, const SocketRef&) = default;
  /// Any order, so that it can be a key.
  friend std::strong_ordering operator<=>(const SocketRef& a, const SocketRef& b) {
    if (a.low() != b.low()) return a.low() <=> b.low();
    return a.high() <=> b.high();
  }

 private:
  friend struct std::hash<SocketRef>;
  friend struct RawCalls;

  std::uint64_t low() const { return std::uint64_t{session_.place} << 32U | session_.generation; }
  std::uint64_t high() const { return std::uint64_t{scope_} << 32U | epoch_; }
  std::error_code send(const EventWriter& writer, Outbox* outbox = nullptr,
                       bool isVolatile = false) const;
  void ask(const EventWriter& writer, AckSink sink, std::chrono::milliseconds timeout = {}) const;

  SessionId session_{};
  std::uint32_t scope_ = 0;
  std::uint32_t epoch_ = 0;
};

static_assert(sizeof(SocketRef) == 16);

}  // namespace beastio::socketio

/// So that it can be a key.
template <>
struct std::hash<beastio::socketio::SocketRef> {
  /// Mixes all of it.
  std::size_t operator()(const beastio::socketio::SocketRef& socket) const noexcept {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U;
    const auto mixed = (socket.low() * kOdd) ^ socket.high();
    return static_cast<std::size_t>((mixed ^ mixed >> 29U) * kOdd);
  }
};
