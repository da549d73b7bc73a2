// A WebSocket after its handshake (RFC 6455): frames in and out on a byte stream, control frames,
// the closing handshake. Messages go to the session that it carries.
// Runs on: the I/O thread. Owner: the I/O thread, by shared_ptr until ConnectionHost::onGone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "protocol/per-message-deflate.hpp"
#include "protocol/websocket-frame.hpp"
#include "session/channel.hpp"
#include "session/dialect.hpp"
#include "session/session.hpp"
#include "session/timer-queue.hpp"
#include "transport/byte-stream.hpp"
#include "transport/environment.hpp"
#include "transport/send-queue.hpp"

namespace beastio::transport {

class WebSocketConnection;

/// Owns the connections of a thread.
class ConnectionHost {
 public:
  /// The connection is over and must be destroyed, but not before the end of the batch.
  virtual void onGone(WebSocketConnection& connection) = 0;

 protected:
  ~ConnectionHost() = default;
};

class WebSocketConnection final : public StreamOwner,
                                  public session::MessageChannel,
                                  public Flushable,
                                  private session::TimerClient {
 public:
  WebSocketConnection(Environment& environment, ConnectionHost& host,
                      std::shared_ptr<ByteStream> stream);

  /// Queues the answer of the opening handshake.
  void sendHandshake(std::string_view response);
  /// Order: after sendHandshake. Reads `head`, the bytes that came behind the request, then the
  /// stream. Without a session the connection is closed at once.
  void start(session::Session* session, protocol::MutableBytes head);
  /// Instead of sendHandshake and start: answers `response` and ends the stream.
  void refuse(std::string_view response);

  /// What was agreed on in the handshake. Order: before packets are sent or read.
  void agree(session::Dialect dialect, const std::optional<protocol::DeflateParameters>& deflate);

  // MessageChannel
  const session::Dialect& dialect() const override { return dialect_; }
  void send(const session::Outgoing& packet) override;
  bool writable() const override { return queue_.empty(); }
  std::size_t queuedBytes() const override { return queue_.bytes(); }
  std::uint64_t takenBytes() const override { return queue_.consumed(); }
  void close() override;
  void terminate() override;

  // StreamOwner
  void onBytes(protocol::MutableBytes bytes) override;
  void onWritable() override;
  void onEnd() override;
  void onStreamClosed(std::string_view error) override;

  // Flushable
  void flushQueue() override;

  // The callbacks of FrameParser.
  bool onText(protocol::MutableBytes payload, bool ascii);
  bool onBinary(protocol::MutableBytes payload);
  bool onCompressed(protocol::Opcode opcode, protocol::MutableBytes payload);
  bool onPing(protocol::Bytes payload);
  bool onPong(protocol::Bytes payload);
  bool onClose(std::uint16_t code, std::string_view reason);

 private:
  enum class State : std::uint8_t {
    kOpen,
    kClosing,  // our close frame is queued or sent
    kEnding,   // both close frames are: only the stream is left to end
    kGone,
  };

  void onTimer(std::chrono::steady_clock::time_point now) override;
  void sendFrame(protocol::Opcode opcode, std::string_view prefix, std::string_view payload,
                 const session::Outgoing* shared);
  void sendCommon(const session::WireMessage& message, const session::Outgoing& packet);
  void sendCompressed(const session::WireMessage& message, const session::Outgoing& packet);
  void appendPayload(std::shared_ptr<const std::string> payload);
  void sendClose(std::uint16_t code, std::string_view reason = {});
  void breakOff(std::uint16_t code, std::string_view description);
  void detach(CloseReason reason, std::string_view description);
  void finish();
  void gone();

  Environment& environment_;
  ConnectionHost& host_;
  std::shared_ptr<ByteStream> stream_;
  session::Session* session_ = nullptr;
  session::Dialect dialect_;
  std::unique_ptr<protocol::PerMessageDeflate> deflate_;  // if it was negotiated
  protocol::FrameParser parser_;
  SendQueue queue_;
  State state_ = State::kOpen;
  bool blocked_ = false;  // the stream did not take all
  bool ended_ = false;    // our sending direction is shut down
  bool peerEnded_ = false;
  bool deaf_ = false;  // the peer said goodbye or broke the protocol: nothing more is parsed
  unsigned pendingPongs_ = 0;
};

}  // namespace beastio::transport
