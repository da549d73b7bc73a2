// What the connections of one I/O thread share: its Asio context, read buffer, deadlines, the list
// of connections with something to send, and the objects that die at the end of the batch. Runs on:
// the I/O thread that owns it (posting to `io` is allowed from any).
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "beastio/options.hpp"
#include "beastio/tls.hpp"
#include "protocol/per-message-deflate.hpp"
#include "session/timer-queue.hpp"
#include "transport/http-response.hpp"

namespace beastio::transport {

/// A connection that gathers what it sends until the end of the batch.
class Flushable {
 public:
  virtual void flushQueue() = 0;

 protected:
  ~Flushable() = default;

 private:
  friend struct Environment;
  bool listed_ = false;
};

/// A stream whose reading was paused because the host cannot keep up.
class Pausable {
 public:
  virtual void continueReading() = 0;

 protected:
  ~Pausable() = default;
};

/// What TLS works in. Nothing stays in it between two calls.
struct TlsBuffers {
  std::vector<std::uint8_t> plain = std::vector<std::uint8_t>(64 * 1024);
  std::vector<std::uint8_t> record = std::vector<std::uint8_t>(TlsSession::kMaxRecordBytes);
  std::string encrypted{};
};

struct Environment {
  static constexpr std::size_t kReadBufferBytes = 64 * 1024;
  static constexpr std::size_t kMaxBytesPerTurn = 1U << 20U;

  // Only this thread touches sockets, so that the reactor needs no locks; posting has its own.
  boost::asio::io_context io{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  std::shared_ptr<const EngineOptions> options;

  /// Any thread: sets `options`, for whatever is read from now on.
  void renewOptions(std::shared_ptr<const EngineOptions> next) {
    const std::lock_guard lock(optionsMutex_);
    nextOptions_ = std::move(next);
    areOptionsNew_.store(true, std::memory_order_release);
  }
  /// Before each read. Order: no reference to the options outlives it.
  void takeOptions() {
    if (!areOptionsNew_.load(std::memory_order_acquire)) return;
    const std::lock_guard lock(optionsMutex_);
    options = nextOptions_;
    areOptionsNew_.store(false, std::memory_order_relaxed);
  }

  std::vector<std::uint8_t> readBuffer = std::vector<std::uint8_t>(kReadBufferBytes);
  session::TimerQueue timers;
  /// Of the engine's own port; none: it speaks plain HTTP.
  std::shared_ptr<const TlsContext> tlsContext;
  /// The zlib streams of the thread; none without the option.
  std::unique_ptr<protocol::DeflatePool> deflatePool;

  HttpDate date;

  /// What was read since the batch began, compressed messages as what they inflate to. A batch ends
  /// after kMaxBytesPerTurn, so that what it makes the host and the connections gather is bounded.
  std::size_t bytesRead = 0;
  bool isTurnFull() const { return bytesRead >= kMaxBytesPerTurn; }

  /// Storage of send queues that ran empty, for the next that fills.
  std::vector<std::vector<std::uint8_t>> spareChunks;

  /// Of the thread's TLS connections; made for the first of them.
  TlsBuffers& tlsBuffers() {
    if (!tlsBuffers_) tlsBuffers_ = std::make_unique<TlsBuffers>();
    return *tlsBuffers_;
  }

  /// The time, read at most once between two waits.
  std::chrono::steady_clock::time_point now() {
    if (!nowIsFresh_) now_ = std::chrono::steady_clock::now();
    nowIsFresh_ = true;
    return now_;
  }

  /// Order: before every wait.
  void forgetNow() { nowIsFresh_ = false; }

  /// Lists `connection` for flushAll. It must live until then: see `bury`.
  void wantFlush(Flushable& connection) {
    if (connection.listed_) return;
    connection.listed_ = true;
    dirty_.push_back(&connection);
  }

  /// Sends what the connections have gathered.
  void flushAll() {
    for (std::size_t i = 0; i < dirty_.size(); ++i) {
      dirty_[i]->listed_ = false;
      dirty_[i]->flushQueue();
    }
    dirty_.clear();
  }

  /// Keeps an object that may still be on the call stack or in a list until the batch ends.
  void bury(std::shared_ptr<void> object) { graveyard_.push_back(std::move(object)); }

  void emptyGraveyard() {
    while (!graveyard_.empty()) {
      const auto dead = std::move(graveyard_);
      graveyard_.clear();
    }
  }

  bool readingPaused() const { return readingPaused_; }
  void pauseReading() { readingPaused_ = true; }
  void deferReading(std::weak_ptr<Pausable> stream) { paused_.push_back(std::move(stream)); }

  void resumeReading() {
    readingPaused_ = false;
    const auto streams = std::move(paused_);
    paused_.clear();
    for (const auto& stream : streams) {
      if (const auto alive = stream.lock()) alive->continueReading();
    }
  }

 private:
  std::mutex optionsMutex_;
  std::shared_ptr<const EngineOptions> nextOptions_;
  std::atomic<bool> areOptionsNew_ = false;
  std::chrono::steady_clock::time_point now_{};
  bool nowIsFresh_ = false;
  std::unique_ptr<TlsBuffers> tlsBuffers_;
  std::vector<Flushable*> dirty_;
  std::vector<std::shared_ptr<void>> graveyard_;
  std::vector<std::weak_ptr<Pausable>> paused_;
  bool readingPaused_ = false;
};

}  // namespace beastio::transport
