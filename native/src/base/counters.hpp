// What one I/O thread counts. Each counter has one writer at a time, the driver of the thread's
// loop, and any number of readers. So to count is a load, an addition and a store, without a lock.
// Runs on: the writer, but for `read`. Owner: the thread's transport::Environment.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace beastio::base {

class Counter {
 public:
  void add(std::uint64_t count = 1) { set(read() + count); }
  void subtract(std::uint64_t count = 1) { set(read() - count); }
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  /// Any thread.
  std::uint64_t read() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

/// Bytes that a counter has as long as this lives. Runs on: the counter's writer.
class CountedBytes {
 public:
  CountedBytes(Counter& counter, std::size_t bytes) : counter_(counter), bytes_(bytes) {
    counter_.add(bytes_);
  }
  ~CountedBytes() { counter_.subtract(bytes_); }
  CountedBytes(const CountedBytes&) = delete;
  CountedBytes& operator=(const CountedBytes&) = delete;

 private:
  Counter& counter_;
  std::size_t bytes_;
};

/// A counter for each value of an enum, or for each index.
template <std::size_t Count>
class Counters {
 public:
  template <class Index>
  Counter& operator[](Index index) {
    return counters_[static_cast<std::size_t>(index)];
  }
  template <class Index>
  const Counter& operator[](Index index) const {
    return counters_[static_cast<std::size_t>(index)];
  }

 private:
  std::array<Counter, Count> counters_{};
};

/// Sessions by TransportName and by the protocol of Engine.IO.
class SessionCounters {
 public:
  template <class Transport>
  Counter& at(Transport transport, std::uint8_t protocol) {
    return counters_[2 * static_cast<std::size_t>(transport) + (protocol == 3 ? 0 : 1)];
  }
  template <class Transport>
  const Counter& at(Transport transport, std::uint8_t protocol) const {
    return const_cast<SessionCounters*>(this)->at(transport, protocol);
  }

 private:
  std::array<Counter, 6> counters_{};
};

/// For which bound a client was cut off.
enum class Cut : std::uint8_t {
  kSendQueue,       ///< what waits for it
  kTotalSendQueue,  ///< what waits for all
  kSendTimeout,     ///< it takes nothing
  kPings,           ///< it lets the answers to its PINGs wait
  kMessageSize,     ///< its message is too large
  kRate,            ///< it sends too fast
};

/// Answers of HTTP that are errors, by status.
class StatusCounters {
 public:
  /// The last stands for all others.
  static constexpr std::array<int, 12> kStatuses{400, 403, 404, 405, 408, 413,
                                                 417, 429, 431, 500, 503, 0};

  /// Passes over what is no error.
  void count(int status) {
    if (status < kStatuses.front()) return;
    std::size_t i = 0;
    while (kStatuses[i] != status && i + 1 < kStatuses.size()) ++i;
    counters_[i].add();
  }
  const Counter& operator[](std::size_t index) const { return counters_[index]; }

 private:
  std::array<Counter, kStatuses.size()> counters_{};
};

/// How long clients take to answer a PING.
class RoundTrips {
 public:
  /// The upper bounds of the buckets, in milliseconds. A last bucket has what takes longer.
  static constexpr std::array<int, 13> kBounds{1,   2,   5,    10,   25,   50,   100,
                                               250, 500, 1000, 2500, 5000, 10000};

  void count(std::uint64_t micros) {
    std::size_t i = 0;
    while (i < kBounds.size() && micros > 1000 * static_cast<std::uint64_t>(kBounds[i])) ++i;
    buckets_[i].add();
    microseconds.add(micros);
  }
  const Counter& operator[](std::size_t index) const { return buckets_[index]; }

  Counter microseconds;  ///< in all

 private:
  std::array<Counter, kBounds.size() + 1> buckets_{};
};

struct ThreadCounters {
  // Connections.
  Counter open;           ///< sockets of the thread now
  Counter accepted;       ///< by the own port
  Counter turnedAway;     ///< beyond maxConnections
  Counter takenOver;      ///< from Node, with their sockets
  Counter bridged;        ///< streams that the host carries
  Counter tlsHandshakes;  ///< that have ended well
  Counter tlsFailures;    ///< and that have not

  // Sessions.
  SessionCounters sessions;    ///< now
  SessionCounters handshakes;  ///< since the start
  Counters<3> upgrades;        ///< by TransportName
  Counter abandonedUpgrades;
  Counters<5> closes;    ///< by CloseReason
  Counters<6> cuts;      ///< by Cut
  Counters<6> refusals;  ///< by RequestError, but for those by Limit
  Counters<7> limited;   ///< how often clients have met a limit, by Limit
  StatusCounters statuses;

  // What passes.
  Counter messagesIn;
  Counter messagesOut;
  Counter bytesIn;
  Counter bytesOut;
  Counter dropped;    ///< volatile messages
  Counter waiting;    ///< bytes for clients, as of the end of the last turn
  Counter heldPosts;  ///< bytes of those that wait until their clients, or the host, may go on
  Counter heartbeats;
  RoundTrips roundTrips;

  // The loop.
  Counter turns;      ///< whoever drives
  Counter hostTurns;  ///< of the host
  Counter handOvers;  ///< to the host
};

}  // namespace beastio::base
