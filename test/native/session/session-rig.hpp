// What the session tests share. A Session stands between a host, channels and exchanges that write
// down what they are told. Only the test moves its clock.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beastio/host/batch.hpp"
#include "beastio/host/limits.hpp"
#include "beastio/host/reply.hpp"
#include "beastio/message.hpp"
#include "beastio/names.hpp"
#include "beastio/options.hpp"
#include "engine/settings.hpp"
#include "session/session.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::session::test {

using namespace std::chrono_literals;
using Log = std::vector<std::string>;

inline std::string_view nameOf(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::kAscii:
      return "ascii";
    case TextEncoding::kLatin1:
      return "latin1";
    case TextEncoding::kUtf16:
      return "utf16";
  }
  return {};
}

/// "900", or "900 to WebTransport".
inline std::string upgradeOf(TransportName to, RequestId request) {
  return std::to_string(request) + (to == TransportName::kWebTransport ? " to WebTransport" : "");
}

/// Writes down every call as one entry, e.g. "close ping timeout".
class FakeHost : public SessionHost {
 public:
  Settings values = *engine::settingsOf(EngineOptions{});
  Log log{};
  std::vector<PacketHeader> headers{};
  std::vector<std::chrono::milliseconds> roundTrips{};
  std::int64_t balance = 0;
  std::optional<TimePoint> timer{};
  TimePoint excused{};
  int flushesWanted = 0;
  TimePoint time{1h};
  protocol::ByteMeter meter{};
  base::ThreadCounters counted{};
  std::size_t unsent = 0;   // messages
  std::size_t dropped = 0;  // those among them that were volatile

  void onMessage(Session&, const Message& message) override {
    std::string entry = message.binary ? "binary" : std::string(nameOf(message.encoding));
    log.push_back(entry.append(" ").append(message.data));
    headers.push_back(message.header);
  }
  void onHeartbeat(Session&) override { log.emplace_back("heartbeat"); }
  void onUpgrading(Session&, TransportName to, RequestId request) override {
    log.push_back("upgrading " + upgradeOf(to, request));
  }
  void onUpgrade(Session&, TransportName to, RequestId request) override {
    log.push_back("upgrade " + upgradeOf(to, request));
  }
  void onUpgradeAbandoned(Session&, RequestId request) override {
    log.push_back("abandoned " + std::to_string(request));
  }
  void onDrain(Session&, unsigned marks) override {
    log.push_back("drain " + std::to_string(marks));
  }
  void onUnsent(std::size_t messages, bool isDropped) override {
    unsent += messages;
    dropped += isDropped ? messages : 0;
  }
  void onRoundTrip(Session&, TimePoint::duration taken) override {
    using std::chrono::duration_cast;
    roundTrips.push_back(duration_cast<std::chrono::milliseconds>(taken));
  }
  void onBalance(Session&, std::int64_t bytes) override { balance = bytes; }
  void onPressure(Session&, bool isSlow, std::size_t bytes) override {
    log.push_back((isSlow ? "slow " : "drained ") + std::to_string(bytes));
  }
  void onTooFast(Session&, Limit limit) override {
    log.push_back("too fast: " + std::string(toString(limit)));
  }
  void onClosed(Session&, CloseReason reason, std::string_view description) override {
    std::string entry = "close " + std::string(toString(reason));
    if (!description.empty()) entry.append(": ").append(description);
    log.push_back(entry);
  }
  void wantFlush(Session&) override { ++flushesWanted; }
  void wantSettle(Session& session) override { session.settle(); }
  void wantTimer(Session&, TimePoint when) override {
    if (!timer || when < *timer) timer = when;
  }
  TimePoint excusedUntil() override { return excused; }
  const Settings& settings() const override { return values; }
  TimePoint now() override { return time; }
  protocol::ByteMeter& waiting() override { return meter; }
  base::ThreadCounters& counters() override { return counted; }
};

/// A connection that writes down what it is sent, as "4text" or "binary bytes".
class FakeChannel : public MessageChannel {
 public:
  Log sent{};
  bool takesMore = true;
  std::size_t queued = 0;
  std::uint64_t taken = 0;
  std::optional<TimePoint> stalled{};
  bool closed = false;
  bool terminated = false;
  bool read = true;
  bool paused = false;
  Dialect ownDialect{};
  TransportName ownName = TransportName::kWebSocket;

