// zlib's deflate, message by message: each ends with a sync flush, whose marker is cut off.
// Runs on: the thread of its owner.
#include "protocol/websocket/message-deflater.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>

namespace beastio::protocol {
namespace {

constexpr std::size_t kMarkerBytes = 4;             // 00 00 ff ff
constexpr std::size_t kChunkBytes = 16 * 1024;      // of output, on the stack
constexpr std::uint8_t kMinRawWindowBits = 9;       // of zlib's raw deflate
constexpr int kHashBitsOverLevel = 7;               // zlib's table has 2^(memLevel + 7) entries
constexpr unsigned kHashTableBlock = 4;             // the how manieth block it is
constexpr std::size_t kPrefetchedBytes = 8 * 1024;  // of a message, which reach all of the table
constexpr char kEmptyMessage = '\0';                // an empty block without its marker

}  // namespace

void MessageDeflater::End::operator()(z_stream_s* stream) const {
  deflateEnd(stream);
  delete stream;
}

MessageDeflater::MessageDeflater(std::uint8_t windowBits, const DeflateSettings& settings) {
  assert(windowBits >= 8 && windowBits <= MAX_WBITS);
  // zlib has no raw deflate with a window of 256 bytes. One of 512 will do: zlib never looks back
  // further than its size less 262 bytes.
  const int rawWindowBits = -std::max(windowBits, kMinRawWindowBits);
  memory_ = std::make_unique<Memory>(
      Memory{.hashBits = static_cast<unsigned>(settings.memLevel + kHashBitsOverLevel)});
  auto stream = std::make_unique<z_stream>();
  stream->zalloc = allocate;
  stream->zfree = release;
  stream->opaque = memory_.get();
  const int result = deflateInit2(stream.get(), settings.level, Z_DEFLATED, rawWindowBits,
                                  settings.memLevel, settings.strategy);
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  assert(result == Z_OK && "settings out of range");
  stream_.reset(stream.release());
}

void* MessageDeflater::allocate(void* memory, unsigned items, unsigned itemBytes) {
  auto& self = *static_cast<Memory*>(memory);
  void* const block = std::malloc(std::size_t{items} * itemBytes);
  if (++self.blocks == kHashTableBlock && items == 1U << self.hashBits &&
      itemBytes == sizeof(*self.hashTable)) {
    self.hashTable = static_cast<std::uint16_t*>(block);
  }
  return block;
}

void MessageDeflater::release(void*, void* block) { std::free(block); }

// The hash of three bytes is that of zlib. Were it another, wrong entries would be fetched, no
// more.
void MessageDeflater::prefetch(std::span<const Bytes> parts) const {
  if (memory_->hashTable == nullptr) return;
  const unsigned shift = (memory_->hashBits + 2) / 3;
  const unsigned mask = (1U << memory_->hashBits) - 1;
  for (const Bytes part : parts) {
    unsigned hash = 0;
    for (const std::uint8_t byte : part.first(std::min(part.size(), kPrefetchedBytes))) {
      hash = (hash << shift ^ byte) & mask;
      __builtin_prefetch(memory_->hashTable + hash, 1);
    }
  }
}

void MessageDeflater::deflate(std::span<const Bytes> parts, std::string& out) {
  const auto isEmpty = [](Bytes part) { return part.empty(); };
  if (std::all_of(parts.begin(), parts.end(), isEmpty)) {
    // Nothing to refer to and nothing to remember: the stream need not know of it.
    out.push_back(kEmptyMessage);
    return;
  }
  for (const Bytes part : parts) {
    if (!part.empty()) run(part, Z_NO_FLUSH, out);
  }
  run({}, Z_SYNC_FLUSH, out);
  out.resize(out.size() - kMarkerBytes);
}

void MessageDeflater::reset() { deflateReset(stream_.get()); }

void MessageDeflater::run(Bytes input, int flush, std::string& out) {
  std::array<std::uint8_t, kChunkBytes> chunk;
  do {
    const std::size_t taken = std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max());
    stream_->next_in = const_cast<Bytef*>(input.data());  // zlib does not write to it
    stream_->avail_in = static_cast<uInt>(taken);
    do {
      stream_->next_out = chunk.data();
      stream_->avail_out = kChunkBytes;
      // Z_BUF_ERROR: the chunk before this one was just full, and there is nothing more.
      [[maybe_unused]] const int result = ::deflate(stream_.get(), flush);
      assert(result == Z_OK || result == Z_BUF_ERROR);
      out.append(reinterpret_cast<const char*>(chunk.data()), kChunkBytes - stream_->avail_out);
    } while (stream_->avail_out == 0);
    input = input.subspan(taken);
  } while (!input.empty());
}

}  // namespace beastio::protocol
