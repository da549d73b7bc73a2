// How many processors the process may use at once.
#pragma once

#include <optional>
#include <string_view>

namespace beastio::engine {

/// Those that its threads may run on, but no more than its control group gives it time for. A
/// container with a quota of one and a half has one. It is one at least. Runs on: any thread.
unsigned processors();

/// Whole processors of a quota, at least one; nothing where there is none. `text`: that of a file
/// `cpu.max`, "150000 100000" or "max 100000". Source: Linux, Control Group v2, CPU.
std::optional<unsigned> processorsOfQuota(std::string_view text);

}  // namespace beastio::engine
