#include "platform/process.hpp"

#include <pthread.h>
#include <sched.h>
#include <time.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>

namespace beastio::platform {

void nameThisThread(const std::string& name) {
  ::pthread_setname_np(::pthread_self(), name.c_str());
}

std::optional<ThreadClock> ThreadClock::ofThisThread() {
  clockid_t clock{};
  if (::pthread_getcpuclockid(::pthread_self(), &clock) != 0) return std::nullopt;
  return ThreadClock(static_cast<std::uintptr_t>(clock));
}

std::chrono::nanoseconds ThreadClock::read() const {
  timespec time{};
  if (::clock_gettime(static_cast<clockid_t>(thread_), &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

unsigned processorsOfThread() {
  cpu_set_t set;
  CPU_ZERO(&set);
  // It fails on machines with more processors than the set has room for.
  if (::sched_getaffinity(0, sizeof(set), &set) != 0) return 0;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
}

void giveFreeMemoryBack() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace beastio::platform
