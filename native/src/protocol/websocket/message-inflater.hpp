// The receiving half of permessage-deflate (RFC 7692 §7.2.2) on zlib: the payload of a message with
// RSV1 becomes the message. No I/O; owned by one connection, or by the DeflatePool of a thread.
// Bound: one zlib state (7 KB, and a window of up to 32 KB); no message grows over its limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "protocol/text/bytes.hpp"

struct z_stream_s;

namespace beastio::protocol {

class MessageInflater {
 public:
  enum class Result : std::uint8_t {
    kDone,
    kTooBig,   ///< the message has more than `maxBytes`
    kInvalid,  ///< not deflate data; see errorText
  };

  /// `windowBits` is from 8 to 15.
  explicit MessageInflater(std::uint8_t windowBits);

  /// Replaces `message` by what the whole `payload` inflates to. Blocks may be final (BFINAL), and
  /// others may follow them. A payload that ends early yields what came, as with `ws`.
  /// Errors: kTooBig as soon as the limit is passed, kInvalid at the first bad bit; `message` is
  /// then of no use. Order: after an error, `reset` comes before the next message.
  Result inflate(Bytes payload, std::size_t maxBytes, std::vector<std::uint8_t>& message);

  /// zlib's words for the last kInvalid, e.g. "invalid block type".
  std::string_view errorText() const;

  /// Makes the next message refer to none of the earlier ones.
  void reset();

 private:
  struct End {
    void operator()(z_stream_s* stream) const;
  };

  Result run(Bytes input, std::size_t maxBytes, std::vector<std::uint8_t>& message);

  std::unique_ptr<z_stream_s, End> stream_;
  bool atFinalBlockEnd_ = false;
};

}  // namespace beastio::protocol
