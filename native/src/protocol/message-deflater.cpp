// zlib's deflate, message by message: each ends with a sync flush, whose marker is cut off.
// Runs on: the thread of its owner.
#include "protocol/message-deflater.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <limits>
#include <new>

namespace beastio::protocol {
namespace {

constexpr std::size_t kMarkerBytes = 4;         // 00 00 ff ff
constexpr std::size_t kChunkBytes = 16 * 1024;  // of output, on the stack
constexpr std::uint8_t kMinRawWindowBits = 9;   // of zlib's raw deflate
constexpr char kEmptyMessage = '\0';            // an empty block without its marker

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
  auto stream = std::make_unique<z_stream>();
  const int result = deflateInit2(stream.get(), settings.level, Z_DEFLATED, rawWindowBits,
                                  settings.memLevel, settings.strategy);
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  assert(result == Z_OK && "settings out of range");
  stream_.reset(stream.release());
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
