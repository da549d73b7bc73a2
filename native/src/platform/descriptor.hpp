// A file descriptor with an owner, for as long as it travels between threads: a task that is never
// run closes it. Runs on: any thread.
#pragma once

#include <utility>

#include "platform/close.hpp"

namespace beastio::platform {

class Descriptor {
 public:
  static constexpr int kNone = -1;

  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Descriptor() {
    if (descriptor_ >= 0) closeDescriptor(descriptor_);
  }

  bool valid() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  /// Gives it away.
  int release() { return std::exchange(descriptor_, kNone); }

 private:
  int descriptor_;
};

}  // namespace beastio::platform
