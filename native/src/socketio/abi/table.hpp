// The table of functions that addons call, in parts. Each part fills in its own.
#pragma once

#include "beastio/abi.h"

namespace beastio::socketio {

/// Sends, rooms and questions.
void addSends(beastio_api& api);
/// Sockets on their own threads.
void addLocals(beastio_api& api);
/// JSON.
void addJson(beastio_api& api);

}  // namespace beastio::socketio
