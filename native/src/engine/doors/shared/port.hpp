// What the I/O threads share of the engine's own port: how many connections it has, whoever serves
// them, and whether it is open. Also the lines of those that the host serves.
// Runs on: any thread. Bound: a line for each such connection, where connections are limited.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace beastio::engine {

class Port {
 public:
  void open() { closed_ = false; }
  void close() { closed_ = true; }
  bool isClosed() const { return closed_; }

  std::int64_t connections() const { return connections_; }
  void add(std::int64_t count) { connections_ += count; }

  /// A connection is gone. Returns whether it was the last one of a port that is closed: the host
  /// is told (EngineHandler::onPortIdle).
  [[nodiscard]] bool leave() { return connections_.fetch_sub(1) == 1 && closed_; }

  /// Keeps what a connection of the host's counts as for its address. Returns the number of that
  /// line; 0 if it counts as nothing.
  std::uint32_t hold(std::shared_ptr<void> kept) {
    if (kept == nullptr) return 0;
    const std::lock_guard lock(mutex_);
    do {
      lastLine_ = lastLine_ % kMaxLines + 1;
    } while (lines_.contains(lastLine_));
    lines_.emplace(lastLine_, std::move(kept));
    return lastLine_;
  }
  /// That connection is over.
  void hangUp(std::uint32_t line) {
    const std::lock_guard lock(mutex_);
    lines_.erase(line);
  }

 private:
  static constexpr std::uint32_t kMaxLines = 0x7FFFFFFF;

  std::atomic<std::int64_t> connections_ = 0;
  std::atomic<bool> closed_ = true;
  std::mutex mutex_;
  std::uint32_t lastLine_ = 0;
  std::unordered_map<std::uint32_t, std::shared_ptr<void>> lines_;
};

}  // namespace beastio::engine
