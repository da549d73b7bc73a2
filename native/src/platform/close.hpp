// Closes what a descriptor stands for. Runs on: any thread.
#pragma once

#include <unistd.h>

namespace beastio::platform {

inline void closeDescriptor(int descriptor) { ::close(descriptor); }

}  // namespace beastio::platform
