#include "beastio/socketio/server.hpp"

#include <atomic>
#include <csignal>
#include <utility>

#include "beastio/engine.hpp"
#include "beastio/tls.hpp"
#include "socketio/server/server-core.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

Server::Server() : Server(ServerOptions{}) {}
Server::Server(const ServerOptions& options) : core_(ServerCore::make(options, *this)) {}

Server::~Server() {
  close();
  core_->stop();
}

Namespace& Server::of(std::string_view name) {
  if (name.starts_with('/')) return core_->makeNamespace(name);
  return core_->makeNamespace("/" + std::string(name));
}

Server& Server::ofMatching(std::function<bool(std::string_view name, const Handshake&)> matches,
                           std::function<void(Namespace&)> setUp) {
  core_->match(std::move(matches), std::move(setUp));
  return *this;
}

Server& Server::onConnection(std::function<void(Socket&)> listener) {
  of("/").onConnection(std::move(listener));
  return *this;
}

Server& Server::onLimit(std::function<void(const LimitNotice&)> listener) {
  core_->onLimit(std::move(listener));
  return *this;
}

Server& Server::onError(std::function<void(const ErrorReport&)> listener) {
  core_->onError(std::move(listener));
  return *this;
}

Endpoint Server::listen(std::uint16_t port, std::string host) {
  std::error_code error;
  auto bound = listen({.host = std::move(host), .port = port}, error);
  if (error) throw std::system_error(error, "listen");
  return bound;
}

Endpoint Server::listen(const ListenOptions& options, std::error_code& error) {
  if (core_->isClosed()) {
    error = Errc::kClosed;
    return {};
  }
  return core_->engine().listen(options, error).value_or(Endpoint{});
}

void Server::setTls(const std::shared_ptr<const TlsContext>& context) {
  core_->engine().setTls(context);
}

void Server::post(unsigned ioThread, std::function<void()> task) {
  if (core_->isClosed()) return;
  core_->post(ioThread, [task = std::move(task)](Shard& shard) { shard.run(task); });
}

std::uint64_t Server::after(std::chrono::milliseconds time, std::function<void()> task,
                            unsigned ioThread) {
  if (core_->isClosed()) return 0;
  return core_->after(ioThread, time, std::move(task));
}

std::uint64_t Server::every(std::chrono::milliseconds period, std::function<void()> task,
                            unsigned ioThread) {
  if (core_->isClosed()) return 0;
  return core_->every(ioThread, period, std::move(task));
}

void Server::cancel(std::uint64_t timer) { core_->engine().cancel(timer); }

unsigned Server::ioThreads() const { return core_->engine().ioThreads(); }

Engine& Server::engine() { return core_->engine(); }

bool Server::close(std::chrono::milliseconds drain) { return core_->close(drain); }

namespace {

std::atomic<bool> isAskedToEnd = false;

extern "C" {
static void beastioAskToEnd(int /*signal*/) { isAskedToEnd = true; }
}

/// Has the signals that end a process set `isAskedToEnd` instead, for its lifetime.
class EndSignals {
 public:
  EndSignals() {
    isAskedToEnd = false;
    struct sigaction ours {};
    ours.sa_handler = beastioAskToEnd;
    ::sigaction(SIGINT, &ours, &beforeInt_);
    ::sigaction(SIGTERM, &ours, &beforeTerm_);
  }
  ~EndSignals() {
    ::sigaction(SIGINT, &beforeInt_, nullptr);
    ::sigaction(SIGTERM, &beforeTerm_, nullptr);
  }
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

 private:
  struct sigaction beforeInt_ {};
  struct sigaction beforeTerm_ {};
};

}  // namespace

void Server::run(const std::function<void()>& whenReady) {
  {
    const EndSignals signals;
    if (whenReady) whenReady();
    core_->waitForClose([] { return isAskedToEnd.load(); });
  }
  close();
}

}  // namespace beastio::socketio
