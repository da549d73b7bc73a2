// The load generator of the bench: clients of a Socket.IO server on this machine, in one thread.
// Prints one line of JSON with the figures of the measured window, or an error and exit status 1.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <exception>

#include "run.hpp"
#include "settings.hpp"

namespace {

using std::chrono::nanoseconds;

double micros(nanoseconds time) { return std::chrono::duration<double, std::micro>(time).count(); }

void print(const load::Result& result) {
  const auto integer = [](nanoseconds time) { return static_cast<long long>(time.count()); };
  const load::Histogram& latency = result.tally.latency;
  std::printf(
      "{\"messages\":%llu,\"calls\":%llu,\"windowNs\":%lld,\"busyNs\":%lld,\"connectingNs\":%lld,"
      "\"serverCpuNs\":%lld,\"mainThreadCpuNs\":%lld,\"generatorCpuNs\":%lld,"
      "\"machineCpuNs\":%lld,\"residentAtFirst\":%llu,\"residentAtBegin\":%llu,"
      "\"residentAtEnd\":%llu,\"latencyUs\":{\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,"
      "\"p999\":%.1f,\"max\":%.1f}}\n",
      static_cast<unsigned long long>(result.tally.messages),
      static_cast<unsigned long long>(result.tally.calls), integer(result.window),
      integer(result.busy), integer(result.connecting), integer(result.cpu.server),
      integer(result.cpu.mainThread), integer(result.cpu.generator), integer(result.cpu.machine),
      static_cast<unsigned long long>(result.residentAtFirst),
      static_cast<unsigned long long>(result.residentAtBegin),
      static_cast<unsigned long long>(result.residentAtEnd), micros(latency.percentile(0.5)),
      micros(latency.percentile(0.9)), micros(latency.percentile(0.99)),
      micros(latency.percentile(0.999)), micros(latency.percentile(1)));
}

/// One descriptor a client is more than many shells allow at first.
void raiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// A generator that sleeps is to wake up when a message is due, not 50 µs later.
void sleepExactly() { prctl(PR_SET_TIMERSLACK, 1UL); }

}  // namespace

int main(int argc, char** argv) {
  try {
    raiseDescriptorLimit();
    sleepExactly();
    print(load::Run(load::parseSettings(argc, argv)).execute());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load: %s\n", error.what());
    return 1;
  }
}
