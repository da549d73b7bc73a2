// What every connection of a session has in common, whatever its framing: the stream, the queue of
// what is still to be written, one gathered write per batch, and the end.
// Runs on: the I/O thread. Owner: the I/O thread, by shared_ptr until ConnectionHost::onGone.
// Bound: of the queue, the session's (maxSendQueueBytes).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocol/bytes.hpp"
#include "session/channel.hpp"
#include "session/session.hpp"
#include "session/timer-queue.hpp"
#include "transport/byte-stream.hpp"
#include "transport/environment.hpp"
#include "transport/send-queue.hpp"

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

  // MessageChannel
  bool writable() const final { return queue_.empty(); }
  std::size_t queuedBytes() const final { return queue_.bytes(); }
  std::uint64_t takenBytes() const final { return queue_.consumed(); }
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
  /// Whether the stream does not take all at the moment.
  bool isBlocked() const { return blocked_; }

  // Order: `flushSoon` after whatever was queued.

  /// Queues bytes that the caller keeps no longer.
  void queue(protocol::Bytes bytes) { queue_.append(bytes); }
  void queue(std::string_view text) { queue_.append(protocol::asBytes(text)); }
  /// Queues a payload, without a copy if it is large.
  void queue(std::shared_ptr<const std::string> payload);
  /// Queues the part `payload` of a packet; without a copy if it is large and all there is to it.
  void queuePayload(std::string_view payload, const session::Outgoing* shared);
  /// What is queued leaves at the end of the batch.
  void flushSoon() { environment_.wantFlush(*this); }

  /// Sends a frame that others share, without a copy if it is large, or all there is to send; in
  /// the latter case `atOnce`, if that is wanted.
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
  void gone();

  ConnectionHost& host_;
  SendQueue queue_;
  bool blocked_ = false;
  bool gone_ = false;
};

}  // namespace beastio::transport
