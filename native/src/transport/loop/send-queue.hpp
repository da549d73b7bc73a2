// What one connection has still to write, in order. Small frames stand side by side in chunks,
// large payloads are referred to. So one gathered write takes many frames.
// Runs on: the connection's I/O thread. Bound: the session's (session/limits/send-limits.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "protocol/text/byte-meter.hpp"
#include "protocol/text/bytes.hpp"

namespace beastio::transport {

/// What the queues of one thread have in common. Lifetime: outlives them.
struct ChunkPool {
  /// What waits in them.
  protocol::ByteMeter waiting{};
  /// Storage of those that ran empty, for the next that fills.
  std::vector<std::vector<std::uint8_t>> spare{};
};

class SendQueue {
 public:
  static constexpr std::size_t kMaxBuffers = 64;
  using Buffers = std::array<protocol::Bytes, kMaxBuffers>;

  explicit SendQueue(ChunkPool& pool) : pool_(pool) {}
  ~SendQueue();
  SendQueue(const SendQueue&) = delete;
  SendQueue& operator=(const SendQueue&) = delete;

  bool empty() const { return bytes_ == 0; }
  std::size_t bytes() const { return bytes_; }
  /// All that was ever dropped because it was written.
  std::uint64_t consumed() const { return consumed_; }

  void append(protocol::Bytes bytes);
  /// The payload is one of the pool's meter.
  void append(std::shared_ptr<const std::string> payload);
  /// Order: while the queue is empty. `written` bytes of the payload have been written already.
  void append(const std::shared_ptr<const std::string>& payload, std::size_t written);

  /// Order: the same. Bytes that never were in the queue have been written.
  void skip(std::size_t written) { consumed_ += written; }

  /// The first buffers to write.
  std::span<const protocol::Bytes> gather(Buffers& buffers) const;
  /// Drops what was written.
  void consume(std::size_t count);
  /// Drops what was not written, and its memory.
  void clear();

 private:
  static constexpr std::size_t kChunkBytes = 4 * 1024;
  static constexpr std::size_t kMaxChunkBytes = 64 * 1024;
  static constexpr std::size_t kMaxSpareChunks = 256;

  struct Segment {
    std::vector<std::uint8_t> chunk;
    std::shared_ptr<const std::string> payload;  // instead of the chunk

    protocol::Bytes bytes() const;
  };

  std::vector<std::uint8_t> newChunk();
  void recycle(std::vector<std::uint8_t> chunk);

  ChunkPool& pool_;
  std::vector<Segment> segments_;
  std::size_t head_ = 0;    // the first segment with bytes left
  std::size_t offset_ = 0;  // what of it was written
  std::size_t bytes_ = 0;
  std::uint64_t consumed_ = 0;
};

}  // namespace beastio::transport
