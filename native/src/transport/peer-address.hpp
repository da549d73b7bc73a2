// Who is at the other end of a socket, written as Node writes it. Runs on: any thread.
#pragma once

#include <sys/socket.h>

#include "beastio/handler.hpp"

namespace beastio::transport {

/// Empty for a socket that has no IP address, or is not connected any more.
Endpoint peerOf(int descriptor);
/// The address that a socket is bound to.
Endpoint localOf(int descriptor);

}  // namespace beastio::transport
