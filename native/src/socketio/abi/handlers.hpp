// Handlers of addons, as they stand in the routes of a namespace.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "beastio/abi.h"
#include "beastio/socketio/inbox.hpp"
#include "beastio/socketio/namespace.hpp"
#include "socketio/server/server-core.hpp"

struct beastio_inbox {
  explicit beastio_inbox(std::size_t maxBytes) : inbox(maxBytes) {}

  beastio::socketio::Inbox inbox;
};

struct beastio_next {
  beastio::socketio::Next next;
};

namespace beastio::socketio {

/// Adds an addon's handlers to a namespace: of an event, or (`event` empty) of connections and
/// ends. Errors: BEASTIO_TAKEN, BEASTIO_BAD_ARGUMENTS, BEASTIO_UNKNOWN_NAMESPACE.
beastio_status addHandlers(const std::shared_ptr<ServerCore>& core, std::uint32_t scope,
                           std::string_view event, const beastio_handlers& handlers,
                           beastio_registration** out);
/// Takes them out again: see beastio_api.
void removeHandlers(beastio_registration* given);

}  // namespace beastio::socketio
