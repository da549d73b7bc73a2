// What every thread may read of the sessions of an I/O thread, without asking it: the round-trip
// time, and what waits for the client. Most sessions have no facts before their first heartbeat.
// Runs on: writing on the I/O thread, reading on any. Owner: the I/O thread.
// Bound: 24 bytes a slot, for 4,096 slots at once.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "beastio/session-id.hpp"

namespace beastio::engine {

class SessionFacts {
 public:
  using Microseconds = std::chrono::microseconds;

  SessionFacts() = default;
  SessionFacts(const SessionFacts&) = delete;
  SessionFacts& operator=(const SessionFacts&) = delete;

  void setRoundTrip(SessionId id, Microseconds time) {
    of(id).roundTrip.store(time.count(), std::memory_order_release);
  }
  /// See session::SendWatch::balance.
  void setBalance(SessionId id, std::int64_t bytes) {
    of(id).balance.store(bytes, std::memory_order_release);
  }

  /// Any thread. None if it is not known, or the session is gone and another has its slot.
  std::optional<Microseconds> roundTrip(SessionId id) const {
    const auto time = read(
        id, [](const Facts& facts) -> const auto& { return facts.roundTrip; });
    return time < 0 ? std::nullopt : std::optional(Microseconds(time));
  }
  /// Any thread.
  std::int64_t balance(SessionId id) const {
    return read(
        id, [](const Facts& facts) -> const auto& { return facts.balance; }, 0);
  }

 private:
  static constexpr std::int64_t kUnknown = -1;
  static constexpr unsigned kChunkBits = 12;
  static constexpr std::size_t kChunkSlots = std::size_t{1} << kChunkBits;
  static constexpr std::size_t kChunks = std::size_t{1} << (SessionId::kSlotBits - kChunkBits);

  struct Facts {
    std::atomic<std::uint32_t> generation{0};  // of the session; 0: none has any
    std::atomic<std::int64_t> roundTrip{kUnknown};
    std::atomic<std::int64_t> balance{0};
  };
  using Chunk = std::array<Facts, kChunkSlots>;

  // Those of a session, which may be the first of its slot.
  Facts& of(SessionId id) {
    auto& chunk = chunks_[id.slot() >> kChunkBits];
    if (chunk.load(std::memory_order_relaxed) == nullptr) {
      owned_.push_back(std::make_unique<Chunk>());
      chunk.store(owned_.back().get(), std::memory_order_release);
    }
    auto& facts = (*chunk.load(std::memory_order_relaxed))[id.slot() % kChunkSlots];
    if (facts.generation.load(std::memory_order_relaxed) != id.generation) {
      facts.generation.store(0, std::memory_order_release);
      facts.roundTrip.store(kUnknown, std::memory_order_release);
      facts.balance.store(0, std::memory_order_release);
      facts.generation.store(id.generation, std::memory_order_release);
    }
    return facts;
  }

  // Another session may get the slot meanwhile: then its generation has changed behind the fact.
  template <class Member>
  std::int64_t read(SessionId id, Member member, std::int64_t otherwise = kUnknown) const {
    const auto* chunk = chunks_[id.slot() >> kChunkBits].load(std::memory_order_acquire);
    if (chunk == nullptr) return otherwise;
    const auto& facts = (*chunk)[id.slot() % kChunkSlots];
    if (facts.generation.load(std::memory_order_acquire) != id.generation) return otherwise;
    const auto value = member(facts).load(std::memory_order_acquire);
    return facts.generation.load(std::memory_order_acquire) == id.generation ? value : otherwise;
  }

  std::array<std::atomic<Chunk*>, kChunks> chunks_{};  // those that there are
  std::vector<std::unique_ptr<Chunk>> owned_;
};

}  // namespace beastio::engine
