#include "transport/stream/host-connection.hpp"

#include <algorithm>
#include <utility>

#include "beastio/host/streams.hpp"

namespace beastio::transport {

void HostConnection::start(std::size_t bytes) {
  inFlight_ = bytes;
  stream_->setOwner(*this);
  pauseIfFull();
}

void HostConnection::onBytes(protocol::MutableBytes bytes) {
  if (bytes.empty()) return;
  inFlight_ += bytes.size();
  handler_.onStreamData(id_, protocol::asText(bytes));
  pauseIfFull();
}

void HostConnection::pauseIfFull() {
  if (paused_ || inFlight_ < kWindowBytes) return;
  paused_ = true;
  stream_->pause(true);
}

void HostConnection::onHostDrain(std::size_t bytes) {
  inFlight_ -= std::min(bytes, inFlight_);
  if (gone_ || !paused_ || inFlight_ > kWindowBytes / 2) return;
  paused_ = false;
  stream_->pause(false);
}

void HostConnection::onHostData(std::string bytes) {
  if (gone_ || finishing_) return;
  queue_.append(protocol::asBytes(bytes));
  flush();
}

void HostConnection::flush() {
  SendQueue::Buffers buffers;
  std::size_t sent = 0;
  while (!queue_.empty()) {
    const auto gathered = queue_.gather(buffers);
    const auto size = protocol::sizeOf(gathered);
    const auto written = stream_->write(gathered);
    queue_.consume(written);
    sent += written;
    if (written < size) break;
  }
  if (sent > 0) handler_.onStreamDrain(id_, sent);
  if (finishing_ && queue_.empty()) stream_->shutdownWrite();
}

void HostConnection::onHostReadEnd() {
  if (gone_ || std::exchange(finishing_, true)) return;
  if (queue_.empty()) stream_->shutdownWrite();
}

void HostConnection::onHostEnd(std::string_view) {
  if (gone_) return;
  stream_->close();
  gone();
}

void HostConnection::onEnd() { handler_.onStreamEnd(id_, false); }

void HostConnection::onStreamClosed(std::string_view) {
  if (gone_) return;
  handler_.onStreamEnd(id_, true);
  gone();
}

void HostConnection::gone() {
  gone_ = true;
  owner_.onGone(*this);
}

}  // namespace beastio::transport
