// Runs a loop by hand.
#pragma once

#include <limits>

#include "transport/loop/environment.hpp"

namespace beastio::test {

/// Runs all that is ready, but no more than `most`. Returns how much that was.
inline int runReady(transport::Environment& environment,
                    int most = std::numeric_limits<int>::max()) {
  int count = 0;
  while (count < most && environment.reactor.poll()) {
    if (environment.reactor.runNext()) ++count;
  }
  return count;
}

}  // namespace beastio::test
