// What a loop sleeps in. Each system has its own, of one interface: linux/poller.hpp tells what it
// is. It is inline, as every event passes through it.
#pragma once

#if defined(__linux__)
#include "platform/linux/poller.hpp"  // IWYU pragma: export
#elif defined(__APPLE__)
#include "platform/macos/poller.hpp"  // IWYU pragma: export
#else
#error "There is no poller for this system: see native/src/platform/"
#endif
