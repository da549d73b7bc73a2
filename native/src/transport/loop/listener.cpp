#include "transport/loop/listener.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <utility>

#include "beastio/address.hpp"

namespace beastio::transport {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

}  // namespace

Listener::Listener(Environment& environment, OnAccept onAccept)
    : acceptor_(environment.io.get_executor()),
      backoff_(environment.io.get_executor()),
      onAccept_(std::move(onAccept)),
      spare_(::open("/dev/null", O_RDONLY | O_CLOEXEC)) {}

Listener::~Listener() {
  if (spare_ >= 0) ::close(spare_);
}

std::optional<Endpoint> Listener::bind(const ListenOptions& options, std::error_code& error) {
  error_code failure;
  const auto address = asio::ip::make_address(options.host, failure);
  if (failure) {
    error = std::make_error_code(std::errc::invalid_argument);
    return std::nullopt;
  }
  const asio::ip::tcp::endpoint endpoint(address, options.port);
  const int descriptor =
      ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) failure.assign(errno, boost::system::system_category());
  if (!failure) acceptor_.assign(endpoint.protocol(), descriptor, failure);
  if (!failure) acceptor_.set_option(asio::socket_base::reuse_address(true), failure);
  if (!failure && options.reusePort) acceptor_.set_option(ReusePort(true), failure);
  if (!failure && address.is_v6()) {
    acceptor_.set_option(asio::ip::v6_only(options.ipv6Only), failure);
  }
  // On Linux accepted sockets have it from the one that listens.
  if (!failure) acceptor_.set_option(asio::ip::tcp::no_delay(true), failure);
  if (!failure) acceptor_.bind(endpoint, failure);
  if (!failure) acceptor_.listen(options.backlog, failure);
  if (failure) {
    error = failure;
    error_code ignored;
    acceptor_.close(ignored);
    return std::nullopt;
  }
  return localOf(descriptor);
}

void Listener::start() { wait(); }

void Listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  backoff_.cancel();
}

void Listener::wait() {
  acceptor_.async_wait(Acceptor::wait_read, [self = shared_from_this()](const error_code& error) {
    if (error || !self->acceptor_.is_open()) return;
    if (self->accept()) return self->wait();
    self->backOff();
  });
}

void Listener::backOff() {
  backoff_.expires_after(kBackoff);
  backoff_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error && self->acceptor_.is_open()) self->wait();
  });
}

// Returns whether it makes sense to wait for the next connection at once.
bool Listener::accept() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    PeerName peer{};
    socklen_t length = sizeof peer;
    const int descriptor = ::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&peer),
                                     &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor >= 0) {
      onAccept_(descriptor, peer);
    } else if (errno == EMFILE || errno == ENFILE) {
      return shedLoad();
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return true;
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return false;
    }
  }
  return true;
}

// Returns whether there was a spare descriptor; another thread may have taken it.
bool Listener::shedLoad() {
  if (spare_ >= 0) {
    ::close(spare_);
    const int descriptor = ::accept(acceptor_.native_handle(), nullptr, nullptr);
    if (descriptor >= 0) ::close(descriptor);
  }
  spare_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  return spare_ >= 0;
}

}  // namespace beastio::transport
