// What a session needs of the world below it: a connection to send on, and a poll to answer.
// Declared here, implemented in transport/ and engine/. Runs on: the session's I/O thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/engineio/engineio-packet.hpp"
#include "protocol/websocket/per-message-deflate.hpp"

namespace beastio {
struct Reply;
enum class TransportName : std::uint8_t;
using RequestId = std::uint32_t;
}  // namespace beastio

namespace beastio::session {

struct Dialect;

/// One packet on its way out, encoded once for all its recipients on this thread.
struct Outgoing {
  protocol::PacketType type = protocol::PacketType::kMessage;
  bool binary = false;
  std::string_view data{};
  bool compress = false;  ///< a poll's answer may be compressed for it
  bool toMany = false;    ///< many recipients get it: framed once for all of them
  bool isLast = false;    ///< nothing follows in this turn that could leave together with it

  /// The bytes of `data` with an owner, for queues that keep a large message without copying it;
  /// made by the first connection that does.
  mutable std::shared_ptr<const std::string> shared{};

  /// The WebSocket frame of its plain form, made by the first connection that sends it `toMany`.
  mutable std::shared_ptr<const std::string> frame{};

  /// Its compressed forms, made once for all recipients that can share one.
  mutable protocol::DeflatedMessage deflated{};
};

/// A connection that carries messages, a WebSocket or WebTransport, as its session sees it.
class MessageChannel {
 public:
  virtual TransportName name() const = 0;
  /// How its client writes packets.
  virtual const Dialect& dialect() const = 0;
  /// Queues a packet; it leaves at the end of the thread's batch.
  virtual void send(const Outgoing& packet) = 0;
  /// Whether everything sent so far has been handed to the operating system.
  virtual bool writable() const = 0;
  /// Whether the operating system takes no more at the moment.
  virtual bool isBlocked() const = 0;
  virtual std::size_t queuedBytes() const = 0;
  /// What has been handed to the operating system so far, in bytes.
  virtual std::uint64_t takenBytes() const = 0;
  /// When the operating system last took something, if it does not take all; else nothing.
  virtual std::optional<std::chrono::steady_clock::time_point> stalledSince() const = 0;
  /// Whether what its client sends is read; not while it is paused, or the host cannot keep up.
  virtual bool isRead() const { return true; }
  /// Has nothing more read of what its client sends, or all of it again.
  virtual void pause(bool paused) = 0;
  /// A send is near: starts loading what it needs besides the channel itself.
  virtual void prefetchFurther() const {}
  /// Sends what is queued, then says goodbye as the transport does. No further call reaches the
  /// session.
  virtual void close() = 0;
  /// Ends the connection at once; what is queued leaves if it can be taken now. No further call
  /// reaches the session.
  virtual void terminate() = 0;

 protected:
  ~MessageChannel() = default;
};

/// A GET or POST of the polling transport that waits for its answer.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  /// Answers; called once.
  virtual void respond(const Reply& reply) = 0;
  virtual RequestId id() const = 0;
};

}  // namespace beastio::session
