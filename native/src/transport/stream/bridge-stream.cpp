#include "transport/stream/bridge-stream.hpp"

#include <algorithm>
#include <utility>

#include "beastio/host/streams.hpp"

namespace beastio::transport {

BridgeStream::BridgeStream(Environment& environment, StreamHandler& handler, RequestId id)
    : environment_(environment), handler_(handler), id_(id) {}

std::size_t BridgeStream::write(std::span<const protocol::Bytes> buffers) {
  if (closed_ || ended_) return 0;
  const auto room = kWindowBytes - std::min(inFlight_, kWindowBytes);
  std::string bytes;
  for (const auto& buffer : buffers) {
    const auto taken = std::min(buffer.size(), room - bytes.size());
    bytes.append(protocol::asText(buffer).substr(0, taken));
  }
  blocked_ = bytes.size() < protocol::sizeOf(buffers);
  if (bytes.empty()) return 0;
  inFlight_ += bytes.size();
  environment_.counters.bytesOut.add(bytes.size());
  handler_.onStreamData(id_, bytes);
  return bytes.size();
}

void BridgeStream::shutdownWrite() {
  if (closed_ || ended_) return;
  ended_ = true;
  handler_.onStreamEnd(id_, false);
}

void BridgeStream::pause(bool paused) {
  isHeld_ = paused;
  tellTaken();
}

// While nothing is to be read, the host is told nothing. So it stops at the end of its window.
void BridgeStream::tellTaken() {
  if (closed_ || isHeld_ || paused_ || untold_ < kToldBytes) return;
  handler_.onStreamTaken(id_, std::exchange(untold_, 0));
}

void BridgeStream::close() {
  if (closed_) return;
  closed_ = true;
  // After the peer's end nothing more can come: what the host has taken may still be written.
  handler_.onStreamEnd(id_, !readEnded_ || blocked_);
}

void BridgeStream::onHostData(std::string bytes) {
  if (closed_) return;
  environment_.bytesRead += bytes.size();
  environment_.counters.bytesIn.add(bytes.size());
  untold_ += bytes.size();
  const auto before = environment_.keptBytes();
  owner_->onBytes({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  if (!closed_ && !paused_ && environment_.exceedsShare(share_, before)) {
    paused_ = true;
    environment_.deferReading(weak_from_this());
  }
  tellTaken();
}

void BridgeStream::continueReading() {
  if (closed_ || !paused_) return;
  paused_ = false;
  tellTaken();
}

void BridgeStream::onHostReadEnd() {
  if (closed_) return;
  readEnded_ = true;
  owner_->onEnd();
}

void BridgeStream::onHostEnd(std::string_view error) {
  if (closed_) return;
  closed_ = true;
  owner_->onStreamClosed(error);
}

void BridgeStream::onHostDrain(std::size_t bytes) {
  inFlight_ -= std::min(bytes, inFlight_);
  if (!closed_ && blocked_ && inFlight_ < kWindowBytes) {
    blocked_ = false;
    owner_->onWritable();
  }
}

}  // namespace beastio::transport
