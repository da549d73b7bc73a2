// A connection whose TLS handshake is under way. One that takes too long, fails, or speaks plain
// HTTP is closed without an answer, as Node's https server does.
// Runs on: the I/O thread. Owner: the I/O thread, until TlsHandshakeHost::onHandshake.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "session/timer-queue.hpp"
#include "transport/loop/environment.hpp"
#include "transport/loop/peer-address.hpp"
#include "transport/stream/byte-stream.hpp"

namespace beastio {
struct FailedHandshake;
}

namespace beastio::transport {

class TlsHandshake;
class TlsStream;

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
  /// `peer`: for the report if it fails; none: unknown.
  TlsHandshake(Environment& environment, TlsHandshakeHost& host, std::shared_ptr<TlsStream> stream,
               const std::optional<PeerName>& peer);

  void start(std::chrono::steady_clock::time_point deadline);
  void destroy();

 private:
  void onBytes(protocol::MutableBytes) override {}  // none before the handshake is done
  void onWritable() override;
  void onEnd() override;
  void onStreamClosed(std::string_view error) override;
  void onTimer(std::chrono::steady_clock::time_point now) override;

  void fail(FailedHandshake&& failed);
  void over(std::shared_ptr<TlsStream> stream);

  TlsHandshakeHost& host_;
  std::shared_ptr<TlsStream> stream_;
  std::optional<PeerName> peer_;
};

}  // namespace beastio::transport
