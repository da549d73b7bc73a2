// One Engine.IO client from its handshake to its close reason. It asks small machines what is to be
// done (heartbeat, poll buffer, upgrade probe, send limits) and does it. I/O-free: bytes come in
// decoded by channels and exchanges, and the time is an argument. Runs on: the I/O thread that owns
// it. Bound: of packets, see send-limits.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/counters.hpp"
#include "base/thread-affinity.hpp"
#include "beastio/session-id.hpp"
#include "protocol/text/byte-meter.hpp"
#include "session/channel.hpp"
#include "session/dialect.hpp"
#include "session/heartbeat.hpp"
#include "session/limits/message-rate.hpp"
#include "session/limits/send-limits.hpp"
#include "session/limits/slow-client.hpp"
#include "session/poll-buffer.hpp"
#include "session/prefetch.hpp"
#include "session/sending/drain-marks.hpp"
#include "session/sending/send-watch.hpp"
#include "session/upgrade-probe.hpp"

namespace beastio {
struct Message;
struct SendFlags;
enum class CloseReason : std::uint8_t;
enum class Limit : std::uint8_t;
enum class SlowClientPolicy : std::uint8_t;
enum class TextEncoding : std::uint8_t;
}  // namespace beastio

namespace beastio::session {

using TimePoint = std::chrono::steady_clock::time_point;

class PostReader;
class Session;
struct Settings;

/// Where a session reports, implemented by the I/O thread.
class SessionHost {
 public:
  virtual void onMessage(Session& session, const Message& message) = 0;
  virtual void onHeartbeat(Session& session) = 0;
  virtual void onUpgrading(Session& session, TransportName to, RequestId request) = 0;
  virtual void onUpgrade(Session& session, TransportName to, RequestId request) = 0;
  virtual void onUpgradeAbandoned(Session& session, RequestId request) = 0;
  virtual void onDrain(Session& session, unsigned marks) = 0;
  /// Within `send`: so many messages were not sent. `isDropped`: they were volatile, and the client
  /// could not take them. Else the session is over.
  virtual void onUnsent(std::size_t messages, bool isDropped) = 0;
  /// The client took so long to answer a PING.
  virtual void onRoundTrip(Session& session, TimePoint::duration time) = 0;
  /// Of a watched session: see SendWatch::balance.
  virtual void onBalance(Session& session, std::int64_t bytes) = 0;
  /// Of a watched session: so much waits for a client that is slow from now on, or no longer.
  virtual void onPressure(Session& session, bool isSlow, std::size_t bytes) = 0;
  /// The client sends too fast, and is paused or cut off.
  virtual void onTooFast(Session& session, Limit limit) = 0;
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
  virtual const Settings& settings() const = 0;
  virtual TimePoint now() = 0;
  /// Counts what waits for the thread's clients.
  virtual protocol::ByteMeter& waiting() = 0;
  virtual base::ThreadCounters& counters() = 0;

 protected:
  ~SessionHost() = default;
};

class Session {
 public:
  /// `dialect` is that of the handshake, and of polling for as long as the session uses it.
  Session(SessionHost& host, SessionId id, std::string sid, Dialect dialect);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  SessionId id() const { return id_; }
  const std::string& sid() const { return sid_; }
  std::uint8_t protocol() const { return dialect_.protocol; }
  TransportName transport() const { return transport_; }
  bool isPolling() const;
  bool closed() const { return state_ == State::kClosed; }

  // Opening. Exactly one of these is the first call.

  /// Answers `handshake` with the open packet.
  void openOverPolling(std::unique_ptr<HttpExchange> handshake, TimePoint now);
  /// Sends the open packet on `channel`.
  void openOver(MessageChannel& channel, TimePoint now);

  // Polling.

  void onPoll(std::unique_ptr<HttpExchange> poll);
  void onPost(std::unique_ptr<HttpExchange> post, std::string_view contentType,
              std::string_view body, TimePoint now);
  /// The body of a POST begins to come, by the connection of that id. Returns false if that of
  /// another one has not ended yet, which ends the session. For transports that tell.
  bool beginPost(RequestId connection);
  /// That connection; 0: none.
  RequestId post() const { return post_; }
  /// It has ended, or is given up; `cut`: because its client has, which ends the session.
  void endPost(RequestId connection, bool cut);
  /// Any other method on a polling session: answers 500, as engine.io does.
  void onOtherMethod(std::unique_ptr<HttpExchange> exchange);
  /// The client of a pending poll went away.
  void onAborted(RequestId request);

  // WebSocket and WebTransport.

