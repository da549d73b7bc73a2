// CPU time of the server, of its JavaScript thread, of the generator and of the whole machine; and
// the server's memory.
// Read by the generator at both ends of the measured window, so that the window is exact.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>

namespace load {

/// Counters that only grow; differences of two readings are what matters.
struct CpuReading {
  std::chrono::nanoseconds server{};      // all threads, also those that have ended
  std::chrono::nanoseconds mainThread{};  // where a Node process runs its JavaScript
  std::chrono::nanoseconds generator{};
  std::chrono::nanoseconds machine{};  // everything that ran on any core, and time stolen from it
};

CpuReading operator-(const CpuReading& later, const CpuReading& earlier);

class CpuCounters {
 public:
  /// Errors: a LoadError when no such process exists.
  explicit CpuCounters(pid_t server);

  /// Errors: a LoadError when the server has gone, or the kernel does not keep these counters.
  CpuReading read() const;
  /// How many bytes of the server are in memory. Errors: as above.
  std::uint64_t readResident() const;

 private:
  clockid_t serverClock_{};
  std::string mainThreadPath_;
  std::string memoryPath_;
};

}  // namespace load
