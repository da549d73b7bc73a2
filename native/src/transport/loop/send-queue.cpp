#include "transport/loop/send-queue.hpp"

#include <algorithm>
#include <utility>

namespace beastio::transport {

SendQueue::~SendQueue() { clear(); }

void SendQueue::clear() {
  for (auto& segment : segments_) recycle(std::move(segment.chunk));
  std::vector<Segment>().swap(segments_);
  head_ = offset_ = bytes_ = 0;
}

protocol::Bytes SendQueue::Segment::bytes() const {
  return payload ? protocol::asBytes(*payload) : protocol::Bytes(chunk);
}

std::vector<std::uint8_t> SendQueue::newChunk() {
  std::vector<std::uint8_t> chunk;
  if (!pool_.spare.empty()) {
    chunk = std::move(pool_.spare.back());
    pool_.spare.pop_back();
  } else {
    chunk.reserve(kChunkBytes);
  }
  return chunk;
}

void SendQueue::recycle(std::vector<std::uint8_t> chunk) {
  pool_.waiting.subtract(chunk.size());
  if (chunk.capacity() < kChunkBytes || chunk.capacity() > kMaxChunkBytes) return;
  if (pool_.spare.size() >= kMaxSpareChunks) return;
  chunk.clear();
  pool_.spare.push_back(std::move(chunk));
}

void SendQueue::append(protocol::Bytes bytes) {
  if (bytes.empty()) return;
  const bool fits = !segments_.empty() && !segments_.back().payload &&
                    segments_.back().chunk.size() + bytes.size() <= kMaxChunkBytes;
  if (!fits) segments_.push_back({newChunk(), nullptr});
  auto& chunk = segments_.back().chunk;
  chunk.insert(chunk.end(), bytes.begin(), bytes.end());
  bytes_ += bytes.size();
  pool_.waiting.add(bytes.size());
}

void SendQueue::append(std::shared_ptr<const std::string> payload) {
  if (payload->empty()) return;
  bytes_ += payload->size();
  segments_.push_back({{}, std::move(payload)});
}

void SendQueue::append(const std::shared_ptr<const std::string>& payload, std::size_t written) {
  consumed_ += written;
  if (written == payload->size()) return;
  append(payload);
  offset_ = written;
  bytes_ -= written;
}

std::span<const protocol::Bytes> SendQueue::gather(Buffers& buffers) const {
  std::size_t count = 0;
  auto skip = offset_;
  for (std::size_t i = head_; i < segments_.size() && count < buffers.size(); ++i) {
    buffers[count++] = segments_[i].bytes().subspan(std::exchange(skip, 0));
  }
  return {buffers.data(), count};
}

void SendQueue::consume(std::size_t count) {
  bytes_ -= count;
  consumed_ += count;
  while (count > 0) {
    auto& segment = segments_[head_];
    const auto taken = std::min(segment.bytes().size() - offset_, count);
    count -= taken;
    offset_ += taken;
    if (offset_ < segment.bytes().size()) return;
    recycle(std::move(segment.chunk));
    segment.payload.reset();
    ++head_;
    offset_ = 0;
  }
  if (bytes_ == 0) {
    segments_.clear();
    if (segments_.capacity() > 4) segments_.shrink_to_fit();
    head_ = 0;
  } else if (head_ > 64) {  // a queue that never runs empty must not keep its past
    segments_.erase(segments_.begin(), segments_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

}  // namespace beastio::transport
