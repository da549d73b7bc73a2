// Something to run later, on the thread that it was given to.
#pragma once

#include <memory>
#include <utility>

namespace beastio::transport {

class Task {
 public:
  virtual ~Task() = default;
  virtual void run() = 0;
};

using TaskPtr = std::unique_ptr<Task>;

/// A task that calls `function`, which may own what cannot be copied.
template <class Function>
TaskPtr makeTask(Function function) {
  struct Call final : Task {
    explicit Call(Function&& called) : function(std::move(called)) {}
    void run() override { function(); }
    Function function;
  };
  return std::make_unique<Call>(std::move(function));
}

}  // namespace beastio::transport
