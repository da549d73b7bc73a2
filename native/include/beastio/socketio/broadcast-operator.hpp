// Who is sent to: rooms, sockets, everybody, with exceptions.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "beastio/export.hpp"
#include "beastio/socketio/arguments.hpp"
#include "beastio/socketio/handshake.hpp"
#include "beastio/socketio/pending.hpp"
#include "beastio/socketio/socket-ref.hpp"

namespace beastio::socketio {

/// A socket as `fetchSockets` tells it.
struct RemoteSocket {
  SocketRef ref{};                   ///< for all that is done to it; none: another server has it
  std::string id{};                  ///< of the socket
  std::vector<std::string> rooms{};  ///< when it was fetched, with its own
  Handshake handshake{};             ///< as the client asked for it
};

/// A room by number, which is not looked up by emits. Lifetime: of the server.
struct Room {
  std::uint32_t number = 0;  ///< 0 names none
};

/// Whom an operator means, and how it sends.
struct Target {
  std::uint32_t scope = 0;                 ///< the server and the namespace
  std::vector<std::string> rooms{};        ///< by name; those with the ids of sockets too
  std::vector<Room> roomNumbers{};         ///< by number
  std::vector<std::string> except{};       ///< rooms by name
  std::vector<SocketRef> exceptSockets{};  ///< single ones
  bool isVolatile = false;                 ///< not to who cannot take it at once
  bool compress = true;                    ///< where that was negotiated
  bool isLocal = false;                    ///< not to other servers of a cluster
  std::chrono::milliseconds timeout{0};    ///< of acknowledgements; 0: ServerOptions::ackTimeout
};

/// Names many sockets. Each call returns another one; a value may be kept. Runs on: any thread.
/// Order: the calls of one thread take effect in their order.
class BEASTIO_EXPORT BroadcastOperator {
 public:
  /// All of a namespace.
  explicit BroadcastOperator(std::uint32_t scope) { target_.scope = scope; }

  /// To a room too; it may be the id of a socket.
  BroadcastOperator to(std::string_view room) const&;
  /// The same.
  BroadcastOperator to(std::string_view room) &&;
  /// To a room too.
  BroadcastOperator to(Room room) const;
  /// The same as `to`.
  BroadcastOperator in(std::string_view room) const { return to(room); }
  /// But not to members of a room; it may be the id of a socket.
  BroadcastOperator except(std::string_view room) const;
  /// But not to a socket.
  BroadcastOperator except(SocketRef socket) const;
  /// Whoever cannot take it at once does not get it.
  BroadcastOperator volatile_() const;
  /// Whether it may be compressed.
  BroadcastOperator compress(bool allowed) const;
  /// Not to other servers of a cluster. A server in C++ knows none: it makes no difference there.
  BroadcastOperator local() const;
  /// Within which time acknowledgements must come.
  BroadcastOperator timeout(std::chrono::milliseconds time) const;

  /// Sends an event. Errors: kReservedEvent, kClosed.
  template <class... Ts>
  std::error_code emit(std::string_view event, const Ts&... args) const {
    EventWriter writer(event);
    writer.add(args...);
    return send(writer);
  }
  /// The same, into a batch of messages of this thread.
  template <class... Ts>
  std::error_code emitThrough(Outbox& outbox, std::string_view event, const Ts&... args) const {
    EventWriter writer(event);
    writer.add(args...);
    return send(writer, &outbox);
  }
  /// Sends an event that each client is to acknowledge.
  template <Readable T, class... Ts>
  Pending<Answers<T>> emitWithAck(std::string_view event, const Ts&... args) const {
    EventWriter writer(event);
    writer.add(args...);
    Pending<Answers<T>> pending;
    ask(writer, [done = pending.completion()](std::error_code error, std::size_t expected,
                                              const std::vector<OwnedArgs>& answers) {
      Answers<T> result{.expected = expected, .error = error};
      for (const auto& answer : answers) {
        if (auto value = firstOf<T>(answer.view())) result.values.push_back(std::move(*value));
      }
      done(std::move(result));
    });
    return pending;
  }

  /// Adds all of them to a room.
  std::error_code socketsJoin(std::string_view room) const;
  /// Takes all of them out of a room.
  std::error_code socketsLeave(std::string_view room) const;
  /// Has all of them leave the namespace; `close`: ends their connections too.
  std::error_code disconnectSockets(bool close = false) const;
  /// Tells who they are.
  Pending<std::vector<RemoteSocket>> fetchSockets() const;

 private:
  friend struct RawCalls;

  using AnswersSink = std::function<void(std::error_code error, std::size_t expected,
                                         const std::vector<OwnedArgs>& answers)>;

  std::error_code send(const EventWriter& writer, Outbox* outbox = nullptr) const;
  void ask(const EventWriter& writer, AnswersSink done) const;

  Target target_;
};

template <Readable T>
Result<T> firstOf(const Args& args) {
  return args.get<T>(0);
}

}  // namespace beastio::socketio
