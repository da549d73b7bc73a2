// One Socket.IO client: from the handshake to being in its namespaces, and in its room where it has
// one; then events both ways.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "settings.hpp"
#include "transports/transport.hpp"

namespace load {

/// The text between a packet's type and its id: nothing for `/`, else `/n1,` and so on.
std::string namespacePrefix(std::size_t number);

/// Takes what arrives for all clients once they are ready, in order; heartbeats also before.
class EventSink {
 public:
  /// A packet of an event or of an acknowledgement, with the digits of both types.
  virtual void onEvent(std::size_t client, std::string_view packet, Clock::time_point now) = 0;
  /// The binary attachment of the last one.
  virtual void onAttachment(std::size_t client, std::string_view bytes, Clock::time_point now) = 0;
  /// A PING, which is being answered.
  virtual void onHeartbeat(std::size_t, Clock::time_point) {}

 protected:
  ~EventSink() = default;
};

class Client final : private PacketSink {
 public:
  /// Errors: a LoadError, from here and from every other member, when the server does anything else
  /// than what a client expects of it.
  Client(std::size_t index, const Settings& settings, const TlsContext* tls, EventSink& events);

  std::size_t socketCount() const { return transport_->socketCount(); }
  Socket& socket(std::size_t which) { return transport_->socket(which); }
  /// Whether the server has let this client in everywhere, and its transport is the last one.
  bool ready() const { return stage_ == Stage::kReady && transport_->settled(); }

  /// Queues one packet with its attachment, if it has one. Order: it leaves with the next flush().
  void send(std::string_view packet, std::string_view attachment);
  void flush();
  void receive(std::size_t which, std::span<char> buffer);

 private:
  enum class Stage { kOpening, kJoining, kEntering, kReady };

  void onText(std::string_view packet, Clock::time_point now) override;
  void onBinary(std::string_view bytes, Clock::time_point now) override;
  void onOpen();
  void onJoined(std::string_view packet);
  template <typename Work>
  auto named(Work work) const;

  const std::size_t index_;
  const std::size_t namespaces_;
  const std::string room_;  // empty without rooms
  EventSink& events_;
  Stage stage_ = Stage::kOpening;
  std::size_t joined_ = 0;  // namespaces that have let this client in
  std::unique_ptr<Transport> transport_;
};

}  // namespace load
