// How the client of a session keeps up with what it is sent, and how it is not read for a while.
#include <utility>

#include "beastio/host/reply.hpp"
#include "beastio/host/send-flags.hpp"
#include "protocol/engineio/engineio-packet.hpp"
#include "session/session.hpp"
#include "session/settings.hpp"

namespace beastio::session {
namespace {

constexpr Reply kPostTaken{
    .status = 200, .type = ContentType::kHtml, .noStore = true, .body = "ok"};

}  // namespace

// What waits.

// Also what is dropped: the host has counted it.
void Session::onWatchedSend(std::span<const Outgoing> parts, SendFlags flags) {
  if (flags.isCounted) {
    for (const auto& part : parts) watch_->onCounted(part.data.size());
  }
  if (!watch_->askToTell()) host_.wantSettle(*this);
}

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

// The session ends: what the POST has brought is dropped.
void Session::answerHeldPost() {
  if (pause_ && pause_->post)
    std::exchange(pause_->post, std::nullopt)->exchange->respond(kPostTaken);
}

}  // namespace beastio::session
