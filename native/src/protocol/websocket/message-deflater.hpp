// The sending half of permessage-deflate (RFC 7692 §7.2.1) on zlib: a message becomes the payload
// of a frame with RSV1. No I/O; owned by one connection, or by the DeflatePool of a thread. Bound:
// one zlib state, 268 KB with the default settings.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "protocol/text/bytes.hpp"

struct z_stream_s;

namespace beastio::protocol {

/// What zlib is asked for; the names and defaults are those of `zlibDeflateOptions` in JavaScript.
struct DeflateSettings {
  int level = -1;    ///< -1 to 9; -1 is the choice of zlib, 6
  int memLevel = 8;  ///< 1 to 9
  int strategy = 0;  ///< Z_DEFAULT_STRATEGY to Z_FIXED, 0 to 4
};

class MessageDeflater {
 public:
  /// `windowBits` is from 8 to 15.
  MessageDeflater(std::uint8_t windowBits, const DeflateSettings& settings);

  /// Appends the compressed form of the message that `parts` make up, without the four bytes that
  /// every message ends with. An empty message becomes one byte (RFC 7692 §7.2.3.6).
  void deflate(std::span<const Bytes> parts, std::string& out);

  /// Fetches what compressing `parts` will look up. The states of a hundred connections do not fit
  /// into a processor's caches. Waiting for them one by one is half of the time that zlib then
  /// takes.
  /// Order: right before `deflate`, for a stream that other streams have come between.
  void prefetch(std::span<const Bytes> parts) const;

  /// Lets the next message refer to none of the earlier ones.
  void reset();

 private:
  struct End {
    void operator()(z_stream_s* stream) const;
  };

  /// What zlib has asked for. It takes state, window and chains before its hash table.
  struct Memory {
    unsigned hashBits;
    unsigned blocks = 0;
    std::uint16_t* hashTable = nullptr;  ///< null: this zlib is made in another way
  };

  static void* allocate(void* memory, unsigned items, unsigned itemBytes);
  static void release(void* memory, void* block);

  void run(Bytes input, int flush, std::string& out);

  std::unique_ptr<Memory> memory_;
  std::unique_ptr<z_stream_s, End> stream_;
};

}  // namespace beastio::protocol
