// A client that a middleware decides about. Runs on: any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "beastio/socketio/namespace.hpp"
#include "socketio/server/server-core.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

/// What a client is told whose middleware has thrown, or decides nothing.
inline const ConnectError kInternalError{.message = "Internal error"};

class NextState {
 public:
  /// `middleware`: the number of the one that decides.
  NextState(std::weak_ptr<ServerCore> core, SocketRef socket, std::uint64_t middleware)
      : core_(std::move(core)), socket_(socket), middleware_(middleware) {}
  ~NextState() { decide(&kInternalError); }
  NextState(const NextState&) = delete;
  NextState& operator=(const NextState&) = delete;

  /// Once: later calls do nothing. None: it may go on.
  void decide(const ConnectError* error) {
    if (isDecided_.exchange(true)) return;
    Shard* const here = Shard::current();
    const auto thread = socket_.session().thread();
    if (here != nullptr && here->core().weak_from_this().lock() == core_.lock() &&
        here->index() == thread) {
      return here->next(socket_, middleware_, error);
    }
    const auto core = core_.lock();
    if (!core) return;
    auto copy = error == nullptr ? std::nullopt : std::optional(*error);
    core->post(thread,
               [socket = socket_, middleware = middleware_, copy = std::move(copy)](Shard& shard) {
                 shard.next(socket, middleware, copy ? &*copy : nullptr);
               });
  }

 private:
  const std::weak_ptr<ServerCore> core_;
  const SocketRef socket_;
  const std::uint64_t middleware_;
  std::atomic<bool> isDecided_ = false;
};

}  // namespace beastio::socketio
