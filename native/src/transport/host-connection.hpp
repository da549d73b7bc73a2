// A connection with TLS that the host serves: the reverse of the bridge. Its plain bytes cross to
// the host as records, and what the host writes comes back. Runs on: the I/O thread. Owner: the I/O
// thread, by shared_ptr until HostConnectionOwner::onGone. Bound: kWindowBytes are on their way to
// the host, then reading pauses; in the other direction the host waits for onStreamDrain.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "beastio/handler.hpp"
#include "transport/byte-stream.hpp"
#include "transport/environment.hpp"
#include "transport/send-queue.hpp"

namespace beastio::transport {

class HostConnection;

class HostConnectionOwner {
 public:
  /// The connection is over and must be destroyed, but not before the end of the batch.
  virtual void onGone(HostConnection& connection) = 0;

 protected:
  ~HostConnectionOwner() = default;
};

class HostConnection final : private StreamOwner {
 public:
  static constexpr std::size_t kWindowBytes = 256 * 1024;

  HostConnection(Environment& environment, HostConnectionOwner& owner, EngineHandler& handler,
                 RequestId id, std::shared_ptr<ByteStream> stream)
      : owner_(owner),
        handler_(handler),
        id_(id),
        stream_(std::move(stream)),
        queue_(environment.spareChunks) {}

  RequestId id() const { return id_; }
  /// Goes on after the bytes that the host was given with the connection.
  void start(std::size_t bytes);

  // From the host.
  void write(std::string_view bytes);
  /// The host has taken `bytes` of what it was given.
  void acknowledge(std::size_t bytes);
  /// Ends our direction after what was written.
  void finish();
  void destroy();
  TlsSession* tls() const { return stream_->tls(); }

 private:
  // StreamOwner
  void onBytes(protocol::MutableBytes bytes) override;
  void onWritable() override { flush(); }
  void onEnd() override { handler_.onStreamEnd(id_, false); }
  void onStreamClosed(std::string_view error) override;

  void flush();
  void pauseIfFull();
  void gone();

  HostConnectionOwner& owner_;
  EngineHandler& handler_;
  RequestId id_;
  std::shared_ptr<ByteStream> stream_;
  SendQueue queue_;
  std::size_t inFlight_ = 0;  // on their way to the host
  bool paused_ = false;
  bool finishing_ = false;
  bool gone_ = false;
};

}  // namespace beastio::transport
