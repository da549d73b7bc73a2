// Both directions of permessage-deflate as the client of one connection.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace load {

/// Compresses messages that differ in their first bytes alone, at next to no cost. The head of a
/// message travels as a stored block, and the blocks of the rest are made once and kept. A server
/// cannot tell, and inflates the whole. No message refers to an earlier one, so whether the context
/// is taken over does not matter, nor does the window size.
class Deflater {
 public:
  /// Lifetime: of the result, until the next call.
  std::string_view deflate(std::string_view message);

 private:
  std::string rest_;  // of the last message
  std::string blocks_;
  std::string out_;
};

class Inflater {
 public:
  Inflater();

  /// Whether a message may refer to those before it.
  void setTakeover(bool takeover) { takeover_ = takeover; }
  /// Errors: a LoadError for garbage.
  /// Lifetime: of the result, until the next call on this thread.
  std::string_view inflate(std::string_view compressed);

 private:
  struct End {
    void operator()(z_stream* stream) const;
  };
  std::unique_ptr<z_stream, End> stream_;
  bool takeover_ = true;
};

}  // namespace load
