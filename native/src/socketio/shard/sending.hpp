// Where the messages of a thread go. On an I/O thread of the same server they go into its turn,
// else into an Outbox, or to the engine at once. Runs on: any thread.
#pragma once

#include <memory>
#include <system_error>

#include "beastio/host/batch.hpp"
#include "beastio/socketio/broadcast-operator.hpp"
#include "beastio/socketio/outbox.hpp"
#include "socketio/server/server-core.hpp"
#include "socketio/shard/packets.hpp"

namespace beastio::socketio {

class Shard;

struct Outbox::Content {
  std::shared_ptr<ServerCore> core;
  Batch batch;
};

/// The server of a scope, for one call. It costs no lock on a thread of that server.
class Sending {
 public:
  explicit Sending(std::uint32_t scope);

  /// Whether the server is there and open.
  explicit operator bool() const { return core_ != nullptr && !core_->isClosed(); }
  ServerCore& core() const { return *core_; }
  /// Why nothing can be sent to a session. Errors: kClosed, or kGone for what no server has made.
  std::error_code refusalOf(SessionId session) const {
    if (!*this) return Errc::kClosed;
    if (session.thread() >= core_->options().engine.ioThreads) return Errc::kGone;
    return {};
  }
  /// This thread's shard, if it is one of that server.
  Shard* here() const { return here_; }

  /// Calls `put` with the batch that this thread's messages go into.
  template <class Put>
  std::error_code through(Outbox* outbox, Put put) {
    if (outbox != nullptr) {
      put(outbox->content().batch);
    } else if (Batch* const own = ownBatch()) {
      put(*own);
    } else {
      Batch batch(core_->options().engine.ioThreads);
      put(batch);
      core_->sendFirst();
      core_->engine().submit(batch);
    }
    return {};
  }

 private:
  Batch* ownBatch() const;

  std::shared_ptr<ServerCore> held_;
  ServerCore* core_ = nullptr;
  Shard* here_ = nullptr;
};

}  // namespace beastio::socketio
