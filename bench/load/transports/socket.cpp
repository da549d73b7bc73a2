// System calls, and OpenSSL over a non-blocking descriptor.
#include "transports/socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "error.hpp"

namespace load {
namespace {

int connectTo(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) failWithErrno("cannot make a socket");
  // On loopback the kernel completes it from the backlog at once. Where that is full, TCP tries
  // again after a second, and other clients go on meanwhile.
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    const int error = errno;
    close(descriptor);
    errno = error;
    failWithErrno("refused");
  }
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return descriptor;
}

int clampToInt(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

}  // namespace

TlsContext::TlsContext() : context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
  if (context_ == nullptr) throw LoadError("OpenSSL cannot make a context");
  SSL_CTX_set_verify(get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_mode(get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
}

Socket::Socket(std::uint16_t port, const TlsContext* tls) : descriptor_(connectTo(port)) {
  if (tls == nullptr) return;
  tls_.reset(SSL_new(tls->get()));
  if (tls_ == nullptr || SSL_set_fd(tls_.get(), descriptor_) != 1) {
    throw LoadError("OpenSSL cannot make a connection");
  }
  SSL_set_connect_state(tls_.get());
}

Socket::~Socket() { close(descriptor_); }

void Socket::resetOnClose() const {
  const linger none{.l_onoff = 1, .l_linger = 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

void Socket::flush() {
  if (outgoing_.empty()) return;
  if (tls_ == nullptr) {
    flushPlain();
  } else {
    flushTls();
  }
}

void Socket::flushPlain() {
  const ssize_t sent = send(descriptor_, outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL);
  if (sent >= 0) {
    outgoing_.erase(0, static_cast<std::size_t>(sent));
  } else if (errno != EAGAIN) {
    throw LoadError(std::string("lost while sending: ") + std::strerror(errno));
  }
  blocked_ = !outgoing_.empty();
}

void Socket::flushTls() {
  std::size_t done = 0;
  int error = SSL_ERROR_NONE;
  while (done < outgoing_.size() && error == SSL_ERROR_NONE) {
    const int sent =
        SSL_write(tls_.get(), outgoing_.data() + done, clampToInt(outgoing_.size() - done));
    error = SSL_get_error(tls_.get(), sent);
    if (error == SSL_ERROR_NONE) done += static_cast<std::size_t>(sent);
  }
  outgoing_.erase(0, done);
  // While the handshake wants to read, the next thing received is what calls flush() again.
  blocked_ = error == SSL_ERROR_WANT_WRITE;
  if (error != SSL_ERROR_NONE && error != SSL_ERROR_WANT_WRITE && error != SSL_ERROR_WANT_READ) {
    throw LoadError("TLS failed while sending");
  }
}

std::size_t Socket::receive(std::span<char> buffer) {
  if (tls_ != nullptr) {
    const int count = SSL_read(tls_.get(), buffer.data(), clampToInt(buffer.size()));
    if (count > 0) return static_cast<std::size_t>(count);
    const int error = SSL_get_error(tls_.get(), count);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return 0;
    throw LoadError(error == SSL_ERROR_ZERO_RETURN ? "closed by the server"
                                                   : "TLS failed while receiving");
  }
  const ssize_t count = recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count > 0) return static_cast<std::size_t>(count);
  if (count == 0) throw LoadError("closed by the server without a close frame");
  if (errno == EAGAIN) return 0;
  throw LoadError(std::string("lost: ") + std::strerror(errno));
}

}  // namespace load
