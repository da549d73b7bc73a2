// The namespaces of a server by number. They are added under a lock, and found without one.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "socketio/server/namespace-core.hpp"

namespace beastio::socketio {

class NamespaceTable {
 public:
  static constexpr std::size_t kMost = 1U << 16U;

  /// Order: one caller at a time.
  void add(std::unique_ptr<NamespaceCore> nsp) {
    const auto index = held_.size();
    if (index % kChunk == 0) {
      chunks_.push_back(std::make_unique<Chunk>());
      places_[index / kChunk].store(chunks_.back().get(), std::memory_order_release);
    }
    (*chunks_.back())[index % kChunk].store(nsp.get(), std::memory_order_release);
    held_.push_back(std::move(nsp));
  }
  std::size_t size() const { return held_.size(); }
  /// That of a number, or the first if there is none.
  NamespaceCore& at(std::size_t number) const {
    const Chunk* const chunk = places_[number / kChunk].load(std::memory_order_acquire);
    NamespaceCore* const found =
        chunk == nullptr ? nullptr : (*chunk)[number % kChunk].load(std::memory_order_acquire);
    return found == nullptr ? at(0) : *found;
  }

 private:
  static constexpr std::size_t kChunk = 256;
  using Chunk = std::array<std::atomic<NamespaceCore*>, kChunk>;

  std::array<std::atomic<Chunk*>, kMost / kChunk> places_{};
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<std::unique_ptr<NamespaceCore>> held_;
};

}  // namespace beastio::socketio
