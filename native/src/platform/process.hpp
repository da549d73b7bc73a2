// What the process and its threads ask of the system. Runs on: any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace beastio::platform {

/// Gives the calling thread a name, for debuggers.
void nameThisThread(const std::string& name);

/// How much of a processor's time a thread has had. It may be read by other threads.
class ThreadClock {
 public:
  /// None where the system has no such clock.
  static std::optional<ThreadClock> ofThisThread();

  std::chrono::nanoseconds read() const;

 private:
  explicit ThreadClock(std::uintptr_t thread) : thread_(thread) {}

  std::uintptr_t thread_;  // as the system names it, or its clock
};

/// The processors that the calling thread may run on; 0 where the system does not tell.
unsigned processorsOfThread();

/// Gives the free memory of the heap back to the system.
void giveFreeMemoryBack();

/// Whether reading of a descriptor would not wait.
bool isReadable(int descriptor);

}  // namespace beastio::platform
