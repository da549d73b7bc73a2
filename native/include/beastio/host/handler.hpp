// What an engine tells its host. What the calls bring is declared in names.hpp, message.hpp,
// reply.hpp and port-events.hpp; engine.hpp includes them all. Every call runs on the I/O thread
// that owns the session or request. Calls come in the order in which things happened there. A call
// must not block and must not throw.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "beastio/export.hpp"
#include "beastio/host/kept.hpp"
#include "beastio/host/streams.hpp"
#include "beastio/session-id.hpp"

namespace beastio {

struct FailedHandshake;
struct LimitNotice;
struct Message;
struct OwnRequest;
struct Reply;
struct TlsConnection;
enum class CloseReason : std::uint8_t;
enum class RequestError : std::uint8_t;
enum class TransportName : std::uint8_t;

/// A request that was refused, as the `connection_error` event tells it.
struct RefusedRequest {
  RequestId request = 0;            ///< of an attached door
  RequestError error{};             ///< why
  std::string_view message{};       ///< what the client is told
  std::string_view contextName{};   ///< "INVALID_ORIGIN", … or a limit; empty if there is none
  std::string_view contextValue{};  ///< the offending transport, sid, method, origin or protocol
  const OwnRequest* own = nullptr;  ///< set if it came by the own port
};

/// A new session, as its handshake told it. Lifetime: valid during the handler's call.
struct OpenedSession {
  SessionId id{};                   ///< for commands, and in every later call
  std::string_view sid{};           ///< what its client was told
  RequestId request = 0;            ///< the handshake of an attached door
  TransportName transport{};        ///< that carries it first
  std::uint8_t protocol = 4;        ///< of Engine.IO: 3 or 4
  const OwnRequest* own = nullptr;  ///< its handshake, if that came by the own port
};

/// One handler serves one I/O thread, or several if it can bear their calls at the same time. A
/// host that only calls Engine::listen needs the first three and onBatchEnd; where the others are
/// not overridden, what they tell is passed over. A host that handles each call at once needs
/// neither `kept` nor `onClientWaits`. Runs on: the I/O thread of the session or request.
/// Lifetime: outlives the engine.
class BEASTIO_EXPORT EngineHandler : public StreamHandler, public InboxMeter {
 public:
  /// A session is open. The first call for its id.
  virtual void onOpen(const OpenedSession& session) = 0;
  /// Its client sent a message.
  virtual void onMessage(SessionId id, const Message& message) = 0;
  /// The last call for this id, whose rooms the session has left.
  virtual void onClose(SessionId id, CloseReason reason, std::string_view description) = 0;

  /// The thread has nothing more to tell for now: the time for Engine::submit, so that all answers
  /// of a turn leave together. Returns false if the host has too much unhandled. Then the thread
  /// reads only little, and nobody twice who had something to tell. Engine::resume undoes it.
  virtual bool onBatchEnd() { return true; }

  /// Whether the host still has too much unhandled when Engine::resume is called: some other part
  /// of it will call that later.
  virtual bool isFull() { return false; }

  /// The thread is about to wait, or to watch a host that drives. Returns when it is to look again,
  /// although nothing has happened; until then it need not be woken for what is laid down
  /// (Engine::layDown).
  virtual std::optional<std::chrono::steady_clock::time_point> wakeAt() { return std::nullopt; }

  // For hosts that run the loop themselves while they are idle: see Engine::drive.

  /// Whether the host calls Engine::drive at all. Asked once, by the engine's constructor.
  virtual bool canDrive() const { return false; }
  /// Whether the host, when it was last told something, had handled all that was told before.
  virtual bool wasIdle() { return false; }
  /// Any thread: the host is to call Engine::drive soon.
  virtual void onDriveWanted() {}

  /// Some client has told its share and is not read any more. When all that was told up to the next
  /// onBatchEnd has been handled, the host calls Engine::resume.
  virtual void onClientWaits() {}

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
  /// Of a session that Batch::watch has named: so many bytes wait for its client, more than the
  /// mark. Or, not `isSlow`, all that did have been taken.
  virtual void onPressure(SessionId, bool /*isSlow*/, std::size_t /*bytes*/) {}
  /// What Batch::note has told of a session that is there.
  virtual void onNote(SessionId, std::string_view /*text*/,
                      std::span<const std::string_view> /*attachments*/) {}
  /// A request was refused, on either door.
  virtual void onRefused(const RefusedRequest&) {}
  /// Clients have met a limit: at most once a second for each limit.
  virtual void onLimit(const LimitNotice&) {}

  /// Attached door: the answer of a polling request.
  virtual void onReply(RequestId, const Reply&) {}
  /// Attached door: verified with `verifyOnly`; the host may go on.
  virtual void onVerified(RequestId) {}
  /// Attached door: the connection of that upgrade or WebTransport stream is over, accepted or not.
  virtual void onConnectionGone(RequestId) {}

  /// Own port: a connection that is left to the host (LeftToHost), with all bytes that were read of
  /// its next request. Returns whether the host takes it, with its descriptor; else it is closed.
  /// It still counts in Engine::connections until Engine::addConnections says otherwise. For its
  /// address it counts until Engine::hangUp is called with `line`, unless that is 0.
  virtual bool onConnection(int /*descriptor*/, std::string_view /*bytes*/,
                            std::uint32_t /*line*/) {
    return false;
  }
  /// Own port: as onConnection, with TLS. What follows are the calls of StreamHandler.
  virtual void onTlsConnection(const TlsConnection&) {}
  /// Own port: only with PortOptions::reportHandshakes.
  virtual void onHandshakeFailed(const FailedHandshake&) {}
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
