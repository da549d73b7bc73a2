// A client that a middleware decides about. Runs on: any thread.
#pragma once

#include <atomic>
#include <cstddef>
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
  /// `next`: the middleware that follows.
  NextState(std::weak_ptr<ServerCore> core, SocketRef socket, std::size_t next)
      : core_(std::move(core)), socket_(socket), next_(next) {}
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
      return here->next(socket_, next_, error);
    }
    const auto core = core_.lock();
    if (!core) return;
    auto copy = error == nullptr ? std::nullopt : std::optional(*error);
    core->post(thread, [socket = socket_, next = next_, copy = std::move(copy)](Shard& shard) {
      shard.next(socket, next, copy ? &*copy : nullptr);
    });
  }

 private:
  const std::weak_ptr<ServerCore> core_;
  const SocketRef socket_;
  const std::size_t next_;
  std::atomic<bool> isDecided_ = false;
};

}  // namespace beastio::socketio
