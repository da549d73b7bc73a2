// Blocks of commands on their way to one I/O thread: how much of them waits, and what was laid down
// for it to find. Runs on: any thread, but for what is the I/O thread's. Bound: kMaxPendingBytes,
// beyond which producers wait.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "beastio/host/batch.hpp"

namespace beastio::engine {

/// A block that waits, or is being executed, perhaps over several turns.
struct Execution {
  std::shared_ptr<const Batch::Block> block;
  std::size_t cost = 0;  ///< that it was admitted with
  std::size_t next = 0;  ///< of its commands
};

class BlockQueue {
 public:
  /// What may wait before a producer does: in bytes, and in the work of broadcasts
  /// (Block::deliveries), which is about a tenth of a second.
  static constexpr std::size_t kMaxPendingBytes = 64U << 20U;

  /// Counts a block. `mayWait`: until there is room for it, or the thread stops.
  void admit(std::size_t cost, bool mayWait);
  /// A block was executed.
  void release(std::size_t cost);
  /// Whether no block waits but the one with that cost.
  bool isLast(std::size_t cost) const { return pendingCost_ == cost; }
  /// No producer waits any more.
  void stop();

  /// A task was posted to the thread; it begins to run, and what was laid down has been taken.
  void onPosted() { ++posted_; }
  void onRun() { --posted_; }
  bool isAnythingPosted() const { return posted_ != 0; }

  /// Takes a block for a thread that looks by itself, if it does.
  bool layDown(Execution& execution);
  bool isAnyLaid() const { return isAnyLaid_; }

  /// The I/O thread: from now on it need not be woken. Order: `takeLaid` follows before anything
  /// else.
  void beginToLook();
  /// The I/O thread: whether it has begun to look, and has not taken what was laid down since.
  bool mayBeLaid() const { return mayBeLaid_; }
  /// The I/O thread: takes it.
  std::vector<Execution> takeLaid();

 private:
  std::atomic<std::size_t> pendingCost_ = 0;  // of the blocks that wait or are being executed
  std::mutex admission_;                      // for producers that wait until it is less
  std::condition_variable admitted_;
  bool stopped_ = false;  // guarded by the mutex

  std::atomic<std::size_t> posted_ = 0;  // tasks that have not begun to run
  bool mayBeLaid_ = false;               // something, since the I/O thread has begun to look
  std::mutex laying_;
  bool isLooking_ = false;       // guarded by the mutex: whether the thread looks soon
  std::vector<Execution> laid_;  // guarded by the mutex
  std::atomic<bool> isAnyLaid_ = false;
};

}  // namespace beastio::engine
