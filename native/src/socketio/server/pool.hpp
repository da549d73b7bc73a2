// The threads for handlers with InPool. Owner: the ServerCore.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "socketio/server/event-queue.hpp"

namespace beastio::socketio {

class Pool {
 public:
  Pool(unsigned threads, std::size_t maxBytes)
      : queue_(std::make_shared<EventQueue>(maxBytes, true)) {
    for (unsigned i = 0; i < threads; ++i) {
      threads_.emplace_back([queue = queue_] {
        while (queue->runNext())
          ;
      });
    }
  }
  /// Waits for the handlers that run.
  ~Pool() { stop(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Handles nothing more, and waits for the handlers that run, but not for itself.
  void stop() {
    queue_->close();
    for (auto& thread : threads_) {
      if (!thread.joinable()) continue;
      thread.get_id() == std::this_thread::get_id() ? thread.detach() : thread.join();
    }
  }
  const std::shared_ptr<EventQueue>& queue() const { return queue_; }

 private:
  std::shared_ptr<EventQueue> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace beastio::socketio
