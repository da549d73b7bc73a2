// What an engine tells its host. Every call runs on the I/O thread that owns the session or
// request, in the order in which things happened there; it must not block and must not throw.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "beastio/message.hpp"
#include "beastio/session-id.hpp"
#include "beastio/tls.hpp"

namespace beastio {

enum class TransportName : std::uint8_t { kPolling, kWebSocket, kWebTransport };

/// Engine.IO's close reasons.
enum class CloseReason : std::uint8_t {
  kTransportClose,
  kTransportError,
  kPingTimeout,
  kParseError,
  kForcedClose,
};

/// The texts of engine.io: "transport close", "transport error", …
std::string_view toString(CloseReason reason);

/// Why a request was refused; the values are engine.io's error codes.
enum class RequestError : std::uint8_t {
  kUnknownTransport = 0,
  kUnknownSid = 1,
  kBadHandshakeMethod = 2,
  kBadRequest = 3,
  kForbidden = 4,
  kUnsupportedProtocolVersion = 5,
};

/// The texts of engine.io: "Transport unknown", …
std::string_view toString(RequestError error);

/// Content types that the engine answers with.
enum class ContentType : std::uint8_t { kNone, kText, kHtml, kJson, kOctetStream };

/// The header value, e.g. "text/plain; charset=UTF-8"; empty for kNone.
std::string_view toString(ContentType type);

struct HttpResponse {
  int status = 200;
  ContentType type = ContentType::kNone;
  bool noStore = false;   ///< with `cache-control: no-store`
  bool chunked = false;   ///< without Content-Length, as engine.io answers errors
  bool compress = false;  ///< may be compressed: one of the packets in it asks for that
  std::string_view body{};
};

struct Endpoint {
  std::string
      address;  ///< "127.0.0.1", "::1", "::ffff:127.0.0.1"; empty: unknown, or a unix socket
  std::uint16_t port = 0;
};

/// A request on the engine's own port, of which the host has seen nothing.
struct OwnRequest {
  std::string_view header{};  ///< the request's, from its first line to the empty one
  Endpoint peer{};
  const TlsFacts* tls = nullptr;  ///< of a connection with TLS
};

/// A request that was refused, as the `connection_error` event tells it.
struct RefusedRequest {
  RequestId request = 0;
  RequestError error = RequestError::kBadRequest;
  std::string_view message{};       ///< what the client is told
  std::string_view contextName{};   ///< "INVALID_ORIGIN", …; empty if there is none
  std::string_view contextValue{};  ///< the offending transport, sid, method, origin or protocol
  const OwnRequest* own = nullptr;  ///< set if it came by the own port
};

/// A connection with TLS that is left to the host: its plain bytes cross as a stream.
struct TlsConnection {
  RequestId stream = 0;
  unsigned thread = 0;  ///< for Engine::streamData and its like
  Endpoint peer{};
  TlsFacts facts{};
  std::string_view bytes{};  ///< all that were read of its next request
};

/// A TLS handshake on the own port that came to nothing.
struct FailedHandshake {
  enum class Cause : std::uint8_t {
    kRefused,  ///< by the rules of TLS: see `error`
    kGone,     ///< the client went away
    kTooLate,  ///< see TlsContext::handshakeTimeout
  };
  Endpoint peer{};
  Cause cause = Cause::kRefused;
  std::string_view error{};  ///< of kRefused, in the library's words
};

struct OpenedSession {
  SessionId id{};
  std::string_view sid{};
  RequestId request = 0;  ///< the handshake of an attached door
  TransportName transport = TransportName::kPolling;
  std::uint8_t protocol = 4;
  const OwnRequest* own = nullptr;  ///< its handshake, if that came by the own port
};

/// One handler serves one I/O thread, or several if it can bear their calls at the same time. A
/// host that only calls Engine::listen needs the first three and onBatchEnd; where the others are
/// not overridden, what they tell is passed over. Runs on: the I/O thread of the session or
/// request. Lifetime: outlives the engine.
class EngineHandler {
 public:
  virtual ~EngineHandler() = default;

