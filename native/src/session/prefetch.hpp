// A hint to the processor: a broadcast visits more connections than its caches hold, and each visit
// would begin with waiting for memory.
#pragma once

#include <cstddef>

namespace beastio::session {

/// Starts loading the first `bytes` of an object that is used soon. The pointer may be null.
inline void prefetch(const void* object, std::size_t bytes) {
  constexpr std::size_t kCacheLineBytes = 64;
  const auto* first = static_cast<const char*>(object);
  const auto* last = first + bytes - 1;
  for (const auto* at = first; at < last; at += kCacheLineBytes) __builtin_prefetch(at);
  __builtin_prefetch(last);
  asm volatile("");  // GCC takes functions that only prefetch for having no effect, and drops calls
}

}  // namespace beastio::session
