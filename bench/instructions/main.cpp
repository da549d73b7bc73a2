// The program whose instructions scripts/checks/instructions.js has callgrind count: the engine's
// hot paths, each with a separate script that is the same every time. The first argument of
// measure() names a line of baseline.json. Runs without callgrind too, and then counts nothing.
#include <valgrind/callgrind.h>

#include <cstdio>
#include <functional>

#include "scripts.hpp"

namespace {

/// Runs a script once for what is only made the first time, and once to be counted.
void measure(const char* name, const beastio::instructions::Script& script) {
  script();
  CALLGRIND_ZERO_STATS;
  script();
  CALLGRIND_DUMP_STATS_AT(name);
}

}  // namespace

int main() {
  using namespace beastio::instructions;
  measure("frames in, 32 B", framesIn(32, Letters::kAscii));
  measure("frames in, 16 KB", framesIn(16'384, Letters::kAscii));
  measure("frames in, 1 KB that is not ASCII", framesIn(1024, Letters::kOther));
  measure("frames out, 32 B", framesOut(32));
  measure("session in", sessionIn());
  measure("session out", sessionOut());
  {
    Echoes echoes;
    measure("echo, 1 in flight", echoes.webSocket(1));
    measure("echo, 16 in flight", echoes.webSocket(16));
    measure("echo by long-polling", echoes.polling());
    measure("handshake", echoes.handshakes());
  }
  {
    FanOut fanOut;
    measure("broadcast to 100", fanOut.toEveryone());
    measure("a room of 10 out of 100", fanOut.toRoom());
  }
  std::puts("done");
}