  virtual void onOpen(const OpenedSession& session) = 0;
  virtual void onMessage(SessionId id, const Message& message) = 0;
  /// The last call for this id, whose rooms the session has left.
  virtual void onClose(SessionId id, CloseReason reason, std::string_view description) = 0;

  /// The thread has nothing more to tell for now: the time for Engine::submit, so that all answers
  /// of a turn leave together. Returns false if the host has so much unread that the thread must
  /// not read further; Engine::resume undoes it.
  virtual bool onBatchEnd() { return true; }

  /// `heartbeat` of engine.io: a PONG arrived.
  virtual void onHeartbeat(SessionId) {}
  /// The probe on another connection was answered.
  virtual void onUpgrading(SessionId, TransportName /*to*/, RequestId) {}
  /// The session is now carried by that connection.
  virtual void onUpgrade(SessionId, TransportName /*to*/, RequestId) {}
  /// That connection is given up before it carried the session, which goes on as it is.
  virtual void onUpgradeAbandoned(SessionId, RequestId) {}
  /// All that was sent before that many calls of Batch::mark, in their order, has been taken: by
  /// the operating system, or by a poll.
  virtual void onDrain(SessionId, unsigned /*marks*/) {}
  /// A request was refused, on either door.
  virtual void onRefused(const RefusedRequest&) {}

  /// Attached door: the answer of a polling request.
  virtual void onHttpResponse(RequestId, const HttpResponse&) {}
  /// Attached door: verified with `verifyOnly`; the host may go on.
  virtual void onVerified(RequestId) {}
  /// Attached door: the connection of that upgrade or WebTransport stream is over, accepted or not.
  virtual void onConnectionGone(RequestId) {}
  /// Attached door: bytes for a bridged stream.
  virtual void onStreamWrite(RequestId /*stream*/, std::string_view /*bytes*/) {}
  /// Attached door: a bridged stream is to be ended after what was written, or at once.
  virtual void onStreamEnd(RequestId /*stream*/, bool /*immediately*/) {}
  /// Attached door: reading of a bridged stream is to pause or go on.
  virtual void onStreamPause(RequestId /*stream*/, bool /*paused*/) {}

  /// Own port: a connection that is left to the host (LeftToHost), with all bytes that were read of
  /// its next request. The descriptor is the host's from now on. It still counts in
  /// Engine::connections until Engine::addConnections says otherwise. Not overridden: is closed.
  virtual void onConnection(int descriptor, std::string_view bytes);
  /// Own port: as onConnection, with TLS. What follows is onStreamWrite with the client's bytes,
  /// onStreamEnd at their end (`immediately`: the connection is gone) and onStreamDrain. The host
  /// answers by Engine::streamData, streamReadEnd and streamEnd, and acknowledges by streamDrain.
  virtual void onTlsConnection(const TlsConnection&) {}
  /// Own port: only with PortOptions::reportHandshakes.
  virtual void onHandshakeFailed(const FailedHandshake&) {}
  /// Own port: `bytes` of what the host has written to a stream with TLS have been sent.
  virtual void onStreamDrain(RequestId /*stream*/, std::size_t /*bytes*/) {}
  /// Own port: the last connection is gone, and the port is closed. A port that had none when it
  /// was closed tells nothing: see Engine::connections.
  virtual void onPortIdle() {}

  /// Until when nobody may be given up for silence, because it may have been the host's: an
  /// attached door's PINGs and PONGs pass through it. A host that lets what it was given wait for
  /// longer than `patience` excuses everybody for as long again. A time that has passed: nobody is
  /// excused.
  virtual std::chrono::steady_clock::time_point excusedUntil(
      [[maybe_unused]] std::chrono::milliseconds patience) {
    return {};
  }
};

}  // namespace beastio
