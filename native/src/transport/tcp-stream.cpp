#include "transport/tcp-stream.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <utility>

namespace beastio::transport {
namespace asio = boost::asio;
using boost::system::error_code;

std::shared_ptr<TcpStream> TcpStream::fromDescriptor(Environment& environment, int descriptor) {
  Socket socket(environment.io.get_executor());
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  error_code error;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    error.assign(errno, boost::system::system_category());
  } else {
    socket.assign(asio::generic::stream_protocol(address.ss_family, 0), descriptor, error);
  }
  if (error) {
    ::close(descriptor);
  } else {
    socket.non_blocking(true, error);
    if (address.ss_family == AF_INET || address.ss_family == AF_INET6) {
      const int on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
  }
  return std::make_shared<TcpStream>(environment, std::move(socket));
}

TcpStream::TcpStream(Environment& environment, Socket socket)
    : environment_(environment), socket_(std::move(socket)) {}

void TcpStream::setOwner(StreamOwner& owner) {
  owner_ = &owner;
  if (!socket_.is_open() && !closed_) return failLater(asio::error::bad_descriptor);
  read();
}

void TcpStream::read() {
  if (reading_ || closed_ || paused_) return;
  if (environment_.readingPaused()) return environment_.deferReading(weak_from_this());
  reading_ = true;
  socket_.async_read_some(asio::buffer(idleBuffer_),
                          [self = shared_from_this()](const error_code& error, std::size_t count) {
                            self->onRead(error, count);
                          });
}

void TcpStream::onRead(const error_code& error, std::size_t count) {
  reading_ = false;
  if (closed_) return;
  const bool settling = std::exchange(settling_, false);
  if (settling && error == asio::error::operation_aborted) {
    deliver({});
    return read();
  }
  if (error) return failReading(error);
  if (count < idleBuffer_.size() || environment_.readingPaused()) {
    deliver({idleBuffer_.data(), count});
  } else if (!drain(count)) {
    return;
  }
  read();
}

// The idle buffer was filled: joins it with what else has arrived, so that frames are whole.
bool TcpStream::drain(std::size_t count) {
  auto& buffer = environment_.readBuffer;
  std::memcpy(buffer.data(), idleBuffer_.data(), count);
  for (int turn = 0; turn < kReadsPerTurn; ++turn) {
    error_code error;
    const auto more =
        socket_.read_some(asio::buffer(buffer.data() + count, buffer.size() - count), error);
    if (error && error != asio::error::would_block) {
      if (count > 0) deliver({buffer.data(), count});
      if (!closed_) failReading(error);
      return false;
    }
    const auto total = count + more;
    if (total > 0) deliver({buffer.data(), total});
    if (closed_) return false;
    if (total < buffer.size() || paused_ || environment_.readingPaused()) break;
    count = 0;
  }
  return true;
}

void TcpStream::deliver(protocol::MutableBytes bytes) {
  environment_.bytesRead += bytes.size();
  owner_->onBytes(bytes);
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
  if (!paused && owner_ != nullptr) read();
}

// A read may have taken bytes from the socket before its handler runs.
bool TcpStream::settle() {
  if (!reading_ || closed_) return true;
  settling_ = true;
  error_code ignored;
  socket_.cancel(ignored);
  return false;
}

Carrier TcpStream::release() {
  closed_ = true;
  error_code error;
  const int descriptor = socket_.release(error);
  return {.descriptor = Descriptor(error ? Descriptor::kNone : descriptor)};
}

void TcpStream::failReading(const error_code& error) {
  if (error == asio::error::eof) {
    owner_->onEnd();
  } else {
    fail(error);
  }
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
