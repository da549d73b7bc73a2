#include "transport/channel/connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "beastio/names.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::transport {
namespace {

constexpr std::size_t kCopyBelowBytes = 2 * 1024;  // a copy is cheaper than one more segment
// A system call of its own is cheaper than a copy.
constexpr std::size_t kSendThroughBytes = 16 * 1024;

}  // namespace

Connection::Connection(Environment& environment, ConnectionHost& host,
                       std::shared_ptr<ByteStream> stream)
    : TimerClient(environment.timers),
      environment_(environment),
      stream_(std::move(stream)),
      host_(host),
      queue_(environment.chunks) {}

// Writing.

void Connection::queue(std::shared_ptr<const std::string> payload) {
  if (payload->size() < kCopyBelowBytes) {
    queue(protocol::asBytes(*payload));
  } else {
    queue_.append(std::move(payload));
  }
}

void Connection::sendShared(const std::shared_ptr<const std::string>& frame, bool atOnce) {
  if (!writable()) {
    queue(frame);
  } else if (!atOnce) {
    queue_.append(frame);
  } else {
    // A second visit at the end of the batch would find the connection gone from the caches.
    const auto bytes = protocol::asBytes(*frame);
    const auto written = stream_->write({&bytes, 1});
    queue_.append(frame, written);
    if (!writable()) block();
    return;
  }
  flushSoon();
}

void Connection::queueMessage(std::string_view header, std::string_view payload,
                              const session::Outgoing* shared) {
  // The host hears of a session before the first bytes leave.
  const bool leavesAtOnce = payload.size() >= kSendThroughBytes && queue_.consumed() > 0;
  if (leavesAtOnce && !blocked_) flushQueue();
  if (leavesAtOnce && writable() && !gone_) return sendThrough(header, payload, shared);
  queue(header);
  if (shared != nullptr && payload.size() >= kCopyBelowBytes) {
    queue_.append(sharedOf(payload, *shared));
  } else {
    queue(payload);
  }
}

// Order: while the queue is empty. What the stream does not take is queued.
void Connection::sendThrough(std::string_view header, std::string_view payload,
                             const session::Outgoing* shared) {
  const std::array buffers{protocol::asBytes(header), protocol::asBytes(payload)};
  const auto written = stream_->write(buffers);
  const auto ofHeader = std::min(written, header.size());
  const auto ofPayload = written - ofHeader;
  queue_.skip(ofHeader);
  queue(header.substr(ofHeader));
  if (ofPayload == payload.size()) {
    queue_.skip(ofPayload);
  } else if (shared != nullptr && writable()) {
    queue_.append(sharedOf(payload, *shared), ofPayload);
  } else {
    queue_.skip(ofPayload);
    queue(payload.substr(ofPayload));
  }
  if (!writable()) block();
}

// A copy that all who need one have in common.
const std::shared_ptr<const std::string>& Connection::sharedOf(std::string_view payload,
                                                               const session::Outgoing& packet) {
  if (!packet.shared) packet.shared = environment_.chunks.waiting.share(std::string(payload));
  return packet.shared;
}

void Connection::flushQueue() {
  environment_.affinity.check();
  if (gone_ || blocked_) return;
  SendQueue::Buffers buffers;
  while (!queue_.empty()) {
    const auto gathered = queue_.gather(buffers);
    const auto size = protocol::sizeOf(gathered);
    const auto written = stream_->write(gathered);
    queue_.consume(written);
    if (written < size) return block();
  }
  onFlushed();
}

// Whoever gets here has taken something, or has had nothing to take before.
void Connection::block() {
  blocked_ = true;
  blockedSince_ = environment_.now();
}

std::optional<std::chrono::steady_clock::time_point> Connection::stalledSince() const {
  return blocked_ ? std::optional(blockedSince_) : std::nullopt;
}

void Connection::onWritable() {
  environment_.affinity.check();
  blocked_ = false;
  flushQueue();
  if (session_ != nullptr) session_->onWritten(*this);
}

// Reading.

void Connection::pause(bool paused) {
  isPaused_ = paused;
  if (!gone_) stream_->pause(paused);
}

// Ending.

void Connection::terminate() {
  session_ = nullptr;
  if (!gone_ && !queue_.empty()) flushQueue();
  if (gone_) return;
  stream_->close();
  gone();
}

void Connection::cutOff() {
  detach(CloseReason::kTransportClose, {});
  terminate();
}

// `transport close`, whatever the error, as with engine.io.
void Connection::onStreamClosed(std::string_view) {
  if (gone_) return;
  detach(CloseReason::kTransportClose, {});
  gone();
}

void Connection::detach(CloseReason reason, std::string_view description) {
  if (auto* session = std::exchange(session_, nullptr)) {
    session->onChannelClosed(*this, reason, description);
  }
}

void Connection::armCloseTimer() {
  armTimer(environment_.now() + environment_.settings->closeTimeout);
}

void Connection::onTimer(std::chrono::steady_clock::time_point) { terminate(); }

void Connection::gone() {
  gone_ = true;
  queue_.clear();
  host_.onGone(*this);
}

}  // namespace beastio::transport
