// The stream of a WebTransport session after its first packet: packets in and out, each with its
// length in front. HTTP/3 and the stream itself are the host's, across the bridge.
// Runs on: the I/O thread. Owner: the I/O thread, by shared_ptr until ConnectionHost::onGone.
#pragma once

#include <memory>

#include "protocol/engineio/webtransport-frame.hpp"
#include "transport/channel/connection.hpp"

namespace beastio::transport {

class WebTransportConnection final : public Connection {
 public:
  WebTransportConnection(Environment& environment, ConnectionHost& host,
                         std::shared_ptr<ByteStream> stream);

  /// Reads `head`, the bytes that came behind the first packet, then the stream. Without a session
  /// the connection is closed at once.
  void start(session::Session* session, protocol::MutableBytes head);

  // MessageChannel
  TransportName name() const override;
  const session::Dialect& dialect() const override;
  void send(const session::Outgoing& packet) override;
  void close() override;

  // StreamOwner
  void onBytes(protocol::MutableBytes bytes) override;
  void onEnd() override;

  // The callback of PacketStreamParser.
  bool onPacket(protocol::Bytes packet, bool binary);

 private:
  void onFlushed() override;

  protocol::PacketStreamParser parser_;
  bool closing_ = false;
  bool ended_ = false;  // our sending direction is shut down
};

}  // namespace beastio::transport
