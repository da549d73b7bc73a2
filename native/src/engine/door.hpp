// Where requests become sessions: both doors' requests are verified here, handshakes open sessions,
// polls and posts reach them, and upgrades become connections. Owns the thread's connections.
// Runs on: the I/O thread that it belongs to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "beastio/engine.hpp"
#include "beastio/handler.hpp"
#include "engine/port.hpp"
#include "engine/session-table.hpp"
#include "session/channel.hpp"
#include "session/handshake.hpp"
#include "session/session.hpp"
#include "transport/bridge-stream.hpp"
#include "transport/connection.hpp"
#include "transport/environment.hpp"
#include "transport/host-connection.hpp"
#include "transport/http-connection.hpp"
#include "transport/peer-address.hpp"
#include "transport/tls-handshake.hpp"
#include "transport/websocket-accept.hpp"

namespace beastio::engine {

/// Gives a connection and what was read from it to the thread that owns its session.
using HandOver =
    std::function<void(unsigned thread, transport::Carrier carrier, std::string bytes)>;

/// Which session a polling request waits for, so that the end of its client finds it.
using Polls = std::unordered_map<RequestId, SessionId>;

/// The I/O thread that owns, or will own, the session of that name.
unsigned threadOf(std::string_view sid, unsigned threads);
/// Lifetime: of `upgrade`.
transport::UpgradeHeaders headersOf(const AttachedUpgrade& upgrade);
/// The same for the session that a request names, or is to open by that name; none: any thread.
std::optional<unsigned> threadOf(const AttachedRequest& request, unsigned threads);

/// Of the names that are generated.
inline constexpr std::size_t kSidLength = 20;

class Door final : public transport::ConnectionHost,
                   public transport::HttpRouter,
                   public transport::TlsHandshakeHost,
                   public transport::HostConnectionOwner {
 public:
  Door(unsigned thread, unsigned threads, transport::Environment& environment,
       session::SessionHost& host, SessionTable& sessions, EngineHandler& handler, Port& port,
       HandOver handOver);
  ~Door();

  // Attached door.

  void request(const AttachedRequest& request);
  void abort(RequestId id);
  void upgrade(AttachedUpgrade upgrade);
  void webTransport(AttachedStream stream);
  void streamData(RequestId stream, std::string bytes);
  void streamReadEnd(RequestId stream);
  void streamEnd(RequestId stream, const std::string& error);
  void streamDrain(RequestId stream, std::size_t bytes);

  // Own port.

  /// Serves a connection that is new and that the port counts: with TLS, if the port has it.
  /// `peer`: its client, if it comes from the listener.
  void welcome(transport::Descriptor descriptor, const std::optional<transport::PeerName>& peer);
  /// Returns false if the connection is gone. See Engine::lookAtTls.
  bool lookAtTls(RequestId stream, const std::function<void(TlsSession&)>& look);
  /// Serves HTTP on a connection that the port counts already, beginning with `bytes` that were
  /// read from it before.
  void serve(transport::Carrier carrier, std::string_view bytes);
  /// Ends the connections that serve HTTP, or those that wait for one or for its rest. Order:
  /// after the sessions, whose polls are answered first.
  void closeHttp(bool idleOnly);

 private:
  // ConnectionHost
  void onGone(transport::Connection& connection) override;
  // HttpRouter
  bool onRequestLine(transport::HttpConnection& connection,
                     const transport::RequestLineParts& line) override;
  bool keepsAlive() const override { return !port_.isClosed(); }
  void onRequest(transport::HttpConnection& connection, transport::HttpRequest request) override;
  void onUpgrade(transport::HttpConnection& connection, transport::HttpRequest request) override;
  void onGone(transport::HttpConnection& connection) override;
  // TlsHandshakeHost
  void onHandshake(transport::TlsHandshake& handshake,
                   std::shared_ptr<transport::TlsStream> stream) override;
  void onHandshakeFailed(const FailedHandshake& failed) override;
  // HostConnectionOwner
  void onGone(transport::HostConnection& connection) override;

  class Exchange;
  class AttachedExchange;
  class OwnExchange;
  using ExchangePtr = std::unique_ptr<Exchange>;

  struct Upgrade {
    session::RequestLine line{};
    transport::UpgradeHeaders headers{};
    std::string_view headerLines{};
    std::string_view sid{};  ///< for a new session; empty: to be generated
    RequestId request = 0;
    const OwnRequest* own = nullptr;  ///< on the own port
  };

  session::Verdict verify(const session::RequestLine& line) const;
  void handle(const session::RequestLine& line, const session::Accepted& accepted,
              std::string_view sid, RequestId request, ExchangePtr exchange,
              std::string_view contentType, std::string_view body, const OwnRequest* own = nullptr);
  void refuse(const session::Refusal& refusal, RequestId request, session::HttpExchange& exchange,
              const OwnRequest* own = nullptr);
  void report(const session::Refusal& refusal, RequestId request, const OwnRequest* own);
  void accept(const Upgrade& upgrade, std::shared_ptr<transport::ByteStream> stream,
              std::string head);
  std::shared_ptr<transport::BridgeStream> addBridge(RequestId id);
  session::Session* sessionFor(transport::Connection& connection, std::string_view sid,
                               std::string_view newSid, RequestId request, const OwnRequest* own);
  Client* addClient(std::string_view sid, const session::Dialect& dialect, TransportName transport,
                    RequestId request, const OwnRequest* own);
  std::string newSid();
  std::span<const std::uint8_t, kSidLength> drawSid();
  void leaveToHost(transport::HttpConnection& connection);
  void speakHttp(std::shared_ptr<transport::ByteStream> stream, std::string_view bytes,
                 const std::optional<transport::PeerName>& peer = std::nullopt);
  transport::HostConnection* hostConnection(RequestId stream);
  void leavePort();
  bool isServed(std::string_view target) const;

  unsigned thread_;
  unsigned threads_;
  transport::Environment& environment_;
  session::SessionHost& host_;
  SessionTable& sessions_;
  EngineHandler& handler_;
  Port& port_;
  HandOver handOver_;
  // A system call for each session would cost more than all else that a name takes.
  std::array<std::uint8_t, 64 * kSidLength> random_{};
  std::size_t drawn_ = 0;  // bytes of it that must not be used again
  RequestId lastHttpId_ = 0;
  RequestId lastHostId_ = 0;

  struct Connected {
    std::shared_ptr<transport::Connection> connection;
    RequestId request = 0;
    bool isOwn = false;  // of the own port
  };

  std::unordered_map<transport::Connection*, Connected> connections_;
  std::unordered_map<RequestId, std::shared_ptr<transport::HttpConnection>> https_;
  std::unordered_map<RequestId, std::weak_ptr<transport::BridgeStream>> bridges_;
  std::unordered_map<transport::TlsHandshake*, std::shared_ptr<transport::TlsHandshake>>
      handshakes_;
  std::unordered_map<RequestId, std::shared_ptr<transport::HostConnection>> hostConnections_;
  Polls polls_;
};

}  // namespace beastio::engine
