// One Engine.IO client from its handshake to its close reason: heartbeat, buffering, polling,
// upgrade, limits. I/O-free: bytes come in decoded by channels and exchanges, and the
// time is an argument. Runs on: the I/O thread that owns it. Bound: maxSendQueueBytes of packets.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/batch.hpp"
#include "beastio/handler.hpp"
#include "beastio/options.hpp"
#include "beastio/session-id.hpp"
#include "protocol/bytes.hpp"
#include "session/channel.hpp"
#include "session/dialect.hpp"
#include "session/prefetch.hpp"

namespace beastio::session {

using TimePoint = std::chrono::steady_clock::time_point;

class Session;

/// Where a session reports, implemented by the I/O thread.
class SessionHost {
 public:
  virtual void onMessage(Session& session, const Message& message) = 0;
  virtual void onHeartbeat(Session& session) = 0;
  virtual void onUpgrading(Session& session, TransportName to, RequestId request) = 0;
  virtual void onUpgrade(Session& session, TransportName to, RequestId request) = 0;
  virtual void onUpgradeAbandoned(Session& session, RequestId request) = 0;
  virtual void onDrain(Session& session, unsigned marks) = 0;
  /// The session is over; the host destroys it once the current call stack has unwound.
  virtual void onClosed(Session& session, CloseReason reason, std::string_view description) = 0;
  /// The session wants `flush` to be called at the end of the batch.
  virtual void wantFlush(Session& session) = 0;
  /// The session wants `settle` to be called when the connections have written.
  virtual void wantSettle(Session& session) = 0;
  /// The session wants `onTimer` at `when` or, if that was asked for before, earlier.
  virtual void wantTimer(Session& session, TimePoint when) = 0;
  /// Until when a session may not end for its client's silence.
  virtual TimePoint excusedUntil() = 0;
  virtual const EngineOptions& options() const = 0;

 protected:
  ~SessionHost() = default;
};

class Session {
 public:
  /// `dialect` is that of the handshake, and of polling for as long as the session uses it.
  Session(SessionHost& host, SessionId id, std::string sid, Dialect dialect);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  SessionId id() const { return id_; }
  const std::string& sid() const { return sid_; }
  std::uint8_t protocol() const { return dialect_.protocol; }
  TransportName transport() const { return transport_; }
  bool closed() const { return state_ == State::kClosed; }

  // Opening. Exactly one of these is the first call.

  /// Answers `handshake` with the open packet.
  void openOverPolling(std::unique_ptr<HttpExchange> handshake, TimePoint now);
  /// Sends the open packet on `channel`.
  void openOver(MessageChannel& channel, TimePoint now);

  // Polling.

  void onPoll(std::unique_ptr<HttpExchange> poll, TimePoint now);
  void onPost(std::unique_ptr<HttpExchange> post, std::string_view contentType,
              std::string_view body, TimePoint now);
  /// Any other method on a polling session: answers 500, as engine.io does.
  void onOtherMethod(std::unique_ptr<HttpExchange> exchange);
  /// The client of a pending poll went away.
  void onAborted(RequestId request);

  // WebSocket and WebTransport.

  /// A channel came for this session. Returns false if it must be closed without being used.
  bool beginUpgrade(MessageChannel& channel, RequestId request, TimePoint now);
  void onText(MessageChannel& channel, std::string_view payload, bool ascii, TimePoint now);
  void onBinary(MessageChannel& channel, std::string_view payload, TimePoint now);
  /// More of what was sent on the channel has been handed to the operating system.
  void onWritten(MessageChannel& channel);
  /// The channel is gone; it must not be used any more.
  void onChannelClosed(MessageChannel& channel, CloseReason reason, std::string_view description);

  // The host's side.

  /// A send is near: each starts loading what it needs, one pointer further. Order: these three,
  /// with something else to do in between.
  void prefetchSelf() const { prefetch(&state_, kSendingBytes); }
  void prefetchChannel() const { prefetch(channel_, kChannelBytes); }
  void prefetchFurther() const {
    if (channel_ != nullptr) channel_->prefetchFurther();
  }
  /// Sends the parts of one packet as one unit: all or none.
  void send(std::span<const Outgoing> parts, SendFlags flags);
  /// Asks for onDrain once all that was sent until now has been taken.
  void mark();
  /// Tells of the marks that have come true.
  void settle();
  /// Closes after what was sent before; `discard`: without waiting for the next poll.
  void close(bool discard, TimePoint now);
  /// Ends at once, and cuts the connection off without a goodbye; a poll is answered.
  void terminate();
  /// Whether a volatile packet would be sent now.
  bool writable() const;
  /// Hands what is buffered to the pending poll.
  void flush();
  void onTimer(TimePoint now);

 private:
  static constexpr std::size_t kSendingBytes = 64;   // from state_ to channel_
  static constexpr std::size_t kChannelBytes = 192;  // what sending reads of a WebSocket

  enum class State : std::uint8_t { kOpening, kOpen, kClosing, kClosed };

  struct Buffered {
    protocol::PacketType type;
    bool binary;
    bool compress;
    std::string data;
  };

  struct Upgrade {
    MessageChannel* channel;
    RequestId request;
    TimePoint deadline;
    std::optional<TimePoint> nextNoop;  // set once the probe was answered
    unsigned probes;
  };

  void open(TimePoint now);
  std::vector<Outgoing> firstPackets(std::string& openData) const;
  void sendControl(protocol::PacketType type, std::string_view data = {});
  void sendPart(const Outgoing& part);
  bool overflows(std::size_t parts, std::size_t bytes) const;
  void onPacket(const protocol::PacketView& packet, TextEncoding encoding, TimePoint now);
  void onMessage(const protocol::PacketView& packet, TextEncoding encoding);
  void onUpgradePacket(std::string_view payload, TimePoint now);
  void commitUpgrade(TimePoint now);
  void abandonUpgrade();
  void forgetUpgrade();
  void answerPoll(std::span<const protocol::PacketView> packets, bool compress = false);
  void answerPoll(protocol::PacketType type);
  void arm();
  void cutOff(std::string_view description);
  void end(CloseReason reason, std::string_view description = {});

  SessionHost& host_;
  SessionId id_;
  std::string sid_;
  Dialect dialect_;
  State state_ = State::kOpening;
  TransportName transport_ = TransportName::kPolling;
  bool upgraded_ = false;
  bool refreshedPingTimeout_ = false;
  bool flushWanted_ = false;
  std::uint16_t unreadPongs_ = 0;  // protocol 3: since all that was sent had been taken

  MessageChannel* channel_ = nullptr;   // unless it is polling; owned by the I/O thread
  std::unique_ptr<HttpExchange> poll_;  // the pending GET of a polling session
  std::unique_ptr<Upgrade> upgrade_;
  std::vector<Buffered> buffer_;      // packets that wait for a poll
  std::size_t bufferedBytes_ = 0;     // of the buffer and of the data
  std::vector<std::uint64_t> marks_;  // how much the channel has taken when they come true

  std::optional<TimePoint> nextPing_;      // protocol 4: the server pings
  std::optional<TimePoint> pingDeadline_;  // the PONG, or in protocol 3 the next PING, is due
  std::optional<TimePoint> closeDeadline_;
};

}  // namespace beastio::session
