// Sends that a guest leaves to the owner of the sockets: it keeps what they may have missed, or it
// knows other servers. Runs on: any thread.
#pragma once

#include <string_view>
#include <system_error>

#include "beastio/socketio/broadcast-operator.hpp"
#include "socketio/guest/owner-questions.hpp"
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

/// Has the owner ask those that `target` means. `done` is called once, on an I/O thread.
void askByOwner(const Sending& sending, const Target& target, const EventWriter& writer,
                OwnerQuestions::Done done);
/// Has the owner look for them. Each answer is an id and its rooms.
void fetchByOwner(const Sending& sending, const Target& target, OwnerQuestions::Done done);

}  // namespace beastio::socketio
