#include "beastio/batch.hpp"

#include <algorithm>
#include <utility>

#include "engine/block.hpp"
#include "engine/door.hpp"

namespace beastio {

Batch::Batch(unsigned ioThreads) : ioThreads_(ioThreads) { take(); }
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

std::shared_ptr<const Batch::Block> Batch::take() {
  auto fresh = std::make_shared<Block>();
  fresh->perThread.resize(ioThreads_);
  sharedCount_ = 0;
  return std::exchange(block_, std::move(fresh));
}

bool Batch::empty() const {
  return std::all_of(block_->perThread.begin(), block_->perThread.end(),
                     [](const auto& commands) { return commands.empty(); });
}

Part Batch::addText(std::string_view utf8) {
  const Part part{static_cast<std::uint32_t>(block_->bytes.size()),
                  static_cast<std::uint32_t>(utf8.size()), false};
  block_->bytes.append(utf8);
  return part;
}

Part Batch::addBinary(std::string_view bytes) {
  auto part = addText(bytes);
  part.binary = true;
  return part;
}

char* Batch::extend(std::size_t length) {
  const auto offset = block_->bytes.size();
  block_->bytes.resize(offset + length);
  return block_->bytes.data() + offset;
}

void Batch::addCopy(Part part) { block_->bytes.append(block_->bytes, part.offset, part.length); }

void Batch::shrink(std::size_t offset) { block_->bytes.resize(offset); }

std::size_t Batch::byteCount() const { return block_->bytes.size(); }

std::string_view Batch::bytesFrom(std::size_t offset) const {
  return std::string_view(block_->bytes).substr(offset);
}

void Batch::send(SessionId id, const Part* parts, std::size_t partCount, SendFlags flags) {
  if (id.thread() >= ioThreads_) return;
  const auto first = static_cast<std::uint32_t>(block_->parts.size());
  block_->parts.insert(block_->parts.end(), parts, parts + partCount);
  block_->perThread[id.thread()].push_back({.kind = Block::Kind::kSend,
                                            .flags = flags,
                                            .id = id,
                                            .first = first,
                                            .count = static_cast<std::uint32_t>(partCount)});
}

void Batch::share(const Part* parts, std::size_t partCount, SendFlags flags) {
  sharedFirst_ = static_cast<std::uint32_t>(block_->parts.size());
  sharedCount_ = static_cast<std::uint32_t>(partCount);
  sharedFlags_ = flags;
  block_->parts.insert(block_->parts.end(), parts, parts + partCount);
}

void Batch::sendShared(SessionId id) {
  if (id.thread() >= ioThreads_ || sharedCount_ == 0) return;
  block_->perThread[id.thread()].push_back({.kind = Block::Kind::kSendShared,
                                            .flags = sharedFlags_,
                                            .id = id,
                                            .first = sharedFirst_,
                                            .count = sharedCount_});
}

void Batch::broadcast(Audience audience, std::vector<Part> parts, SendFlags flags) {
  const auto index = static_cast<std::uint32_t>(block_->broadcasts.size());
  block_->broadcasts.push_back({std::move(audience), std::move(parts), flags});
  for (auto& commands : block_->perThread) {
    commands.push_back({.kind = Block::Kind::kBroadcast, .flags = flags, .first = index});
  }
}

void Batch::join(SessionId id, RoomId room) {
  if (id.thread() >= ioThreads_) return;
  block_->perThread[id.thread()].push_back({.kind = Block::Kind::kJoin, .id = id, .first = room});
}

void Batch::leave(SessionId id, RoomId room) {
  if (id.thread() >= ioThreads_) return;
  block_->perThread[id.thread()].push_back({.kind = Block::Kind::kLeave, .id = id, .first = room});
}

void Batch::mark(SessionId id) {
  if (id.thread() >= ioThreads_) return;
  block_->perThread[id.thread()].push_back({.kind = Block::Kind::kMark, .id = id});
}

void Batch::close(SessionId id, bool discard) {
  if (id.thread() >= ioThreads_) return;
  block_->perThread[id.thread()].push_back(
      {.kind = Block::Kind::kClose, .discard = discard, .id = id});
}

void Batch::terminate(SessionId id) {
  if (id.thread() >= ioThreads_) return;
  block_->perThread[id.thread()].push_back({.kind = Block::Kind::kTerminate, .id = id});
}

void Batch::request(AttachedRequest request) {
  const auto named = engine::threadOf(request, ioThreads_);
  const auto thread = named ? *named : turn_++ % ioThreads_;
  block_->requestBytes += request.target.size() + request.body.size();
  const auto index = static_cast<std::uint32_t>(block_->requests.size());
  block_->requests.push_back(std::move(request));
  block_->perThread[thread].push_back({.kind = Block::Kind::kRequest, .first = index});
}

void Batch::streamData(unsigned thread, RequestId stream, Part bytes) {
  if (thread >= ioThreads_) return;
  const auto index = static_cast<std::uint32_t>(block_->streamData.size());
  block_->streamData.push_back({stream, bytes});
  block_->perThread[thread].push_back({.kind = Block::Kind::kStreamData, .first = index});
}

}  // namespace beastio
