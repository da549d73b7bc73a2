// Where handlers run that are not called on the I/O thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "beastio/export.hpp"

namespace beastio::socketio {

class EventQueue;

/// Handlers run on the threads of the server's pool, those of one socket one after the other.
struct InPool {};

/// Events for one thread of the application, such as a game loop. Bound: beyond `maxBytes` clients
/// are not read until it has been drained. Lifetime: as long as somebody may drain it.
class BEASTIO_EXPORT Inbox {
 public:
  /// `maxBytes`: of the events that wait.
  explicit Inbox(std::size_t maxBytes = 16U << 20U);
  ~Inbox();
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  /// Calls the handlers of all events that wait, on this thread. Returns how many. Runs on: any
  /// thread, one at a time.
  std::size_t drain();
  /// Waits until an event is there. Returns false if the time is over.
  bool waitFor(std::chrono::milliseconds time);

  /// For the server.
  const std::shared_ptr<EventQueue>& queue() const { return queue_; }

 private:
  std::shared_ptr<EventQueue> queue_;
};

}  // namespace beastio::socketio
