#include "beastio/host/batch.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "beastio/host/attached.hpp"
#include "engine/commands/block.hpp"
#include "engine/registry/sids.hpp"

namespace beastio {
namespace {

constexpr std::size_t kLargeBytes = 8 * 1024;  // of a block

// Numbers the ticks of all hosts. They come round; two that are equal by chance cost a volatile
// packet.
std::uint32_t newTick() {
  static std::atomic<std::uint32_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

Batch::Block::Block() = default;
Batch::Block::~Block() = default;

const AttachedRequest& Batch::Block::request(const Command& command) const {
  return requests[command.first];
}

void Batch::Block::clear() {
  bytes.shrink(0);
  parts.clear();
  broadcasts.clear();
  places.clear();
  requests.clear();
  streamData.clear();
  requestBytes = 0;
  broadcastBytes = 0;
  for (auto& commands : perThread) commands.clear();
}

std::shared_ptr<Batch::Block> Batch::BlockPool::take() {
  std::unique_ptr<Block> block;
  {
    const std::lock_guard lock(mutex_);
    if (!spare_.empty()) {
      block = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  if (!block) block = std::make_unique<Block>();
  return {block.release(), [pool = shared_from_this()](Block* done) {
            pool->giveBack(std::unique_ptr<Block>(done));
          }};
}

void Batch::BlockPool::giveBack(std::unique_ptr<Block> block) {
  if (block->bytes.capacity() > kMaxSpareBytes) return;
  block->clear();
  const std::lock_guard lock(mutex_);
  if (spare_.size() < kMaxSpare) spare_.push_back(std::move(block));
}

Batch::Batch(unsigned ioThreads)
    : pool_(std::make_shared<BlockPool>()),
      block_(std::make_shared<Block>()),
      ioThreads_(ioThreads),
      tick_(newTick()) {
  block_->perThread.resize(ioThreads);
}

Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

// A block that was large makes the next one likely to be; a small one is made faster than lent.
std::shared_ptr<const Batch::Block> Batch::take(bool endsTick) {
  sharedCount_ = 0;
  if (endsTick) beginTick();
  const bool large = block_->bytes.size() >= kLargeBytes;
  auto next = large ? pool_->take() : std::make_shared<Block>();
  next->perThread.resize(ioThreads_);
  return std::exchange(block_, std::move(next));
}

void Batch::beginTick() { tick_ = newTick(); }

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

char* Batch::extend(std::size_t length) { return block_->bytes.extend(length); }

void Batch::addCopy(Part part) { block_->bytes.appendOwn(part.offset, part.length); }

void Batch::shrink(std::size_t offset) { block_->bytes.shrink(offset); }

std::size_t Batch::byteCount() const { return block_->bytes.size(); }

std::string_view Batch::bytesFrom(std::size_t offset) const {
  return block_->bytes.view().substr(offset);
}

void Batch::send(SessionId id, const Part* parts, std::size_t partCount, SendFlags flags) {
  if (id.thread() >= ioThreads_) return;
  const auto first = static_cast<std::uint32_t>(block_->parts.size());
  block_->parts.insert(block_->parts.end(), parts, parts + partCount);
  block_->perThread[id.thread()].push_back({.kind = Block::Kind::kSend,
                                            .flags = flags,
                                            .id = id,
                                            .first = first,
                                            .count = static_cast<std::uint32_t>(partCount),
                                            .tick = tick_});
}

void Batch::sendIfIn(SessionId id, RoomId room, const Part* parts, std::size_t partCount,
                     SendFlags flags) {
  if (id.thread() >= ioThreads_) return;
  send(id, parts, partCount, flags);
  block_->perThread[id.thread()].back().onlyIn = room;
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
                                            .count = sharedCount_,
                                            .tick = tick_});
}

void Batch::broadcast(Audience audience, std::vector<Part> parts, SendFlags flags, Place place) {
  const auto index = static_cast<std::uint32_t>(block_->broadcasts.size());
  for (const auto& part : parts) block_->broadcastBytes += part.length;
  block_->broadcasts.push_back({std::move(audience), std::move(parts), flags, place});
  for (auto& commands : block_->perThread) {
    commands.push_back(
        {.kind = Block::Kind::kBroadcast, .flags = flags, .first = index, .tick = tick_});
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

void Batch::skipUpTo(SessionId id, Place place) {
  if (id.thread() >= ioThreads_) return;
  const auto index = static_cast<std::uint32_t>(block_->places.size());
  block_->places.push_back(place);
  block_->perThread[id.thread()].push_back(
      {.kind = Block::Kind::kSkipUpTo, .id = id, .first = index});
}

void Batch::mark(SessionId id) {
  if (id.thread() >= ioThreads_) return;
  block_->perThread[id.thread()].push_back({.kind = Block::Kind::kMark, .id = id});
}

void Batch::watch(SessionId id, std::uint32_t highWaterMark) {
  if (id.thread() >= ioThreads_) return;
  block_->perThread[id.thread()].push_back(
      {.kind = Block::Kind::kWatch, .id = id, .first = highWaterMark});
}

void Batch::pause(SessionId id, bool paused) {
  if (id.thread() >= ioThreads_) return;
  block_->perThread[id.thread()].push_back(
      {.kind = Block::Kind::kPause, .id = id, .first = paused ? 1U : 0U});
}

void Batch::setSlowClient(SessionId id, std::optional<SlowClientPolicy> policy,
                          std::uint32_t maxSendQueueBytes) {
  if (id.thread() >= ioThreads_) return;
  const auto first = policy ? static_cast<std::uint32_t>(*policy) + 1 : 0;
  block_->perThread[id.thread()].push_back(
      {.kind = Block::Kind::kSlowClient, .id = id, .first = first, .count = maxSendQueueBytes});
}

void Batch::note(SessionId id, const Part* parts, std::size_t partCount) {
  if (id.thread() >= ioThreads_) return;
  const auto first = static_cast<std::uint32_t>(block_->parts.size());
  block_->parts.insert(block_->parts.end(), parts, parts + partCount);
  block_->perThread[id.thread()].push_back({.kind = Block::Kind::kNote,
                                            .id = id,
                                            .first = first,
                                            .count = static_cast<std::uint32_t>(partCount)});
}

void Batch::close(SessionId id, bool discard, bool keepsUnread) {
  if (id.thread() >= ioThreads_) return;
  block_->perThread[id.thread()].push_back(
      {.kind = Block::Kind::kClose, .discard = discard, .keepsUnread = keepsUnread, .id = id});
}

void Batch::terminate(SessionId id) {
  if (id.thread() >= ioThreads_) return;
  block_->perThread[id.thread()].push_back({.kind = Block::Kind::kTerminate, .id = id});
}

void Batch::request(AttachedRequest request) {
  const auto named = engine::threadOf(request.target, request.sid, ioThreads_);
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
