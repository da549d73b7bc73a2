// What a host that watches a session learns of its queue: how much waits, and when that crosses the
// high-water mark. A client is slow from then on, until it has taken all.
// Pure. Runs on: the session's I/O thread. Owner: the session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace beastio::session {

class SendWatch {
 public:
  enum class Change : std::uint8_t {
    kNone,
    kSlow,     ///< more waits than the high-water mark
    kDrained,  ///< the slow client has taken all
  };

  /// 0: nobody is slow.
  void setHighWaterMark(std::size_t bytes) { highWaterMark_ = bytes; }
  /// The host has sent so much that it counts itself: see SendFlags::isCounted.
  void onCounted(std::size_t bytes) { counted_ += bytes; }
  /// So much waits, now that the connection has been offered it.
  Change onQueue(std::size_t bytes) {
    queued_ = bytes;
    if (isSlow_ ? bytes > 0 : highWaterMark_ == 0 || bytes <= highWaterMark_) return Change::kNone;
    isSlow_ = !isSlow_;
    return isSlow_ ? Change::kSlow : Change::kDrained;
  }
  /// What waits, less all that the host has counted. It says how much waits once the host adds what
  /// it has counted by then.
  std::int64_t balance() const { return static_cast<std::int64_t>(queued_ - counted_); }
  /// The host is to be told at the end of the turn. Returns whether it was to be before.
  bool askToTell() { return std::exchange(tellsSoon_, true); }
  void told() { tellsSoon_ = false; }

 private:
  std::size_t highWaterMark_ = 0;
  std::size_t queued_ = 0;
  std::size_t counted_ = 0;  // wraps around, and so does the difference
  bool isSlow_ = false;
  bool tellsSoon_ = false;
};

}  // namespace beastio::session
