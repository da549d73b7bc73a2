// A WebSocket after its handshake (RFC 6455): frames in and out on a byte stream, control frames,
// the closing handshake. Messages go to the session that it carries.
// Runs on: the I/O thread. Owner: the I/O thread, by shared_ptr until ConnectionHost::onGone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "protocol/websocket/per-message-deflate.hpp"
#include "protocol/websocket/websocket-frame.hpp"
#include "session/dialect.hpp"
#include "transport/channel/connection.hpp"

namespace beastio::transport {

class WebSocketConnection final : public Connection {
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
  TransportName name() const override;
  const session::Dialect& dialect() const override { return dialect_; }
  void send(const session::Outgoing& packet) override;
  void close() override;

  // StreamOwner
  void onBytes(protocol::MutableBytes bytes) override;
  void onEnd() override;

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
  };

  void onFlushed() override;
  void sendFrame(protocol::Opcode opcode, std::string_view prefix, std::string_view payload,
                 const session::Outgoing* shared);
  void sendCommon(const session::WireMessage& message, const session::Outgoing& packet);
  void sendCompressed(const session::WireMessage& message, const session::Outgoing& packet);
  void sendClose(std::uint16_t code, std::string_view reason = {});
  void breakOff(std::uint16_t code, std::string_view description);
  void finish();

  // What sending reads comes first, close to the base.
  std::unique_ptr<protocol::PerMessageDeflate> deflate_;  // if it was negotiated
  State state_ = State::kOpen;
  bool ended_ = false;  // our sending direction is shut down
  bool peerEnded_ = false;
  bool deaf_ = false;  // the peer said goodbye or broke the protocol: nothing more is parsed
  unsigned pendingPongs_ = 0;
  session::Dialect dialect_;
  protocol::FrameParser parser_;
};

}  // namespace beastio::transport
