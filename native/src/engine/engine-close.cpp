// Engine::close: everybody is asked to leave, again and again, until nobody is left.
#include <algorithm>
#include <chrono>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "engine/engine-core.hpp"

namespace beastio {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstPause{1};
constexpr std::chrono::milliseconds kMostPause{16};
constexpr std::chrono::milliseconds kMostDrain = std::chrono::hours(24 * 365);

}  // namespace

std::optional<engine::Left> EngineCore::windDown(bool closesIdle,
                                                 steady_clock::time_point deadline) {
  std::vector<std::future<engine::Left>> answers;
  {
    const std::lock_guard lock(asking);
    if (stopped) return engine::Left{};
    for (const auto& thread : threads) {
      std::packaged_task<engine::Left()> task(
          [&thread = *thread, closesIdle] { return thread.windDown(closesIdle); });
      answers.push_back(task.get_future());
      thread->takeBack();
      thread->post(std::move(task));
    }
  }
  engine::Left all;
  for (auto& answer : answers) {
    if (answer.wait_until(deadline) != std::future_status::ready) return std::nullopt;
    const auto [sessions, connections] = answer.get();
    all.sessions += sessions;
    all.connections += connections;
  }
  // Some may be on their way from one thread to another.
  const auto counted = static_cast<std::size_t>(std::max<std::int64_t>(port.connections(), 0));
  all.connections = std::max(all.connections, counted);
  return all;
}

// A connection that waits for a request stays as long as there are sessions: a client may fetch by
// it what was sent before. Who has come in the last moment is asked the next time.
bool EngineCore::close(std::chrono::milliseconds drain) {
  if (here() != nullptr) return false;
  const auto deadline = steady_clock::now() + std::clamp(drain, {}, kMostDrain);
  port.close();
  threads.front()->post([this] { closeListener(); });
  auto pause = kFirstPause;
  for (bool areSessionsGone = false;;) {
    const auto left = windDown(areSessionsGone, deadline);
    if (left && left->sessions == 0 && left->connections == 0) return true;
    if (!left || steady_clock::now() >= deadline) break;
    areSessionsGone = left->sessions == 0;
    std::this_thread::sleep_until(std::min(steady_clock::now() + pause, deadline));
    pause = std::min(2 * pause, kMostPause);
  }
  for (const auto& thread : threads) {
    thread->post([&thread = *thread] { thread.cutOffAll(); });
  }
  return false;
}

}  // namespace beastio
