#include "transport/stream/tls-handshake.hpp"

#include <utility>

#include "beastio/host/port-events.hpp"
#include "transport/stream/tls-stream.hpp"

namespace beastio::transport {

using Cause = FailedHandshake::Cause;

TlsHandshake::TlsHandshake(Environment& environment, TlsHandshakeHost& host,
                           std::shared_ptr<TlsStream> stream, const std::optional<PeerName>& peer)
    : TimerClient(environment.timers), host_(host), stream_(std::move(stream)), peer_(peer) {}

void TlsHandshake::start(std::chrono::steady_clock::time_point deadline) {
  armTimer(deadline);
  stream_->setOwner(*this);
}

void TlsHandshake::destroy() {
  if (stream_) stream_->close();
  over(nullptr);
}

void TlsHandshake::onWritable() {
  auto stream = stream_;
  over(std::move(stream));
}

void TlsHandshake::onEnd() {
  fail({.cause = Cause::kGone});
  destroy();
}

void TlsHandshake::onStreamClosed(std::string_view) {
  const bool isRefused = !stream_->error().empty();
  fail({.cause = isRefused ? Cause::kRefused : Cause::kGone});
  over(nullptr);
}

void TlsHandshake::onTimer(std::chrono::steady_clock::time_point) {
  fail({.cause = Cause::kTooLate});
  destroy();
}

// Tells the host, and adds who it was and what TLS says.
void TlsHandshake::fail(FailedHandshake&& failed) {
  if (!stream_) return;
  if (peer_) failed.peer = endpointOf(*peer_);
  failed.error = stream_->error();
  host_.onHandshakeFailed(failed);
}

void TlsHandshake::over(std::shared_ptr<TlsStream> stream) {
  if (!stream_) return;
  stream_.reset();
  host_.onHandshake(*this, std::move(stream));
}

}  // namespace beastio::transport
