// The kernel's CPU accounting. The process clock is exact. A thread's schedstat and /proc/stat are
// up to a scheduler tick old, which is little against windows of a second and more.
#include "measure/cpu-counters.hpp"

#include <unistd.h>

#include <fstream>

#include "error.hpp"

namespace load {
namespace {

using std::chrono::nanoseconds;

nanoseconds readClock(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) failWithErrno("cannot read a process CPU clock");
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

/// The first number of schedstat: nanoseconds on a core.
nanoseconds readSchedstat(const std::string& path) {
  std::int64_t onCore = 0;
  if (!(std::ifstream(path) >> onCore) || onCore == 0) throw LoadError("cannot read " + path);
  return nanoseconds(onCore);
}

/// All cores' busy time from /proc/stat, whose unit is the clock tick (10 ms as a rule).
nanoseconds readMachine() {
  std::ifstream stat("/proc/stat");
  std::string label;
  std::int64_t user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, stolen = 0;
  if (!(stat >> label >> user >> nice >> system >> idle >> wait >> irq >> soft >> stolen)) {
    throw LoadError("cannot read /proc/stat");
  }
  const std::int64_t ticks = user + nice + system + irq + soft + stolen;
  return nanoseconds(ticks * (1'000'000'000 / sysconf(_SC_CLK_TCK)));
}

}  // namespace

CpuReading operator-(const CpuReading& later, const CpuReading& earlier) {
  return {.server = later.server - earlier.server,
          .mainThread = later.mainThread - earlier.mainThread,
          .generator = later.generator - earlier.generator,
          .machine = later.machine - earlier.machine};
}

CpuCounters::CpuCounters(pid_t server)
    : mainThreadPath_("/proc/" + std::to_string(server) + "/task/" + std::to_string(server) +
                      "/schedstat"),
      memoryPath_("/proc/" + std::to_string(server) + "/statm") {
  if (clock_getcpuclockid(server, &serverClock_) != 0) {
    throw LoadError("no process " + std::to_string(server));
  }
}

CpuReading CpuCounters::read() const {
  return {.server = readClock(serverClock_),
          .mainThread = readSchedstat(mainThreadPath_),
          .generator = readClock(CLOCK_PROCESS_CPUTIME_ID),
          .machine = readMachine()};
}

std::uint64_t CpuCounters::readResident() const {
  std::uint64_t pages = 0;
  std::uint64_t resident = 0;
  if (!(std::ifstream(memoryPath_) >> pages >> resident)) {
    throw LoadError("cannot read " + memoryPath_);
  }
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace load
