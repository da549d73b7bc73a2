#include "platform/random.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>

namespace beastio::platform {

void fillRandom(std::span<std::uint8_t> bytes) {
  constexpr std::size_t kMostAtOnce = 256;  // getentropy(3)
  while (!bytes.empty()) {
    const auto count = std::min(kMostAtOnce, bytes.size());
    if (::getentropy(bytes.data(), count) == 0) bytes = bytes.subspan(count);
  }
}

}  // namespace beastio::platform
