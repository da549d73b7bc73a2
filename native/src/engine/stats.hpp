// From what an I/O thread counts to what the public API tells. Runs on: any thread.
#pragma once

namespace beastio {
struct ThreadStats;
}

namespace beastio::base {
struct ThreadCounters;
}

namespace beastio::engine {

/// All but what the counters do not know: the inbox, and who drives.
ThreadStats statsOf(const base::ThreadCounters& counters);

}  // namespace beastio::engine
