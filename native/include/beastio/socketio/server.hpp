// A Socket.IO server.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "beastio/address.hpp"
#include "beastio/export.hpp"
#include "beastio/socketio/namespace.hpp"
#include "beastio/socketio/options.hpp"
#include "beastio/socketio/outbox.hpp"

namespace beastio {
class Engine;
class TlsContext;
struct LimitNotice;
}  // namespace beastio

namespace beastio::socketio {

class ServerCore;

/// What went wrong, as `onError` tells it. Lifetime: of the call.
struct ErrorReport {
  std::error_code error{};   ///< mostly an Errc
  std::string_view what{};   ///< the exception's text, or a hint
  SocketRef socket{};        ///< whose event it was; none: nobody's
  std::string_view event{};  ///< the event's name; empty: none
};

/// A Socket.IO server. Runs on: any thread. Lifetime: its destructor closes it and joins its
/// threads, so it does not run on one of these.
class BEASTIO_EXPORT Server {
 public:
  /// Starts the threads. Errors: throws what Engine's constructor throws.
  Server();
  /// The same, with options.
  explicit Server(const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The namespace of that name, which is made if need be. "/" is there from the start.
  Namespace& of(std::string_view name);
  /// Serves further namespaces, those for which `matches` returns true, when a client asks for
  /// them. `setUp` is called once for each, before its first client. Both run on an I/O thread.
  Server& ofMatching(std::function<bool(std::string_view name, const Handshake&)> matches,
                     std::function<void(Namespace&)> setUp);

  /// Handles an event of the namespace "/": see Namespace::on.
  template <class F, class... Where>
  Server& on(std::string_view event, F handler, Where&&... where) {
    of("/").on(event, std::move(handler), std::forward<Where>(where)...);
    return *this;
  }
  /// A client has entered the namespace "/".
  Server& onConnection(std::function<void(Socket&)> listener);
  /// Sends an event to all of the namespace "/". Errors: kReservedEvent, kClosed.
  template <class... Ts>
  std::error_code emit(std::string_view event, const Ts&... args) {
    return of("/").emit(event, args...);
  }
  /// To a room of the namespace "/".
  BroadcastOperator to(std::string_view room) { return of("/").to(room); }

  /// What is told of errors, on the thread where they happen, in place of the last one. It must not
  /// throw.
  Server& onError(std::function<void(const ErrorReport&)> listener);
  /// Clients have met a limit of ServerOptions::engine (`admission`, `rate`): at most once a second
  /// for each limit and I/O thread, on that thread.
  Server& onLimit(std::function<void(const LimitNotice&)> listener);

  /// Listens. Returns the address. Errors: throws std::system_error if it cannot be bound.
  Endpoint listen(std::uint16_t port, std::string host = "::");
  /// The same. Errors: `error`.
  Endpoint listen(const ListenOptions& options, std::error_code& error);
  /// TLS for connections from now on; none: plain HTTP.
  void setTls(const std::shared_ptr<const TlsContext>& context);

  /// Runs a task on an I/O thread. A server that is closed takes no tasks, and sets no timers.
  /// Errors: here and in the next two, throws std::out_of_range if there is no such thread.
  void post(unsigned ioThread, std::function<void()> task);
  /// Runs a task once on an I/O thread, when the time is over. Returns what `cancel` takes.
  std::uint64_t after(std::chrono::milliseconds time, std::function<void()> task,
                      unsigned ioThread = 0);
  /// Runs a task again and again on an I/O thread. Returns what `cancel` takes.
  std::uint64_t every(std::chrono::milliseconds period, std::function<void()> task,
                      unsigned ioThread = 0);
  /// Ends what `after` or `every` has begun. On the thread of the task it does not run any more.
  void cancel(std::uint64_t timer);
  /// How many I/O threads there are.
  unsigned ioThreads() const;
  /// The engine below.
  Engine& engine();

  /// Stops listening, tells clients, sends what waits, and ends. Returns whether all clients have
  /// taken what was sent within `drain`. On a thread of the server it begins to close, does not
  /// wait, and returns false.
  bool close(std::chrono::milliseconds drain = std::chrono::milliseconds{5'000});
  /// Waits for SIGINT, SIGTERM or `close`, and closes. `whenReady` is called once signals are
  /// waited for: it may tell others that the server is there. Order: in one server of a process.
  void run(const std::function<void()>& whenReady = {});

  /// For the other classes.
  ServerCore& core() { return *core_; }

 private:
  std::shared_ptr<ServerCore> core_;
};

}  // namespace beastio::socketio