  TransportName name() const override { return ownName; }
  const Dialect& dialect() const override { return ownDialect; }

  void send(const Outgoing& packet) override {
    std::string entry =
        packet.binary ? "binary " : std::string(1, protocol::typeCharacter(packet.type));
    sent.push_back(entry.append(packet.data));
  }
  bool writable() const override { return takesMore; }
  bool isBlocked() const override { return !takesMore; }
  std::size_t queuedBytes() const override { return queued; }
  std::uint64_t takenBytes() const override { return taken; }
  std::optional<TimePoint> stalledSince() const override { return stalled; }
  bool isRead() const override { return read && !paused; }
  void pause(bool pauses) override { paused = pauses; }
  void close() override { closed = true; }
  void terminate() override { terminated = true; }
};

/// What became of one request.
struct Answer {
  int count = 0;
  int status = 0;
  std::string body{};
  ContentType type = ContentType::kNone;
  bool noStore = false;
  bool gone = false;  ///< the session has let go of the exchange

  friend bool operator==(const Answer&, const Answer&) = default;
};

inline Answer answered(int status, std::string body = {}, ContentType type = ContentType::kText) {
  if (status != 200) return {1, status, std::move(body), ContentType::kNone, false, true};
  return {1, status, std::move(body), type, true, true};
}

inline const Answer kPending{};

class FakeExchange final : public HttpExchange {
 public:
  FakeExchange(std::shared_ptr<Answer> answer, RequestId id)
      : answer_(std::move(answer)), id_(id) {}
  ~FakeExchange() override { answer_->gone = true; }
  FakeExchange(const FakeExchange&) = delete;
  FakeExchange& operator=(const FakeExchange&) = delete;

  void respond(const Reply& reply) override {
    ++answer_->count;
    answer_->status = reply.status;
    answer_->body = reply.body;
    answer_->type = reply.type;
    answer_->noStore = reply.noStore;
  }
  RequestId id() const override { return id_; }

 private:
  std::shared_ptr<Answer> answer_;
  RequestId id_;
};

/// One session and all around it.
struct Rig {
  FakeHost host{};
  FakeChannel channel{};
  std::uint32_t tick = 1;  // of the host
  TimePoint now{1h};
  Session session;
  RequestId lastRequest = 0;

  explicit Rig(EngineOptions options = {}) : Rig("abcdefghij0123456789", options) {}
  Rig(std::string sid, const EngineOptions& options, const Dialect& dialect = {})
      : session(host, SessionId{.place = 7, .generation = 1}, std::move(sid), dialect) {
    host.values = *engine::settingsOf(options);
    channel.ownDialect = dialect;
  }

  std::unique_ptr<FakeExchange> exchange(std::shared_ptr<Answer>& answer) {
    answer = std::make_shared<Answer>();
    return std::make_unique<FakeExchange>(answer, ++lastRequest);
  }
  std::shared_ptr<Answer> openPolling() {
    std::shared_ptr<Answer> answer;
    session.openOverPolling(exchange(answer), now);
    return answer;
  }
  void openWebSocket() {
    session.openOver(channel, now);
    channel.sent.clear();
  }
  std::shared_ptr<Answer> poll() {
    std::shared_ptr<Answer> answer;
    session.onPoll(exchange(answer));
    return answer;
  }
  Answer post(std::string_view body, std::string_view contentType = "text/plain;charset=UTF-8") {
    std::shared_ptr<Answer> answer;
    session.onPost(exchange(answer), contentType, body, now);
    return *answer;
  }
  void send(std::string_view text, SendFlags flags = {}) {
    const Outgoing part{.data = text};
    session.send({&part, 1}, flags, tick);
  }
  /// A text frame; its encoding is told as a frame parser would.
  void frame(FakeChannel& from, std::string_view text, bool ascii = true) {
    session.onText(from, text, ascii, now);
  }
  /// Moves the clock, calling the session whenever it asked for it, as a TimerQueue does.
  void pass(std::chrono::milliseconds time) {
    const auto until = now + time;
    while (host.timer && *host.timer <= until) {
      host.time = now = *std::exchange(host.timer, std::nullopt);
      session.onTimer(now);
    }
    host.time = now = until;
  }
};

}  // namespace beastio::session::test