  /// A channel came for this session. Returns false if it must be closed without being used.
  bool beginUpgrade(MessageChannel& channel, RequestId request, TimePoint now);
  void onText(MessageChannel& channel, std::string_view payload, bool ascii, TimePoint now);
  /// `memory`: see Message::memory.
  void onBinary(MessageChannel& channel, std::string_view payload, TimePoint now,
                std::string* memory = nullptr);
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
  /// Sends the parts of one packet as one unit: all or none. `tick`: of the host, see SendFlags.
  void send(std::span<const Outgoing> parts, SendFlags flags, std::uint32_t tick);
  /// Whether nothing waits that was sent.
  bool writable() const;
  /// Asks for onDrain once all that was sent until now has been taken.
  void mark();
  /// Tells of the marks that have come true, and what a watch tells.
  void settle();
  /// What becomes of this client when it is slow; nothing, 0: what the settings say.
  void setSlowClient(std::optional<SlowClientPolicy> policy, std::size_t maxSendQueueBytes);
  /// From now on tells how much waits, and when that crosses the high-water mark; 0: there is none.
  void watch(std::size_t highWaterMark);
  /// Closes after what was sent before; `discard`: without waiting for the next poll, unless
  /// `keepsUnread` and packets wait for one.
  void close(bool discard, TimePoint now, bool keepsUnread = false);
  /// Ends at once, and cuts the connection off without a goodbye; a poll is answered.
  void terminate();
  /// Cuts a client off that does not take what it is sent: nothing more is sent to it.
  void cutOff(base::Cut why);
  /// What waits for the client, as the limits count it.
  std::size_t queuedBytes() const { return handedBytes() + (slow_ ? slow_->held.bytes() : 0); }
  /// Since when the client has taken nothing of it; nothing if it is still to be offered.
  std::optional<TimePoint> stalledSince() const {
    return channel_ ? channel_->stalledSince() : polls_.stalledSince();
  }
  /// Has nothing more read of what the client sends, or all of it again. A POST that comes
  /// meanwhile waits for its answer. A paused client is not judged by its silence.
  void pause(bool paused);
  /// Hands what is buffered to the pending poll.
  void flush();
  void onTimer(TimePoint now);

 private:
  static constexpr std::size_t kSendingBytes = 64;   // from state_ to channel_ and polls_
  static constexpr std::size_t kChannelBytes = 192;  // what sending reads of a WebSocket
  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  enum class State : std::uint8_t { kOpening, kOpen, kClosing, kClosed };

  void open(TimePoint now);
  std::vector<Outgoing> firstPackets(std::string_view openPacket) const;
  Heartbeat::Times times() const;
  /// Whether no PING still waits for a poll.
  bool mayPing() const { return channel_ != nullptr || polls_.empty(); }
  SendLimits::Bounds bounds() const;
  bool isOn(const MessageChannel& channel) const { return channel_ == &channel; }
  bool isProbedOn(const MessageChannel& channel) const {
    return probe_ && &probe_->channel() == &channel;
  }
  // Packets.
  void onPacket(const protocol::PacketView& packet, TextEncoding encoding, TimePoint now,
                std::string* memory = nullptr);
  void onPing(TimePoint now);
  void onPong(TimePoint now);
  bool readPost(PostReader& reader, bool isAscii, TimePoint now);
  void takePost(std::unique_ptr<HttpExchange> post, std::string_view contentType,
                std::string_view body, TimePoint now);
  void readHeld(std::unique_ptr<HeldPost> post, TimePoint now);
  void answerHeldPost();
  void keepAlive(TimePoint now);
  bool keepsToRate(std::size_t bytes, const Settings& settings, TimePoint now);
  Pause& beginPause(TimePoint now);
  void endPause(TimePoint now);
  void resume(TimePoint now);
  // Sending.
  bool takesVolatile(std::uint32_t tick) const;
  void sendControl(protocol::PacketType type);
  void sendPart(const Outgoing& part);
  /// Of what waits, what the connection or the next poll has.
  std::size_t handedBytes() const { return channel_ ? channel_->queuedBytes() : polls_.bytes(); }
  bool holds() const { return slow_ && !slow_->held.empty(); }
  bool admit(std::span<const Outgoing> parts, std::size_t bytes);
  bool overflows(std::size_t bytes, const SendLimits::Bounds& bounds);
  void hold(std::span<const Outgoing> parts, bool mayDrop);
  std::size_t handedMost() const;
  bool handOn(std::size_t most);
  bool takesAttachment(std::span<const Outgoing> parts);
  SlowClientPolicy slowClientPolicy() const;
  std::size_t limitedBytes(SlowClientPolicy policy) const;
  void addMark();
  void onWatchedSend(std::span<const Outgoing> parts, SendFlags flags);
  void tellWatch();
  void answerPoll(std::span<const protocol::PacketView> packets, bool compress = false,
                  std::string_view openedSid = {});
  void answerPoll(protocol::PacketType type);
  // Upgrade.
  void onProbed(UpgradeProbe::Action action, TimePoint now);
  void commitUpgrade(TimePoint now);
  void abandonUpgrade();
  void giveUpgradeTime(TimePoint now);
  void forgetUpgrade();
  // Time and the end.
  bool checkHeartbeat(TimePoint now);
  bool checkLimits(TimePoint now);
  void arm();
  void end(CloseReason reason, std::string_view description = {});
  void fail(std::string_view description);

  SessionHost& host_;
  SessionId id_;
  std::string sid_;
  Dialect dialect_;
  State state_ = State::kOpening;
  TransportName transport_{};  // kPolling
  bool upgraded_ = false;
  std::uint32_t sentTick_ = 0;         // of the host, when it last sent something
  std::uint32_t attachmentsDue_ = 0;   // of the last packet, counted if packets may be dropped
  MessageChannel* channel_ = nullptr;  // unless it is polling; owned by the I/O thread
  std::unique_ptr<SendWatch> watch_;   // most have none
  std::unique_ptr<SlowClient> slow_;   // most have none
  PollBuffer polls_;
  RequestId post_ = 0;                 // whose body is being read; 0: none
  std::unique_ptr<Pause> pause_;       // most have none
  std::unique_ptr<MessageRate> rate_;  // where it is limited
  std::unique_ptr<UpgradeProbe> probe_;
  DrainMarks marks_;  // counted as the channel does
  Heartbeat heartbeat_;
  SendLimits limits_;
  std::optional<TimePoint> closeDeadline_;
  [[no_unique_address]] base::ThreadAffinity affinity_;
};

}  // namespace beastio::session
