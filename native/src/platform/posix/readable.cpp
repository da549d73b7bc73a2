#include <poll.h>

#include "platform/process.hpp"

namespace beastio::platform {

bool isReadable(int descriptor) {
  pollfd readable{.fd = descriptor, .events = POLLIN, .revents = 0};
  return ::poll(&readable, 1, 0) > 0;
}

}  // namespace beastio::platform
