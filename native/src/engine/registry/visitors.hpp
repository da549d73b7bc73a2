// Who is there, and who has knocked, by address: what limits of clients are judged by. Connections
// and handshakes ask, and messages do not. Runs on: any thread. Owner: the engine. Bound: addresses
// that have a session or a connection or have knocked within a second, and as many that have not
// been looked through yet.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace beastio::engine {

/// The part of an address that counts.
using AddressKey = std::array<std::uint8_t, 16>;

class Visitors {
 private:
  struct Entry;

 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// What a session counts as while it is there. Order: ends before its Visitors.
  struct Leave {
    void operator()(Entry* entry) const { entry->owner->leave(*entry); }
  };
  using Visit = std::unique_ptr<Entry, Leave>;
  /// What a connection counts as, likewise.
  struct HangUp {
    void operator()(Entry* entry) const { entry->owner->hangUp(*entry); }
  };
  using Line = std::unique_ptr<Entry, HangUp>;

  Visitors() : anybody_{.owner = this} {}

  /// How many sessions there are.
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  /// How many of them have that address. Those that came while nobody counted are not known.
  std::size_t sizeOf(const AddressKey& address);
  /// How many addresses something is known of.
  std::size_t addresses();

  /// Whether an address has made no more than `perSecond` handshakes, with this one.
  bool knock(const AddressKey& address, std::size_t perSecond, TimePoint now);

  /// Counts a session; by its address too, if there is one. Null if it would be more than `most`.
  Visit enter(std::size_t most);
  /// The same; null as well if it would be more than `mostOfAddress`.
  Visit enter(std::size_t most, const AddressKey& address, std::size_t mostOfAddress);
  /// Counts a connection. Null if it would be more than `mostOfAddress`.
  Line connect(const AddressKey& address, std::size_t mostOfAddress);

 private:
  struct Entry {
    Visitors* owner = nullptr;
    std::size_t sessions = 0;
    std::size_t connections = 0;
    double knocks = 0;  // that it may still make, as of `since`
    std::optional<TimePoint> since{};
  };
  struct Hash {
    std::size_t operator()(const AddressKey& key) const;
  };

  bool count(std::size_t most);
  Entry& entryOf(const AddressKey& address);
  void leave(Entry& entry);
  void hangUp(Entry& entry);

  std::atomic<std::size_t> size_ = 0;
  Entry anybody_;  // of whom only the number is known
  std::mutex mutex_;
  std::unordered_map<AddressKey, Entry, Hash> entries_;
  std::size_t sweepAt_ = 1024;  // entries
};

}  // namespace beastio::engine
