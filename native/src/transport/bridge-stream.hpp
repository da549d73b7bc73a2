// The bridge: a stream that only the host can read and write (TLS terminated by Node, proxies,
// duplex pairs). Bytes come by Engine::streamData and leave by EngineHandler::onStreamWrite.
// Runs on: the I/O thread. Bound: kWindowBytes are on their way to the host's stream at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "beastio/handler.hpp"
#include "transport/byte-stream.hpp"
#include "transport/environment.hpp"

namespace beastio::transport {

class BridgeStream final : public ByteStream,
                           public Pausable,
                           public std::enable_shared_from_this<BridgeStream> {
 public:
  static constexpr std::size_t kWindowBytes = 256 * 1024;

  BridgeStream(Environment& environment, EngineHandler& handler, RequestId id);

  void setOwner(StreamOwner& owner) override { owner_ = &owner; }
  std::size_t write(std::span<const boost::asio::const_buffer> buffers) override;
  void shutdownWrite() override;
  void close() override;
  void pause(bool paused) override { handler_.onStreamPause(id_, paused); }
  void continueReading() override;

  /// From the host.
  void onHostData(std::string bytes);
  void onHostReadEnd();
  void onHostEnd(std::string_view error);
  void onHostDrain(std::size_t bytes);

 private:
  Environment& environment_;
  EngineHandler& handler_;
  RequestId id_;
  StreamOwner* owner_ = nullptr;
  std::size_t inFlight_ = 0;
  bool blocked_ = false;
  bool paused_ = false;
  bool ended_ = false;
  bool readEnded_ = false;
  bool closed_ = false;
};

}  // namespace beastio::transport
