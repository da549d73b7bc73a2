// How the client of a session keeps up, and how fast it sends. It is not read for a while, or is
// cut off.
#include <algorithm>
#include <utility>

#include "protocol/engineio/engineio-packet.hpp"
#include "session/session.hpp"
#include "session/settings.hpp"

namespace beastio::session {
namespace {

// How long a change of the limits may wait for those who are paused.
constexpr std::chrono::seconds kRateLook{1};

std::string_view describe(base::Cut why) {
  switch (why) {
    case base::Cut::kSendQueue:
      return "send queue limit exceeded";
    case base::Cut::kTotalSendQueue:
      return "total send queue limit exceeded";
    case base::Cut::kSendTimeout:
      return "send timeout";
    case base::Cut::kPings:
      return "too many unread pongs";
    case base::Cut::kRate:
      return "rate limit exceeded";
    case base::Cut::kMessageSize:
      break;  // told by the channel
  }
  return {};
}

}  // namespace

// What waits.

void Session::watch(std::size_t highWaterMark) {
  affinity_.check();
  if (state_ == State::kClosed) return;
  if (!watch_) watch_ = std::make_unique<SendWatch>();
  watch_->setHighWaterMark(highWaterMark);
  if (!watch_->askToTell()) host_.wantSettle(*this);
}

void Session::tellWatch() {
  watch_->told();
  const auto bytes = queuedBytes();
  const auto change = watch_->onQueue(bytes);
  host_.onBalance(*this, watch_->balance());
  if (change == SendWatch::Change::kNone || state_ == State::kClosed) return;
  host_.onPressure(*this, change == SendWatch::Change::kSlow, bytes);
}

void Session::mark() {
  if (state_ == State::kClosed) return;
  if (holds()) return slow_->held.mark();
  addMark();
  host_.wantSettle(*this);
}

void Session::addMark() {
  marks_.add(channel_ ? channel_->takenBytes() + channel_->queuedBytes() : 0);
}

void Session::settle() {
  affinity_.check();
  if (holds() && handOn(handedMost())) host_.wantSettle(*this);
  if (watch_) tellWatch();
  if (!channel_ && !polls_.empty()) return;
  const auto count = channel_ ? marks_.take(channel_->takenBytes()) : marks_.takeAll();
  if (count > 0) host_.onDrain(*this, count);
}

// Pauses.

void Session::pause(bool paused) {
  affinity_.check();
  if (state_ == State::kClosed) return;
  const auto now = host_.now();
  if (paused) {
    beginPause(now).isByHost = true;
    return arm();
  }
  if (!pause_) return;
  pause_->isByHost = false;
  endPause(now);
}

Pause& Session::beginPause(TimePoint now) {
  if (pause_) return *pause_;
  pause_ = std::make_unique<Pause>();
  if (channel_) channel_->pause(true);
  keepAlive(now);
  return *pause_;
}

// Unless there is another reason.
void Session::endPause(TimePoint now) {
  if (pause_->isByHost || pause_->until) return;
  const auto ended = std::exchange(pause_, nullptr);
  if (channel_) channel_->pause(false);
  heartbeat_.giveTimeAgain(times(), now, mayPing());
  if (ended->post) giveUpgradeTime(now);
  arm();
  if (ended->post) readHeld(std::move(ended->post), now);
}

// The client does not go on with its upgrade before its POST is answered.
void Session::giveUpgradeTime(TimePoint now) {
  if (probe_) probe_->setDeadline(now + host_.settings().upgradeTimeout);
}

// Clients of protocol 3 leave when nothing answers their PINGs, which are not read.
void Session::keepAlive(TimePoint now) {
  if (!pause_ || state_ != State::kOpen) return;
  const auto due = heartbeat_.nextUnasked(times());
  if (!due || now < *due) return;
  heartbeat_.sentUnasked(now);
  if (writable()) sendControl(protocol::PacketType::kPong);  // else what waits will do
}

// A client that has been too fast, once it may send again, or its limits have changed.
void Session::resume(TimePoint now) {
  if (!pause_ || !pause_->until || now < *pause_->until) return;
  const auto& settings = host_.settings();
  const auto when = settings.hasRate ? rate_->resumesAt(settings.rate) : now;
  if (when > now) {
    pause_->until = std::min(when, now + kRateLook);
    return;
  }
  pause_->until = std::nullopt;
  endPause(now);
}

// Bounds.

void Session::cutOff(base::Cut why) {
  affinity_.check();
  if (state_ != State::kClosed) host_.counters().cuts[why].add();
  if (auto* channel = std::exchange(channel_, nullptr)) channel->terminate();
  fail(describe(why));
  polls_.takePackets();
}

// Returns false if the session has ended.
bool Session::keepsToRate(std::size_t bytes, const Settings& settings, TimePoint now) {
  if (!rate_) rate_ = std::make_unique<MessageRate>();
  const auto limit = rate_->onPacket(bytes, settings.rate, now);
  if (!limit) return true;
  if (rate_->begins(now)) host_.onTooFast(*this, *limit);
  if (settings.cutsWhoIsTooFast || rate_->isFarAhead(now)) {
    cutOff(base::Cut::kRate);
    return false;
  }
  auto& pause = beginPause(now);
  pause.until = std::min(rate_->resumesAt(settings.rate), now + kRateLook);
  arm();
  return true;
}

}  // namespace beastio::session
