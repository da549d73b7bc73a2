// What every connection of a session has in common, whatever its framing. That is the stream, the
// queue of what is still to be written, one gathered write per batch, and the end.
// Runs on: the I/O thread. Owner: the I/O thread, by shared_ptr until ConnectionHost::onGone.
// Bound: of the queue, the session's (session/limits/send-limits.cpp).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/text/bytes.hpp"
#include "session/channel.hpp"
#include "session/session.hpp"
#include "session/timer-queue.hpp"
#include "transport/loop/environment.hpp"
#include "transport/loop/send-queue.hpp"
#include "transport/stream/byte-stream.hpp"

namespace beastio::transport {

class Connection;

/// Owns the connections of a thread.
class ConnectionHost {
 public:
  /// The connection is over and must be destroyed, but not before the end of the batch.
  virtual void onGone(Connection& connection) = 0;

 protected:
  ~ConnectionHost() = default;
};

class Connection : public StreamOwner,
                   public session::MessageChannel,
                   public Flushable,
                   protected session::TimerClient {
 public:
  virtual ~Connection() = default;

  /// Ends at once, as if the peer had closed the stream.
  void cutOff();

  // MessageChannel
  bool writable() const final { return queue_.empty(); }
  bool isBlocked() const final { return blocked_; }
  std::size_t queuedBytes() const final { return queue_.bytes(); }
  std::uint64_t takenBytes() const final { return queue_.consumed(); }
  std::optional<std::chrono::steady_clock::time_point> stalledSince() const final;
  bool isRead() const final { return !isPaused_ && !stream_->isDeferred(); }
  void pause(bool paused) final;
  void prefetchFurther() const final { session::prefetch(stream_.get(), kStreamBytes); }
  void terminate() final;

  // StreamOwner
  void onWritable() final;
  void onStreamClosed(std::string_view error) final;

  // Flushable
  void flushQueue() final;

 protected:
  Connection(Environment& environment, ConnectionHost& host, std::shared_ptr<ByteStream> stream);

  /// Everything that was queued has been written.
  virtual void onFlushed() = 0;

  bool isGone() const { return gone_; }

  // Order: `flushSoon` after whatever was queued.

  /// Queues bytes that the caller keeps no longer.
  void queue(protocol::Bytes bytes) { queue_.append(bytes); }
  void queue(std::string_view text) { queue_.append(protocol::asBytes(text)); }
  /// Queues a payload, without a copy if it is large.
  void queue(std::shared_ptr<const std::string> payload);
  /// Queues a message. A large one leaves at once, from where it is. `shared`: the packet, if the
  /// payload is all there is to it; recipients that cannot take it at once then share one copy.
  void queueMessage(std::string_view header, std::string_view payload,
                    const session::Outgoing* shared);
  /// What is queued leaves at the end of the batch.
  void flushSoon() { environment_.wantFlush(*this); }

  /// Sends a frame that others share, without a copy if it is large. Or sends all there is to send,
  /// `atOnce` if that is wanted.
  void sendShared(const std::shared_ptr<const std::string>& frame, bool atOnce);

  /// Ends the session, if there is one.
  void detach(CloseReason reason, std::string_view description);
  void armCloseTimer();

  Environment& environment_;
  std::shared_ptr<ByteStream> stream_;
  session::Session* session_ = nullptr;

 private:
  static constexpr std::size_t kStreamBytes = 128;  // what writing reads of a TcpStream

  void onTimer(std::chrono::steady_clock::time_point now) override;
  const std::shared_ptr<const std::string>& sharedOf(std::string_view payload,
                                                     const session::Outgoing& packet);
  void sendThrough(std::string_view header, std::string_view payload,
                   const session::Outgoing* shared);
  void block();
  void gone();

  ConnectionHost& host_;
  SendQueue queue_;
  bool blocked_ = false;
  bool gone_ = false;
  bool isPaused_ = false;
  std::chrono::steady_clock::time_point blockedSince_{};  // or since it last took something
};

}  // namespace beastio::transport
