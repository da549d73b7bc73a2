// The rule that an object belongs to one thread, asserted in debug builds. With NDEBUG it is empty
// and costs nothing.
#pragma once

#include <cassert>
#ifndef NDEBUG
#include <thread>
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
#else
  static constexpr bool kIsChecked = true;

  /// Whether the calling thread is the owner.
  bool isHere() const {
    const auto here = std::this_thread::get_id();
    if (owner_ == std::thread::id()) owner_ = here;
    return owner_ == here;
  }
  /// Order: first in each method that others call.
  void check() const { assert(isHere() && "used by a thread that it does not belong to"); }

 private:
  mutable std::thread::id owner_{};
#endif
};

}  // namespace beastio::base
