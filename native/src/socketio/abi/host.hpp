// A host as addons hold it: it may be gone before they let it go.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "beastio/abi.h"
#include "socketio/server/server-core.hpp"
#include "socketio/shard/sending.hpp"

struct beastio_host {
  std::weak_ptr<beastio::socketio::ServerCore> core;
  std::atomic<unsigned> holders{1};
};

struct beastio_batch {
  explicit beastio_batch(std::unique_ptr<beastio::socketio::Outbox::Content> content)
      : outbox(std::move(content)) {}

  beastio::socketio::Outbox outbox;
};

namespace beastio::socketio {

/// The table of functions, which is there as long as the process.
const beastio_api& addonApi();

}  // namespace beastio::socketio
