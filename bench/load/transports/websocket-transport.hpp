// Engine.IO over a WebSocket, from the upgrade request on; with permessage-deflate where it is
// asked for. Many packets leave in one write. Bound: the workload's messages in flight.
#pragma once

#include <optional>
#include <string>

#include "transports/deflate.hpp"
#include "transports/transport.hpp"

namespace load {

class WebSocketTransport final : public Transport {
 public:
  /// `seed` makes the masks of this connection differ from others'. `sid` is that of the session
  /// which is to be upgraded; without one a session begins.
  WebSocketTransport(std::uint16_t port, const TlsContext* tls, bool deflate, std::uint32_t seed,
                     std::string_view sid = {});

  /// Whether the server has accepted the upgrade request.
  bool open() const { return open_; }

  std::size_t socketCount() const override { return 1; }
  Socket& socket(std::size_t) override { return socket_; }
  void sendText(std::string_view packet) override;
  void sendBinary(std::string_view bytes) override;
  void flush() override { socket_.flush(); }
  void receive(std::size_t which, std::span<char> buffer, PacketSink& sink) override;

 private:
  /// Handles every complete response and frame. Returns the incomplete rest.
  std::string_view consume(std::string_view bytes, PacketSink& sink, Clock::time_point now);
  void onUpgradeResponse(std::string_view head);
  std::uint32_t nextMask();

  Socket socket_;
  bool open_ = false;
  std::uint32_t maskState_;
  std::optional<Deflater> deflater_;  // with permessage-deflate
  std::optional<Inflater> inflater_;
  std::string incoming_;  // the head of a frame whose rest has not arrived
};

}  // namespace load
