// The bridge: a stream that only the host can read and write (TLS terminated by Node, proxies,
// duplex pairs). Bytes come by Engine::streamData and leave by StreamHandler::onStreamData.
// Runs on: the I/O thread. Bounds: kWindowBytes are on their way to the host's stream at a time.
// The host gives no more than 256 KiB beyond what it was told of.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "transport/loop/environment.hpp"
#include "transport/stream/byte-stream.hpp"
#include "transport/stream/host-stream.hpp"

namespace beastio {
class StreamHandler;
using RequestId = std::uint32_t;
}  // namespace beastio

namespace beastio::transport {

class BridgeStream final : public ByteStream,
                           public HostStream,
                           public Pausable,
                           public std::enable_shared_from_this<BridgeStream> {
 public:
  /// How much of what the host gives is taken before it is told.
  static constexpr std::size_t kToldBytes = 64 * 1024;

  BridgeStream(Environment& environment, StreamHandler& handler, RequestId id);

  void setOwner(StreamOwner& owner) override { owner_ = &owner; }
  std::size_t write(std::span<const protocol::Bytes> buffers) override;
  void shutdownWrite() override;
  void close() override;
  void pause(bool paused) override;
  bool isDeferred() const override { return paused_; }
  void continueReading() override;

  // HostStream
  void onHostData(std::string bytes) override;
  void onHostReadEnd() override;
  void onHostEnd(std::string_view error) override;
  void onHostDrain(std::size_t bytes) override;

 private:
  void tellTaken();

  Environment& environment_;
  StreamHandler& handler_;
  RequestId id_;
  StreamOwner* owner_ = nullptr;
  std::size_t inFlight_ = 0;
  std::size_t untold_ = 0;  // taken
  bool blocked_ = false;
  bool paused_ = false;  // the host cannot keep up
  bool isHeld_ = false;  // by the owner
  bool ended_ = false;
  bool readEnded_ = false;
  bool closed_ = false;
  InboxShare share_;
};

}  // namespace beastio::transport
