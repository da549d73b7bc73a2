#include "engine/timers.hpp"

#include <algorithm>
#include <utility>

namespace beastio::engine {

// Those with the same deadline run in the order in which they were asked for.
bool Timers::isLater(const Deadline& one, const Deadline& other) {
  return std::pair(one.when, TimerNumber::serialOf(one.id)) >
         std::pair(other.when, TimerNumber::serialOf(other.id));
}

void Timers::arm(Id id, TimePoint when, std::chrono::milliseconds period, Task task) {
  if (refused_.erase(id) > 0) return;
  timers_.emplace(id, Timer{std::move(task), period});
  push({when, id});
}

bool Timers::cancel(Id id) {
  const auto cancelled = timers_.extract(id);  // what its task owns is destroyed last
  if (cancelled.empty()) return false;
  if (deadlines_.size() > 2 * timers_.size() + kFewStale) dropStale();
  return true;
}

void Timers::push(Deadline deadline) {
  deadlines_.push_back(deadline);
  std::push_heap(deadlines_.begin(), deadlines_.end(), isLater);
  armTimer(deadline.when);
}

Timers::Deadline Timers::pop() {
  std::pop_heap(deadlines_.begin(), deadlines_.end(), isLater);
  const auto next = deadlines_.back();
  deadlines_.pop_back();
  return next;
}

void Timers::dropStale() {
  std::erase_if(deadlines_, [this](const auto& each) { return !timers_.contains(each.id); });
  std::make_heap(deadlines_.begin(), deadlines_.end(), isLater);
}

// What a task arms is never due in the same call, or it could go on for ever.
void Timers::onTimer(TimePoint now) {
  while (!deadlines_.empty() && deadlines_.front().when <= now) due_.push_back(pop());
  for (std::size_t i = 0; i < due_.size(); ++i) run(due_[i], now);
  due_.clear();
  if (!deadlines_.empty()) armTimer(deadlines_.front().when);
}

// A task may cancel its own timer, which then does not come again.
void Timers::run(Deadline deadline, TimePoint now) {
  const auto found = timers_.find(deadline.id);
  if (found == timers_.end()) return;
  const auto period = found->second.period;
  auto task = std::move(found->second.task);
  if (period.count() == 0) timers_.erase(found);
  [&task]() noexcept { task(); }();
  if (period.count() == 0) return;
  const auto again = timers_.find(deadline.id);
  if (again == timers_.end()) return;
  again->second.task = std::move(task);
  const auto next = deadline.when + period;
  push({next > now ? next : now + period, deadline.id});
}

}  // namespace beastio::engine
