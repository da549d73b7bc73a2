// Engine::close: everybody is asked to leave, again and again, until nobody is left.
#include <algorithm>
#include <chrono>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "engine/engine-impl.hpp"

namespace beastio {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstPause{1};
constexpr std::chrono::milliseconds kMostPause{16};
constexpr std::chrono::milliseconds kMostDrain = std::chrono::hours(24 * 365);

}  // namespace

// Returns how many sessions and connections are left; none if a thread is late.
std::optional<std::size_t> Engine::Impl::windDown(steady_clock::time_point deadline) {
  std::vector<std::future<std::size_t>> answers;
  {
    const std::lock_guard lock(asking);
    if (stopped) return 0;
    for (const auto& thread : threads) {
      std::packaged_task<std::size_t()> task([&thread = *thread] { return thread.windDown(); });
      answers.push_back(task.get_future());
      thread->takeBack();
      thread->post(std::move(task));
    }
  }
  std::size_t left = 0;
  for (auto& answer : answers) {
    if (answer.wait_until(deadline) != std::future_status::ready) return std::nullopt;
    left += answer.get();
  }
  // Some may be on their way from one thread to another.
  return left + static_cast<std::size_t>(std::max<std::int64_t>(port.connections(), 0));
}

// Who has come in the last moment is asked the next time.
bool Engine::close(std::chrono::milliseconds drain) {
  if (impl_->here() != nullptr) return false;
  const auto deadline = steady_clock::now() + std::clamp(drain, {}, kMostDrain);
  impl_->port.close();
  impl_->threads.front()->post([impl = impl_.get()] { impl->closeListener(); });
  auto pause = kFirstPause;
  for (;;) {
    const auto left = impl_->windDown(deadline);
    if (left == std::size_t{0}) return true;
    if (!left || steady_clock::now() >= deadline) break;
    std::this_thread::sleep_until(std::min(steady_clock::now() + pause, deadline));
    pause = std::min(2 * pause, kMostPause);
  }
  for (const auto& thread : impl_->threads) {
    thread->post([&thread = *thread] { thread.cutOffAll(); });
  }
  return false;
}

}  // namespace beastio
