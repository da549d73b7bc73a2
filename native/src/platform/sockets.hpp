// Calls to the system about sockets, where they differ between systems. They are inline: messages
// pass through them. Errors: as `errno` has them, by lastSocketError. Runs on: any thread.
#pragma once

#if defined(__linux__)
#include "platform/linux/sockets.hpp"  // IWYU pragma: export
#elif defined(__APPLE__)
#include "platform/macos/sockets.hpp"  // IWYU pragma: export
#else
#error "There are no sockets for this system: see native/src/platform/"
#endif
