// How the client of a session keeps up with what it is sent, and how it is not read for a while.
#include <utility>

#include "protocol/engineio/engineio-packet.hpp"
#include "session/session.hpp"
#include "session/settings.hpp"

namespace beastio::session {

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
  marks_.add(channel_ ? channel_->takenBytes() + channel_->queuedBytes() : 0);
  host_.wantSettle(*this);
}

void Session::settle() {
  affinity_.check();
  if (watch_) tellWatch();
  if (!channel_ && !polls_.empty()) return;
  const auto count = channel_ ? marks_.take(channel_->takenBytes()) : marks_.takeAll();
  if (count > 0) host_.onDrain(*this, count);
}

// Pauses.

void Session::pause(bool paused) {
  affinity_.check();
  if (state_ == State::kClosed || paused == (pause_ != nullptr)) return;
  if (channel_) channel_->pause(paused);
  const auto now = host_.now();
  if (paused) {
    pause_ = std::make_unique<Pause>();
    keepAlive(now);
    return arm();
  }
  const auto ended = std::exchange(pause_, nullptr);
  heartbeat_.giveTimeAgain(times(), now);
  if (const auto& post = ended->post) {
    takePost(*post->exchange, post->contentType, post->body, now);
  }
}

// Clients of protocol 3 leave when nothing answers their PINGs, which are not read.
void Session::keepAlive(TimePoint now) {
  if (!pause_ || protocol() != 3 || state_ != State::kOpen) return;
  if (pause_->nextPong && now < *pause_->nextPong) return;
  pause_->nextPong = now + host_.settings().pingTimeout / 2;
  if (writable()) sendControl(protocol::PacketType::kPong);  // else what waits will do
}

}  // namespace beastio::session
