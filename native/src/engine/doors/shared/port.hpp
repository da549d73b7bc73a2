// What the I/O threads share of the engine's own port: how many connections it has, whoever serves
// them, and whether it is open. Runs on: any thread.
#pragma once

#include <atomic>
#include <cstdint>

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

 private:
  std::atomic<std::int64_t> connections_ = 0;
  std::atomic<bool> closed_ = true;
};

}  // namespace beastio::engine
