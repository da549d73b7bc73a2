// zlib's inflate, message by message: each is followed by the marker that its sender cut off.
// Runs on: the thread of its owner.
#include "protocol/websocket/message-inflater.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <new>

namespace beastio::protocol {
namespace {

constexpr std::array<std::uint8_t, 4> kMarker{0x00, 0x00, 0xFF, 0xFF};
constexpr std::size_t kChunkBytes = 16 * 1024;  // of output, on the stack

/// Appends to a buffer that doubles as bytes arrive, up to the limit.
void append(Bytes part, std::size_t maxBytes, std::vector<std::uint8_t>& message) {
  const std::size_t needed = message.size() + part.size();
  if (needed > message.capacity()) {
    message.reserve(std::min(std::max(needed, 2 * message.capacity()), maxBytes));
  }
  message.insert(message.end(), part.begin(), part.end());
}

}  // namespace

void MessageInflater::End::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

MessageInflater::MessageInflater(std::uint8_t windowBits) {
  assert(windowBits >= 8 && windowBits <= MAX_WBITS);
  auto stream = std::make_unique<z_stream>();
  if (inflateInit2(stream.get(), -int{windowBits}) != Z_OK) throw std::bad_alloc();
  stream_.reset(stream.release());
}

MessageInflater::Result MessageInflater::inflate(Bytes payload, std::size_t maxBytes,
                                                 std::vector<std::uint8_t>& message) {
  message.clear();
  // An empty payload has no block. The marker alone would be half a block, and break the next
  // message.
  if (payload.empty()) return Result::kDone;
  const Result result = run(payload, maxBytes, message);
  // A final block has no marker to be given back, unless the sender began another one.
  if (result != Result::kDone || atFinalBlockEnd_) return result;
  return run(kMarker, maxBytes, message);
}

std::string_view MessageInflater::errorText() const {
  return stream_->msg != nullptr ? stream_->msg : std::string_view{};
}

void MessageInflater::reset() { inflateReset(stream_.get()); }

MessageInflater::Result MessageInflater::run(Bytes input, std::size_t maxBytes,
                                             std::vector<std::uint8_t>& message) {
  std::array<std::uint8_t, kChunkBytes> chunk;
  do {
    const std::size_t taken = std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max());
    stream_->next_in = const_cast<Bytef*>(input.data());  // zlib does not write to it
    stream_->avail_in = static_cast<uInt>(taken);
    do {
      // One byte over what is allowed, to see that there is more.
      const std::size_t allowed = maxBytes - message.size();
      const std::size_t room = std::min(allowed, kChunkBytes - 1) + 1;
      stream_->next_out = chunk.data();
      stream_->avail_out = static_cast<uInt>(room);
      const int result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
      const std::size_t produced = room - stream_->avail_out;
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      if (result == Z_DATA_ERROR) return Result::kInvalid;
      if (produced > allowed) return Result::kTooBig;
      append(Bytes(chunk).first(produced), maxBytes, message);

      // A final block ends a stream of zlib's but not one of RFC 7692 (§7.2.1). What follows is the
      // next block, and may refer to what came before.
      atFinalBlockEnd_ = result == Z_STREAM_END;
      if (atFinalBlockEnd_) inflateResetKeep(stream_.get());
    } while (stream_->avail_in > 0 || (stream_->avail_out == 0 && !atFinalBlockEnd_));
    input = input.subspan(taken);
  } while (!input.empty());
  return Result::kDone;
}

}  // namespace beastio::protocol
