// Blocks of RFC 1951 and messages of RFC 7692, on zlib.
#include "transports/deflate.hpp"

#include <stdexcept>

#include "error.hpp"

namespace load {
namespace {

constexpr std::size_t kHeadBytes = 64;  // room for what differs between two messages
constexpr std::string_view kTail("\x00\x00\xff\xff", 4);
constexpr int kRawWindowBits = -15;
constexpr int kLevel = 6;
constexpr int kMemLevel = 8;
constexpr std::size_t kLargestMessage = 4U << 20;

Bytef* bytesOf(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib does not write to input
}

/// One stored block that is not the last.
void appendStored(std::string& out, std::string_view bytes) {
  const auto size = static_cast<unsigned>(bytes.size());
  out.push_back(0);
  for (const unsigned field : {size, ~size}) {
    out.push_back(static_cast<char>(field & 0xFF));
    out.push_back(static_cast<char>(field >> 8 & 0xFF));
  }
  out.append(bytes);
}

/// Deflate blocks of `bytes` that end at a byte boundary, without the four bytes that RFC 7692
/// leaves out.
std::string compress(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kRawWindowBits, kMemLevel, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw LoadError("zlib cannot make a stream");
  }
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 16, '\0');
  stream.next_in = bytesOf(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = bytesOf(out);
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_SYNC_FLUSH);
  out.resize(out.size() - stream.avail_out - kTail.size());
  deflateEnd(&stream);
  return out;
}

}  // namespace

std::string_view Deflater::deflate(std::string_view message) {
  const std::size_t head = std::min(kHeadBytes, message.size());
  const std::string_view rest = message.substr(head);
  if (rest != rest_) {
    rest_ = rest;
    blocks_ = compress(rest);
  }
  out_.clear();
  appendStored(out_, message.substr(0, head));
  out_.append(blocks_);
  return out_;
}

void Inflater::End::operator()(z_stream* stream) const {
  inflateEnd(stream);
  delete stream;
}

Inflater::Inflater() : stream_(new z_stream{}) {
  if (inflateInit2(stream_.get(), kRawWindowBits) != Z_OK) {
    throw LoadError("zlib cannot make a stream");
  }
}

std::string_view Inflater::inflate(std::string_view compressed) {
  static thread_local std::string out(kLargestMessage, '\0');
  stream_->next_out = bytesOf(out);
  stream_->avail_out = static_cast<uInt>(out.size());
  for (const std::string_view piece : {compressed, kTail}) {
    stream_->next_in = bytesOf(piece);
    stream_->avail_in = static_cast<uInt>(piece.size());
    const int result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
    if ((result != Z_OK && result != Z_BUF_ERROR) || stream_->avail_in > 0) {
      throw LoadError("got a message that does not inflate");
    }
  }
  const std::size_t size = out.size() - stream_->avail_out;
  if (!takeover_) inflateReset(stream_.get());
  return {out.data(), size};
}

}  // namespace load
