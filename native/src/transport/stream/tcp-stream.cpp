#include "transport/stream/tcp-stream.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "platform/sockets.hpp"
#include "transport/stream/carrier.hpp"

namespace beastio::transport {

namespace {

static_assert(platform::kMaxSendBuffers == SendQueue::kMaxBuffers);

std::string messageOf(int error) { return std::system_category().message(error); }

}  // namespace

std::shared_ptr<TcpStream> TcpStream::fromDescriptor(Environment& environment, int descriptor,
                                                     From from) {
  if (from == From::kHost) platform::prepareStream(descriptor);
  return std::make_shared<TcpStream>(environment, Descriptor(descriptor), from);
}

TcpStream::TcpStream(Environment& environment, Descriptor socket, From from)
    : environment_(environment), socket_(std::move(socket)), mayHaveMore_(from == From::kListener) {
  environment_.counters.open.add();
}

TcpStream::~TcpStream() {
  unwatch();
  endUse();
}

// Returns whether it was in use.
bool TcpStream::endUse() {
  if (std::exchange(closed_, true)) return false;
  environment_.counters.open.subtract();
  kept_ = nullptr;
  return true;
}

void TcpStream::setOwner(StreamOwner& owner) {
  owner_ = &owner;
  if (closed_) return;
  if (mayRead()) return readLater();
  if (!isWatched_) watch();
}

// The kernel is told of a connection when its first bytes have been read: many end with them.
void TcpStream::watch() {
  isWatched_ = true;
  const auto error = environment_.reactor.add(socket_.get(), *this, watchesWrites_);
  if (error) failLater(error.value());
}

void TcpStream::unwatch() {
  if (std::exchange(isWatched_, false)) environment_.reactor.remove(socket_.get(), *this);
}

void TcpStream::onReady(const Readiness& readiness) {
  const auto self = shared_from_this();  // its owner may let go of it
  if (readiness.writable && std::exchange(awaitingWritable_, false)) owner_->onWritable();
  peerEnded_ = peerEnded_ || readiness.ended;
  mayHaveMore_ = mayHaveMore_ || (readiness.readable && !readEnd_);
  if (!closed_ && !readsLater_) read();
}

void TcpStream::read() {
  for (int turn = 0; mayRead(); ++turn) {
    if (turn == kReadsPerTurn || (turn > 0 && environment_.isTurnFull())) return readLater();
    if (!readOnce()) return;
  }
}

// Returns whether the stream is still open.
bool TcpStream::readOnce() {
  environment_.takeSettings();
  auto& buffer = environment_.readBuffer;
  const auto room = environment_.readableBytes();
  const auto result =
      platform::receiveNow(socket_.get(), std::span(buffer).first(room), platform::kNow);
  if (result < 0) {
    mayHaveMore_ = false;
    const int error = platform::lastSocketError();
    if (platform::isOnlyLater(error)) return true;
    fail(messageOf(error));
    return false;
  }
  const auto count = static_cast<std::size_t>(result);
  // Less than there is room for is all that the kernel has.
  mayHaveMore_ = count == room || (peerEnded_ && count > 0);
  if (count == 0) {
    readEnd_ = true;
    owner_->onEnd();
    return !closed_;
  }
  environment_.bytesRead += count;
  environment_.counters.bytesIn.add(count);
  const auto before = environment_.keptBytes();
  owner_->onBytes({buffer.data(), count});
  if (closed_) return false;
  if (environment_.exceedsShare(share_, before)) defer();
  return true;
}

void TcpStream::readLater() {
  if (std::exchange(readsLater_, true)) return;
  environment_.reactor.post([self = shared_from_this()] {
    self->readsLater_ = false;
    if (self->closed_) return;
    self->read();
    if (!self->closed_ && !self->isWatched_) self->watch();
  });
}

void TcpStream::defer() {
  deferred_ = true;
  environment_.deferReading(weak_from_this());
}

void TcpStream::continueReading() {
  deferred_ = false;
  if (!closed_ && mayRead()) readLater();
}

std::size_t TcpStream::write(std::span<const protocol::Bytes> buffers) {
  if (closed_ || awaitingWritable_) return 0;
  const auto result = platform::sendNow(socket_.get(), buffers, platform::kNow);
  if (result < 0 && !platform::isOnlyLater(platform::lastSocketError())) {
    failLater(platform::lastSocketError());
    return 0;
  }
  const auto count = static_cast<std::size_t>(std::max<ssize_t>(result, 0));
  environment_.counters.bytesOut.add(count);
  if (count < protocol::sizeOf(buffers)) awaitWritable();
  return count;
}

void TcpStream::awaitWritable() {
  awaitingWritable_ = true;
  if (std::exchange(watchesWrites_, true) || !isWatched_) return;
  environment_.reactor.watchWrites(socket_.get(), *this);
}

void TcpStream::shutdownWrite() {
  if (!closed_) platform::shutdownSending(socket_.get());
}

void TcpStream::close() {
  if (!endUse()) return;
  unwatch();
  socket_ = Descriptor(Descriptor::kNone);
}

void TcpStream::pause(bool paused) {
  paused_ = paused;
  if (!closed_ && owner_ != nullptr && mayRead()) readLater();
}

Carrier TcpStream::release() {
  auto kept = std::move(kept_);
  endUse();
  unwatch();
  Carrier carrier(std::exchange(socket_, Descriptor(Descriptor::kNone)));
  carrier.kept = std::move(kept);
  return carrier;
}

void TcpStream::fail(const std::string& error) {
  if (closed_) return;
  close();
  owner_->onStreamClosed(error);
}

// A write failed under its owner's feet: tells it from a clean stack.
void TcpStream::failLater(int error) {
  environment_.reactor.post([self = shared_from_this(), error] { self->fail(messageOf(error)); });
}

}  // namespace beastio::transport
