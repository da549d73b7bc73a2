// The rule that an object belongs to one thread, asserted in debug builds. With NDEBUG it is empty
// and costs nothing.
#pragma once

#include <cassert>
#ifndef NDEBUG
#include <thread>
#include <utility>
#endif

namespace beastio::base {

/// A member of what belongs to an I/O thread: `[[no_unique_address]] base::ThreadAffinity
/// affinity_;`. The first thread that uses the object is its owner, because engines make what their
/// threads own before they start them. Destructors do not check: engines destroy it once the
/// threads have ended.
class ThreadAffinity {
 public:
#ifdef NDEBUG
  static constexpr bool kIsChecked = false;

  bool isHere() const { return true; }
  void check() const {}

  /// Within its lifetime the calling thread counts as the owner of `affinity`, and of all else that
  /// this owner has. Order: the owner sleeps meanwhile, and a lock says so.
  struct StandIn {
    explicit StandIn(const ThreadAffinity& /*affinity*/) {}
  };
#else
  static constexpr bool kIsChecked = true;

  /// Whether the calling thread is the owner.
  bool isHere() const {
    const auto here = standsFor_ == std::thread::id() ? std::this_thread::get_id() : standsFor_;
    if (owner_ == std::thread::id()) owner_ = here;
    return owner_ == here;
  }
  /// Order: first in each method that others call.
  void check() const { assert(isHere() && "used by a thread that it does not belong to"); }

  class StandIn {
   public:
    explicit StandIn(const ThreadAffinity& affinity)
        : before_(std::exchange(standsFor_, affinity.owner_)) {}
    ~StandIn() { standsFor_ = before_; }
    StandIn(const StandIn&) = delete;
    StandIn& operator=(const StandIn&) = delete;

   private:
    std::thread::id before_;
  };

 private:
  static inline thread_local std::thread::id standsFor_{};

  mutable std::thread::id owner_{};
#endif
};

}  // namespace beastio::base
