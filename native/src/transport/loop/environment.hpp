// What the connections of one I/O thread share: its reactor, read buffer and deadlines. They also
// share the list of connections with something to send, and the objects that die at the end of the
// batch. Runs on: the I/O thread that owns it (posting to the reactor is allowed from any).
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "base/thread-affinity.hpp"
#include "protocol/websocket/per-message-deflate.hpp"
#include "session/timer-queue.hpp"
#include "transport/loop/http-date.hpp"
#include "transport/loop/reactor.hpp"
#include "transport/loop/send-queue.hpp"

namespace beastio {
class InboxMeter;
class TlsContext;
}  // namespace beastio

namespace beastio::transport {

struct Settings;

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

/// How much one stream has told the host since the host last handled a batch.
struct InboxShare {
  std::size_t bytes = 0;
  std::uint64_t batches = 0;
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
  static constexpr std::size_t kRecordBytes = 16 * 1024;  // TlsSession::kMaxRecordBytes

  std::vector<std::uint8_t> plain = std::vector<std::uint8_t>(64 * 1024);
  std::vector<std::uint8_t> record = std::vector<std::uint8_t>(kRecordBytes);
  std::string encrypted{};
};

struct Environment {
  /// Of all that lives in it: connections and streams ask it.
  [[no_unique_address]] base::ThreadAffinity affinity;

  static constexpr std::size_t kReadBufferBytes = 64 * 1024;
  static constexpr std::size_t kMaxBytesPerTurn = 1U << 20U;
  /// How much is read of a connection at once while the host has too much unhandled. That is enough
  /// to hear a PONG and a goodbye. What else is told with them is little.
  static constexpr std::size_t kSmallReadBytes = 4 * 1024;

  /// Of the send queues, which may live as long as anything below.
  ChunkPool chunks;

  /// What the thread counts.
  base::ThreadCounters counters;

  std::shared_ptr<const Settings> settings;

  /// Any thread: sets `settings`, for whatever is read from now on.
  void renewSettings(std::shared_ptr<const Settings> next) {
    const std::lock_guard lock(settingsMutex_);
    nextSettings_ = std::move(next);
    areSettingsNew_.store(true, std::memory_order_release);
  }
  /// Before each read. Order: no reference to the settings outlives it.
  void takeSettings() {
    if (!areSettingsNew_.load(std::memory_order_acquire)) return;
    const std::lock_guard lock(settingsMutex_);
    settings = nextSettings_;
    areSettingsNew_.store(false, std::memory_order_relaxed);
  }

  std::vector<std::uint8_t> readBuffer = std::vector<std::uint8_t>(kReadBufferBytes);
  session::TimerQueue timers;
  Reactor reactor;
  /// Of the engine's own port; none: it speaks plain HTTP.
  std::shared_ptr<const TlsContext> tlsContext;
  /// The zlib streams of the thread; none without the option.
  std::unique_ptr<protocol::DeflatePool> deflatePool;

  HttpDate date;

  /// What was read since the batch began, compressed messages as what they inflate to. A batch ends
  /// after kMaxBytesPerTurn, so that what it makes the host and the connections gather is bounded.
  std::size_t bytesRead = 0;
  bool isTurnFull() const { return bytesRead >= kMaxBytesPerTurn; }

  /// Of the thread's TLS connections; made for the first of them.
  TlsBuffers& tlsBuffers() {
    if (!tlsBuffers_) tlsBuffers_ = std::make_unique<TlsBuffers>();
    return *tlsBuffers_;
  }

  /// The time, read at most once between two waits.
  std::chrono::steady_clock::time_point now() {
    affinity.check();
    if (!nowIsFresh_) now_ = std::chrono::steady_clock::now();
    nowIsFresh_ = true;
    return now_;
  }

  /// Order: before every wait.
  void forgetNow() { nowIsFresh_ = false; }

  /// Lists `connection` for flushAll. It must live until then: see `bury`.
  void wantFlush(Flushable& connection) {
    affinity.check();
    if (connection.listed_) return;
    connection.listed_ = true;
    dirty_.push_back(&connection);
  }

  /// Sends what the connections have gathered.
  void flushAll() {
    affinity.check();
    for (std::size_t i = 0; i < dirty_.size(); ++i) {
      dirty_[i]->listed_ = false;
      dirty_[i]->flushQueue();
    }
    dirty_.clear();
  }

  /// Keeps an object that may still be on the call stack or in a list until the batch ends.
  void bury(std::shared_ptr<void> object) {
    affinity.check();
    graveyard_.push_back(std::move(object));
  }

  void emptyGraveyard() {
    while (!graveyard_.empty()) {
      const auto dead = std::move(graveyard_);
      graveyard_.clear();
    }
  }

  /// Who is told what is read; null if nobody keeps it.
  const InboxMeter* host = nullptr;
  /// How much it keeps of what it was told in this batch, in bytes.
  std::size_t keptBytes() const;

  /// Whether the host has too much unhandled.
  bool isInboxFull() const { return isInboxFull_; }
  void setInboxFull() { isInboxFull_ = true; }
  /// How much a stream may read at once.
  std::size_t readableBytes() const { return isInboxFull_ ? kSmallReadBytes : readBuffer.size(); }

  /// After a read: charges a stream for what the host has kept of it since that was
  /// `before`. Returns whether the stream must not read on: see deferReading.
  bool exceedsShare(InboxShare& share, std::size_t before) const;

  /// Has a stream go on when the host has handled what it was told.
  void deferReading(std::weak_ptr<Pausable> stream) {
    deferred_.push_back(std::move(stream));
    isAnyNewlyDeferred_ = true;
  }
  /// Whether a stream was deferred since the last call.
  bool takeNewlyDeferred() { return std::exchange(isAnyNewlyDeferred_, false); }

  void resumeReading() {
    affinity.check();
    isInboxFull_ = false;
    const auto streams = std::move(deferred_);
    deferred_.clear();
    for (const auto& stream : streams) {
      if (const auto alive = stream.lock()) alive->continueReading();
    }
  }

 private:
  std::mutex settingsMutex_;
  std::shared_ptr<const Settings> nextSettings_;
  std::atomic<bool> areSettingsNew_ = false;
  std::chrono::steady_clock::time_point now_{};
  bool nowIsFresh_ = false;
  std::unique_ptr<TlsBuffers> tlsBuffers_;
  std::vector<Flushable*> dirty_;
  std::vector<std::shared_ptr<void>> graveyard_;
  std::vector<std::weak_ptr<Pausable>> deferred_;
  bool isInboxFull_ = false;
  bool isAnyNewlyDeferred_ = false;
};

}  // namespace beastio::transport
