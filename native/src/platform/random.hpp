// Random bytes of the system, fit for secrets. Runs on: any thread.
#pragma once

#include <cstdint>
#include <span>

namespace beastio::platform {

void fillRandom(std::span<std::uint8_t> bytes);

}  // namespace beastio::platform
