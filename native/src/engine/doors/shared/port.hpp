// What the I/O threads share of the engine's own port: how many connections it has, whoever serves
// them, and whether it is open. Runs on: any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace beastio {
class EngineHandler;
}

namespace beastio::engine {

class Port {
 public:
  void open() { closed_ = false; }
  void close() { closed_ = true; }
  bool isClosed() const { return closed_; }

  std::int64_t connections() const { return connections_; }
  void add(std::int64_t count) { connections_ += count; }

  /// A connection is gone. Tells the handler if it was the last one of a port that is closed.
  /// Runs on: an I/O thread, whose handler it is.
  void leave(EngineHandler& handler);

 private:
  std::atomic<std::int64_t> connections_ = 0;
  std::atomic<bool> closed_ = true;
};

}  // namespace beastio::engine
