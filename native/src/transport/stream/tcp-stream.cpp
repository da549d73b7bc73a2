#include "transport/stream/tcp-stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "transport/stream/carrier.hpp"

namespace beastio::transport {
namespace asio = boost::asio;
using boost::system::error_code;

std::shared_ptr<TcpStream> TcpStream::fromDescriptor(Environment& environment, int descriptor,
                                                     From from) {
  Socket socket(environment.io.get_executor());
  error_code error;
  // Asio does nothing that depends on the family; to ask for it would be a system call.
  socket.assign(asio::generic::stream_protocol(AF_UNSPEC, 0), descriptor, error);
  if (error) {
    ::close(descriptor);
  } else {
    socket.non_blocking(true, error);
    const int on = 1;  // fails without harm on a unix socket
    if (from == From::kHost) ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  return std::make_shared<TcpStream>(environment, std::move(socket), from);
}

TcpStream::TcpStream(Environment& environment, Socket socket, From from)
    : environment_(environment), socket_(std::move(socket)), hasNews_(from == From::kListener) {}

void TcpStream::setOwner(StreamOwner& owner) {
  owner_ = &owner;
  if (!socket_.is_open() && !closed_) return failLater(asio::error::bad_descriptor);
  awaitReadable();
}

void TcpStream::awaitReadable() {
  if (awaitingReadable_ || closed_ || paused_ || deferred_) return;
  awaitingReadable_ = true;
  if (std::exchange(hasNews_, false)) {
    return asio::post(environment_.io, [self = shared_from_this()] { self->onReadable({}); });
  }
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const error_code& error) {
    self->onReadable(error);
  });
}

void TcpStream::onReadable(const error_code& error) {
  awaitingReadable_ = false;
  if (closed_) return;
  if (error) return fail(error);
  if (drain()) awaitReadable();
}

// Returns whether there is something to wait for.
bool TcpStream::drain() {
  auto& buffer = environment_.readBuffer;
  for (int turn = 0; turn < kReadsPerTurn; ++turn) {
    if (paused_ || deferred_) return true;
    environment_.takeSettings();
    error_code error;
    const auto room = environment_.readableBytes();
    const auto count = socket_.read_some(asio::buffer(buffer, room), error);
    if (error == asio::error::would_block) return true;
    if (error == asio::error::eof) {
      owner_->onEnd();
      return false;
    }
    if (error) {
      fail(error);
      return false;
    }
    environment_.bytesRead += count;
    const auto before = environment_.keptBytes();
    owner_->onBytes({buffer.data(), count});
    if (closed_) return false;
    if (environment_.exceedsShare(share_, before)) defer();
    if (count < room) return true;  // the kernel has no more
    if (environment_.isTurnFull()) return true;
  }
  return true;
}

void TcpStream::defer() {
  deferred_ = true;
  environment_.deferReading(weak_from_this());
}

void TcpStream::continueReading() {
  deferred_ = false;
  awaitReadable();
}

std::size_t TcpStream::write(std::span<const asio::const_buffer> buffers) {
  if (closed_ || awaitingWritable_) return 0;
  error_code error;
  // One buffer leaves by send(2), which costs the kernel less than sendmsg(2).
  const auto count = buffers.size() == 1 ? socket_.write_some(buffers.front(), error)
                                         : socket_.write_some(buffers, error);
  if (error && error != asio::error::would_block) {
    failLater(error);
    return 0;
  }
  if (count < asio::buffer_size(buffers)) awaitWritable();
  return count;
}

void TcpStream::awaitWritable() {
  awaitingWritable_ = true;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const error_code& error) {
    self->awaitingWritable_ = false;
    if (self->closed_) return;
    if (error) return self->fail(error);
    self->owner_->onWritable();
  });
}

void TcpStream::shutdownWrite() {
  error_code ignored;
  if (!closed_) socket_.shutdown(Socket::shutdown_send, ignored);
}

void TcpStream::close() {
  if (closed_) return;
  closed_ = true;
  error_code ignored;
  socket_.close(ignored);
}

void TcpStream::pause(bool paused) {
  paused_ = paused;
  if (!paused && owner_ != nullptr) awaitReadable();
}

Carrier TcpStream::release() {
  closed_ = true;
  error_code error;
  const int descriptor = socket_.release(error);
  return Carrier(Descriptor(error ? Descriptor::kNone : descriptor));
}

void TcpStream::fail(const error_code& error) {
  if (closed_) return;
  close();
  owner_->onStreamClosed(error.message());
}

// A write failed under its owner's feet: tells it from a clean stack.
void TcpStream::failLater(const error_code& error) {
  asio::post(environment_.io, [self = shared_from_this(), error] { self->fail(error); });
}

}  // namespace beastio::transport
