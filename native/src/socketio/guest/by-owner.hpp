// Sends that a guest leaves to the owner of the sockets: it keeps what they may have missed, or it
// knows other servers. Runs on: any thread.
#pragma once

#include <string_view>
#include <system_error>

#include "beastio/socketio/broadcast-operator.hpp"
#include "socketio/shard/sending.hpp"

namespace beastio::socketio {

/// Whether that is the way of an emit to `target`.
bool goesByOwner(const NamespaceCore& nsp, const Target& target);
/// Has the owner send an event.
std::error_code emitByOwner(const Sending& sending, const Target& target,
                            const EventWriter& writer);
/// Whether what is done to those that `target` means is the owner's.
bool isDoneByOwner(const NamespaceCore& nsp, const Target& target);
/// Has the owner do it: "socketsJoin", "socketsLeave" or "disconnectSockets", with a room, or with
/// whether to close.
std::error_code doByOwner(const Sending& sending, const Target& target, std::string_view what,
                          std::string_view room, bool close);

}  // namespace beastio::socketio
