#include "transport/stream/tls-stream.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "beastio/tls.hpp"
#include "transport/stream/carrier.hpp"

namespace beastio::transport {

namespace {

static_assert(TlsBuffers::kRecordBytes == TlsSession::kMaxRecordBytes);

using Buffers = std::span<const protocol::Bytes>;

// Walks over buffers as if they were one.
class Reader {
 public:
  Reader(Buffers buffers, std::size_t skip) : buffers_(buffers) { advance(skip); }

  /// What lies in one piece from here on; empty at the end.
  protocol::Bytes piece() const {
    if (buffers_.empty()) return {};
    return buffers_.front().subspan(offset_);
  }
  void advance(std::size_t count) {
    offset_ += count;
    while (!buffers_.empty() && offset_ >= buffers_.front().size()) {
      offset_ -= buffers_.front().size();
      buffers_ = buffers_.subspan(1);
    }
  }

 private:
  Buffers buffers_;
  std::size_t offset_ = 0;  // in the first one
};

}  // namespace

TlsStream::TlsStream(Environment& environment, std::shared_ptr<ByteStream> carrier,
                     std::unique_ptr<TlsSession> session, std::string unread, std::string unwritten)
    : environment_(environment),
      carrier_(std::move(carrier)),
      session_(std::move(session)),
      unread_(std::move(unread)),
      unwritten_(std::move(unwritten)),
      established_(session_->established()) {}

TlsStream::~TlsStream() { close(); }

std::string_view TlsStream::error() const { return session_->error(); }

void TlsStream::setOwner(StreamOwner& owner) {
  owner_ = &owner;
  if (std::exchange(started_, true)) return;
  if (unread_.empty()) return start();
  // Not under the feet of an owner that is only just taking the stream.
  environment_.reactor.post([self = shared_from_this()] {
    const auto unread = std::exchange(self->unread_, {});
    self->encrypted_ = protocol::asBytes(unread);
    self->decrypt();
    if (!self->closed_) self->start();
  });
}

void TlsStream::start() {
  carrier_->setOwner(*this);
  if (!unwritten_.empty()) onWritable();
}

// Reading.

void TlsStream::onBytes(protocol::MutableBytes bytes) {
  const auto self = shared_from_this();  // an owner that releases the stream lets go of it
  encrypted_ = bytes;
  decrypt();
}

void TlsStream::decrypt() {
  while (!closed_ && step()) {
  }
  encrypted_ = {};
}

// Returns whether there is more to decrypt.
bool TlsStream::step() {
  auto& buffers = environment_.tlsBuffers();
  buffers.encrypted.clear();
  std::size_t count = 0;
  const auto status = session_->read(encrypted_, buffers.plain, count, buffers.encrypted);
  if (!buffers.encrypted.empty()) {
    send(buffers.encrypted);
    if (unwritten_.size() > kMaxUnwrittenBytes) {
      fail("the peer does not read what TLS answers");
      return false;
    }
  }
  if (!established_ && session_->established()) {
    established_ = true;
    ownerWaits_ = false;
    owner_->onWritable();
  }
  if (count > 0 && !closed_) owner_->onBytes({buffers.plain.data(), count});
  if (closed_) return false;
  if (status == TlsSession::Status::kFailed) {
    fail(session_->error());
  } else if (status == TlsSession::Status::kEnded && !std::exchange(peerEnded_, true)) {
    owner_->onEnd();
  }
  return status == TlsSession::Status::kFull;
}

void TlsStream::onEnd() {
  if (!peerEnded_) fail("the connection was cut off without a goodbye of TLS");
}

void TlsStream::onStreamClosed(std::string_view error) {
  if (std::exchange(closed_, true)) return;
  owner_->onStreamClosed(error);
}

// Writing.

std::size_t TlsStream::write(Buffers buffers) {
  if (closed_ || ending_) return 0;
  if (!established_ || !unwritten_.empty()) {
    ownerWaits_ = true;
    return 0;
  }
  auto taken = std::exchange(aheadBytes_, 0);
  const auto total = protocol::sizeOf(buffers);
  auto& encrypted = environment_.tlsBuffers().encrypted;
  while (taken < total) {
    encrypted.clear();
    const auto count = encryptBatch(buffers, taken, encrypted);
    if (count == 0) {
      environment_.reactor.post(
          [self = shared_from_this()] { self->fail(self->session_->error()); });
      return taken;
    }
    if (!send(encrypted)) {
      aheadBytes_ = count;
      ownerWaits_ = true;
      return taken;
    }
    taken += count;
  }
  return taken;
}

// Encrypts what follows the first `skip` bytes, small buffers joined to whole records. Returns how
// much that was; 0 if the session failed.
std::size_t TlsStream::encryptBatch(Buffers buffers, std::size_t skip, std::string& out) {
  auto& record = environment_.tlsBuffers().record;
  Reader reader(buffers, skip);
  std::size_t total = 0;
  while (total < kBatchBytes && !reader.piece().empty()) {
    auto plain = reader.piece();
    if (plain.size() >= record.size()) {
      plain = plain.first(record.size());
      reader.advance(plain.size());
    } else {
      std::size_t filled = 0;
      while (filled < record.size() && !plain.empty()) {
        const auto count = std::min(plain.size(), record.size() - filled);
        std::memcpy(record.data() + filled, plain.data(), count);
        filled += count;
        reader.advance(count);
        plain = reader.piece();
      }
      plain = protocol::Bytes(record).first(filled);
    }
    if (!session_->write(plain, out)) return 0;
    total += plain.size();
  }
  return total;
}

// Returns whether the carrier took all; what it did not waits in `unwritten_`.
bool TlsStream::send(std::string& encrypted) {
  std::size_t count = 0;
  if (unwritten_.empty()) {
    const auto buffer = protocol::asBytes(encrypted);
    count = carrier_->write({&buffer, 1});
  }
  unwritten_.append(encrypted, count);
  return unwritten_.empty();
}

void TlsStream::onWritable() {
  const auto buffer = protocol::asBytes(unwritten_);
  const auto count = carrier_->write({&buffer, 1});
  if (count < unwritten_.size()) {
    unwritten_.erase(0, count);
    return;
  }
  unwritten_ = {};
  if (ending_) return carrier_->shutdownWrite();
  if (established_ && std::exchange(ownerWaits_, false)) owner_->onWritable();
}

// Ending.

void TlsStream::shutdownWrite() {
  if (closed_ || std::exchange(ending_, true)) return;
  auto& encrypted = environment_.tlsBuffers().encrypted;
  encrypted.clear();
  if (established_) session_->end(encrypted);
  if (send(encrypted)) carrier_->shutdownWrite();
}

void TlsStream::close() {
  if (std::exchange(closed_, true)) return;
  carrier_->close();
}

Carrier TlsStream::release() {
  closed_ = true;
  auto carrier = carrier_->release();
  carrier.tls = std::move(session_);
  carrier.unread = unread_.empty() ? std::string(protocol::asText(encrypted_)) : unread_;
  carrier.unwritten = std::move(unwritten_);
  return carrier;
}

void TlsStream::fail(std::string_view error) {
  if (closed_) return;
  close();
  owner_->onStreamClosed(error);
}

}  // namespace beastio::transport
