// A connection with TLS that the host serves: the reverse of the bridge. Its plain bytes cross to
// the host as records, and what the host writes comes back. Runs on: the I/O thread. Owner: the I/O
// thread, by shared_ptr until HostConnectionOwner::onGone. Bound: kWindowBytes are on their way to
// the host, then reading pauses; in the other direction the host waits for onStreamDrain.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "transport/loop/environment.hpp"
#include "transport/loop/send-queue.hpp"
#include "transport/stream/byte-stream.hpp"
#include "transport/stream/host-stream.hpp"

namespace beastio {
class StreamHandler;
using RequestId = std::uint32_t;
}  // namespace beastio

namespace beastio::transport {

class HostConnection;

class HostConnectionOwner {
 public:
  /// The connection is over and must be destroyed, but not before the end of the batch.
  virtual void onGone(HostConnection& connection) = 0;

 protected:
  ~HostConnectionOwner() = default;
};

class HostConnection final : public HostStream, private StreamOwner {
 public:
  HostConnection(Environment& environment, HostConnectionOwner& owner, StreamHandler& handler,
                 RequestId id, std::shared_ptr<ByteStream> stream)
      : owner_(owner),
        handler_(handler),
        id_(id),
        stream_(std::move(stream)),
        queue_(environment.chunks) {}

  RequestId id() const { return id_; }
  /// Goes on after the bytes that the host was given with the connection.
  void start(std::size_t bytes);

  // HostStream
  void onHostData(std::string bytes) override;
  void onHostReadEnd() override;
  void onHostEnd(std::string_view error) override;
  void onHostDrain(std::size_t bytes) override;
  TlsSession* clientTls() const override { return stream_->tls(); }

 private:
  // StreamOwner
  void onBytes(protocol::MutableBytes bytes) override;
  void onWritable() override { flush(); }
  void onEnd() override;
  void onStreamClosed(std::string_view error) override;

  void flush();
  void pauseIfFull();
  void gone();

  HostConnectionOwner& owner_;
  StreamHandler& handler_;
  RequestId id_;
  std::shared_ptr<ByteStream> stream_;
  SendQueue queue_;
  std::size_t inFlight_ = 0;  // on their way to the host
  bool paused_ = false;
  bool finishing_ = false;
  bool gone_ = false;
};

}  // namespace beastio::transport
