// Events on their way to handlers that do not run on the I/O thread. Bound: beyond `maxBytes` the
// I/O threads that fill it do not read on until it is empty. Runs on: any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "beastio/socketio/arguments.hpp"
#include "socketio/server/routes.hpp"

namespace beastio::socketio {

class ServerCore;

/// How many bytes of events of an I/O thread's clients wait. Runs on: any thread.
using WaitingBytes = std::atomic<std::size_t>;

/// An event's part of them, as long as the event is kept.
class Waits {
 public:
  Waits(std::shared_ptr<WaitingBytes> sum, std::size_t bytes)
      : sum_(std::move(sum)), bytes_(bytes) {
    sum_->fetch_add(bytes_, std::memory_order_relaxed);
  }
  ~Waits() { sum_->fetch_sub(bytes_, std::memory_order_relaxed); }
  Waits(const Waits&) = delete;
  Waits& operator=(const Waits&) = delete;

 private:
  std::shared_ptr<WaitingBytes> sum_;
  std::size_t bytes_;
};

/// An event that is kept.
struct QueuedEvent {
  std::weak_ptr<ServerCore> core;
  std::shared_ptr<const Route> route;
  SocketRef ref;
  std::string name;
  OwnedArgs args;
  Ack ack;
  bool isChecked = false;                ///< it has passed the checks of its socket's owner
  std::shared_ptr<const Waits> waits{};  ///< of it and its copies

  std::size_t bytes() const;
  /// Calls the handler, and reports what it throws.
  void run();
};

class EventQueue final : public std::enable_shared_from_this<EventQueue> {
 public:
  /// `inOrder`: the events of one socket are handled one after the other, by whoever takes them.
  EventQueue(std::size_t maxBytes, bool inOrder) : maxBytes_(maxBytes), inOrder_(inOrder) {}

  /// Returns false if it holds more than it should: see `whenEmpty`.
  bool push(QueuedEvent event);
  /// Calls `callback` once, when all that waits has been handled or taken.
  void whenEmpty(std::function<void()> callback);
  /// All that wait.
  std::deque<QueuedEvent> takeAll();
  /// Waits for an event. Returns false if the time is over.
  bool waitFor(std::chrono::milliseconds time);
  /// Waits for an event and handles it. Returns false once the queue is closed.
  bool runNext();
  /// Nobody waits any more, and nothing is handled.
  void close();

 private:
  void finish(SocketRef socket, std::size_t bytes);
  void tellEmpty(std::unique_lock<std::mutex>& lock);

  const std::size_t maxBytes_;
  const bool inOrder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded.
  std::deque<QueuedEvent> ready_;
  /// Of the sockets that somebody handles an event of, what comes behind it.
  std::unordered_map<SocketRef, std::deque<QueuedEvent>> behind_;
  std::size_t bytes_ = 0;
  bool isClosed_ = false;
  std::vector<std::function<void()>> whenEmpty_;
};

}  // namespace beastio::socketio
