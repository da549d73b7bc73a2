// A connection whose TLS handshake is under way. One that takes too long, fails, or speaks plain
// HTTP is closed without an answer, as Node's https server does.
// Runs on: the I/O thread. Owner: the I/O thread, until TlsHandshakeHost::onHandshake.
#pragma once

#include <chrono>
#include <memory>

#include "beastio/host/port-events.hpp"
#include "beastio/tls.hpp"
#include "session/timer-queue.hpp"
#include "transport/loop/environment.hpp"
#include "transport/stream/tls-stream.hpp"

namespace beastio::transport {

class TlsHandshake;

class TlsHandshakeHost {
 public:
  /// It is over, and must be destroyed, but not before the end of the batch. `stream` is none if
  /// nothing came of it.
  virtual void onHandshake(TlsHandshake& handshake, std::shared_ptr<TlsStream> stream) = 0;
  /// Called before that if it was not us who gave it up.
  virtual void onHandshakeFailed(const FailedHandshake& failed) = 0;

 protected:
  ~TlsHandshakeHost() = default;
};

class TlsHandshake final : private StreamOwner, private session::TimerClient {
 public:
  /// `peer`: for the report if it fails.
  TlsHandshake(Environment& environment, TlsHandshakeHost& host, std::shared_ptr<TlsStream> stream,
               Endpoint peer)
      : TimerClient(environment.timers),
        host_(host),
        stream_(std::move(stream)),
        peer_(std::move(peer)) {}

  void start(std::chrono::steady_clock::time_point deadline) {
    armTimer(deadline);
    stream_->setOwner(*this);
  }
  void destroy() {
    if (stream_) stream_->close();
    over(nullptr);
  }

 private:
  void onBytes(protocol::MutableBytes) override {}  // none before the handshake is done
  void onWritable() override {
    auto stream = stream_;
    over(std::move(stream));
  }
  void onEnd() override {
    fail(FailedHandshake::Cause::kGone);
    destroy();
  }
  void onStreamClosed(std::string_view) override {
    const bool isRefused = !stream_->tls()->error().empty();
    fail(isRefused ? FailedHandshake::Cause::kRefused : FailedHandshake::Cause::kGone);
    over(nullptr);
  }
  void onTimer(std::chrono::steady_clock::time_point) override {
    fail(FailedHandshake::Cause::kTooLate);
    destroy();
  }

  void fail(FailedHandshake::Cause cause) {
    if (!stream_) return;
    host_.onHandshakeFailed({.peer = peer_, .cause = cause, .error = stream_->tls()->error()});
  }

  void over(std::shared_ptr<TlsStream> stream) {
    if (!stream_) return;
    stream_.reset();
    host_.onHandshake(*this, std::move(stream));
  }

  TlsHandshakeHost& host_;
  std::shared_ptr<TlsStream> stream_;
  Endpoint peer_;
};

}  // namespace beastio::transport
