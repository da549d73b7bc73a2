// Engine.IO as the default client speaks it: a session begins with HTTP long-polling and goes on
// over a WebSocket. The third connection is that of the WebSocket.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "transports/polling-transport.hpp"
#include "transports/websocket-transport.hpp"

namespace load {

class UpgradingTransport final : public Transport, private PacketSink {
 public:
  UpgradingTransport(std::uint16_t port, const TlsContext* tls, bool deflate, std::uint32_t seed);

  std::size_t socketCount() const override;
  Socket& socket(std::size_t which) override;
  bool settled() const override { return stage_ == Stage::kUpgraded; }
  void sendText(std::string_view packet) override;
  void sendBinary(std::string_view bytes) override;
  void flush() override;
  void receive(std::size_t which, std::span<char> buffer, PacketSink& sink) override;

 private:
  /// What is awaited: the answer to the handshake, to the upgrade request, to the probe, and to the
  /// requests that are under way.
  enum class Stage { kOpening, kConnecting, kProbing, kPausing, kUpgraded };

  void onText(std::string_view packet, Clock::time_point now) override;
  void onBinary(std::string_view bytes, Clock::time_point now) override;
  /// Takes the steps of the upgrade for which everything is there.
  void advance();

  const std::uint16_t port_;
  const TlsContext* const tls_;
  const bool deflate_;
  const std::uint32_t seed_;
  Stage stage_ = Stage::kOpening;
  PollingTransport polling_;
  std::optional<WebSocketTransport> webSocket_;
  std::vector<std::string> held_;  // packets that are sent once the upgrade is done
  // Of the receive() under way.
  PacketSink* sink_ = nullptr;
  bool fromPolling_ = false;
};

}  // namespace load
