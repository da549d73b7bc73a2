#include "platform/process.hpp"

#include <mach/mach.h>
#include <malloc/malloc.h>
#include <pthread.h>

namespace beastio::platform {

void nameThisThread(const std::string& name) { ::pthread_setname_np(name.c_str()); }

std::optional<ThreadClock> ThreadClock::ofThisThread() {
  return ThreadClock(::pthread_mach_thread_np(::pthread_self()));
}

std::chrono::nanoseconds ThreadClock::read() const {
  thread_basic_info facts{};
  mach_msg_type_number_t count = THREAD_BASIC_INFO_COUNT;
  if (::thread_info(static_cast<thread_act_t>(thread_), THREAD_BASIC_INFO,
                    reinterpret_cast<thread_info_t>(&facts), &count) != KERN_SUCCESS) {
    return {};
  }
  const auto timeOf = [](const time_value_t& time) {
    return std::chrono::seconds(time.seconds) + std::chrono::microseconds(time.microseconds);
  };
  return timeOf(facts.user_time) + timeOf(facts.system_time);
}

unsigned processorsOfThread() { return 0; }

void giveFreeMemoryBack() { ::malloc_zone_pressure_relief(nullptr, 0); }

}  // namespace beastio::platform
