#include "engine/commands/block-queue.hpp"

#include <utility>

namespace beastio::engine {

// Few producers ever wait, so the others take no lock.
void BlockQueue::admit(std::size_t cost, bool mayWait) {
  if (mayWait && pendingCost_ >= kMaxPendingBytes) {
    std::unique_lock lock(admission_);
    admitted_.wait(lock, [this] { return stopped_ || pendingCost_ < kMaxPendingBytes; });
  }
  pendingCost_ += cost;
}

void BlockQueue::release(std::size_t cost) {
  const auto before = pendingCost_.fetch_sub(cost);
  if (before < kMaxPendingBytes) return;  // nobody waits
  {
    // Who has just found that it must wait does so before it is told.
    const std::lock_guard lock(admission_);
  }
  admitted_.notify_all();
}

void BlockQueue::stop() {
  {
    const std::lock_guard lock(admission_);
    stopped_ = true;
  }
  admitted_.notify_all();
}

// A thread that is woken takes the processor from the one that has woken it, where there is but
// one. What is laid down costs no such switch. Behind what was posted it would come too early.
bool BlockQueue::layDown(Execution& execution) {
  const std::lock_guard lock(laying_);
  if (!isLooking_ || posted_ != 0) return false;
  laid_.push_back(std::move(execution));
  isAnyLaid_ = true;
  return true;
}

void BlockQueue::beginToLook() {
  mayBeLaid_ = true;
  const std::lock_guard lock(laying_);
  isLooking_ = true;
}

std::vector<Execution> BlockQueue::takeLaid() {
  mayBeLaid_ = false;
  const std::lock_guard lock(laying_);
  isLooking_ = false;
  isAnyLaid_ = false;
  return std::exchange(laid_, {});
}

}  // namespace beastio::engine
