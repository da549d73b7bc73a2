#include "transport/loop/listener.hpp"

#include <utility>

#include "beastio/address.hpp"
#include "platform/sockets.hpp"
#include "transport/loop/socket-address.hpp"

namespace beastio::transport {
namespace {

std::error_code lastError() { return {platform::lastSocketError(), std::system_category()}; }

Descriptor openSpare() { return Descriptor(platform::openSpare()); }

// Binds and listens. Errors: returns false; see lastError.
bool listenOn(int socket, const SocketAddress& address, const ListenOptions& options) {
  const auto set = [socket](int level, int name, int value) {
    return platform::setOption(socket, level, name, value);
  };
  const bool isV6 = address.name.ss_family == AF_INET6;
  return set(SOL_SOCKET, SO_REUSEADDR, 1) &&
         (!options.reusePort || set(SOL_SOCKET, SO_REUSEPORT, 1)) &&
         (!isV6 || set(IPPROTO_IPV6, IPV6_V6ONLY, options.ipv6Only ? 1 : 0)) &&
         set(IPPROTO_TCP, TCP_NODELAY, 1) &&
         ::bind(socket, reinterpret_cast<const sockaddr*>(&address.name), address.length) == 0 &&
         ::listen(socket, options.backlog) == 0;
}

}  // namespace

Listener::Listener(Environment& environment, OnAccept onAccept)
    : TimerClient(environment.timers),
      environment_(environment),
      onAccept_(std::move(onAccept)),
      spare_(openSpare()) {}

Listener::~Listener() { close(); }

std::optional<Endpoint> Listener::bind(const ListenOptions& options, std::error_code& error) {
  auto bound = options.unixPath.empty() ? bindTcp(options, error) : bindUnix(options, error);
  if (!bound) socket_ = Descriptor(Descriptor::kNone);
  return bound;
}

std::optional<Endpoint> Listener::bindTcp(const ListenOptions& options, std::error_code& error) {
  const auto address = socketAddressOf(options.host, options.port);
  if (!address) {
    error = std::make_error_code(std::errc::invalid_argument);
    return std::nullopt;
  }
  socket_ = Descriptor(platform::openStreamSocket(address->name.ss_family));
  if (socket_.valid() && listenOn(socket_.get(), *address, options)) return localOf(socket_.get());
  error = lastError();
  return std::nullopt;
}

std::optional<Endpoint> Listener::bindUnix(const ListenOptions& options, std::error_code& error) {
  socket_ = Descriptor(platform::openStreamSocket(AF_UNIX));
  if (!socket_.valid()) {
    error = lastError();
    return std::nullopt;
  }
  error = path_.bind(socket_.get(), options.unixPath);
  if (error) return std::nullopt;
  if (::listen(socket_.get(), options.backlog) == 0) return Endpoint{};
  error = lastError();
  path_.remove();
  return std::nullopt;
}

std::error_code Listener::start() { return environment_.reactor.add(socket_.get(), *this); }

void Listener::close() {
  if (!socket_.valid()) return;
  environment_.reactor.remove(socket_.get(), *this);
  path_.remove();  // before the socket: a client finds nobody, or who listens next
  socket_ = Descriptor(Descriptor::kNone);
}

void Listener::acceptAll() {
  if (!socket_.valid() || isBackingOff_) return;
  const auto next = accept();
  if (next == Next::kGoOn) {
    environment_.reactor.post([self = shared_from_this()] { self->acceptAll(); });
  } else if (next == Next::kBackOff) {
    isBackingOff_ = true;
    armTimer(environment_.now() + kBackoff);
  }
}

void Listener::onTimer(std::chrono::steady_clock::time_point) {
  isBackingOff_ = false;
  acceptAll();
}

Listener::Next Listener::accept() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    PeerName peer{};
    socklen_t length = sizeof peer;
    const int descriptor =
        platform::acceptFrom(socket_.get(), reinterpret_cast<sockaddr*>(&peer), &length);
    if (descriptor >= 0) {
      onAccept_(descriptor, peer);
      if (!socket_.valid()) return Next::kWait;
      continue;
    }
    const int error = platform::lastSocketError();
    if (platform::isOutOfDescriptors(error)) return shedLoad();
    if (platform::isOnlyLater(error)) return Next::kWait;
    if (!platform::isOfOneClient(error)) return Next::kBackOff;
  }
  return Next::kGoOn;
}

// Turns one client away by means of the spare descriptor. Another thread may take that meanwhile.
Listener::Next Listener::shedLoad() {
  bool isAnyLeft = true;
  if (spare_.valid()) {
    spare_ = Descriptor(Descriptor::kNone);
    const Descriptor turnedAway(platform::acceptFrom(socket_.get(), nullptr, nullptr));
    isAnyLeft = turnedAway.valid() || !platform::isOnlyLater(platform::lastSocketError());
  }
  spare_ = openSpare();
  if (!spare_.valid()) return Next::kBackOff;
  return isAnyLeft ? Next::kGoOn : Next::kWait;
}

}  // namespace beastio::transport
