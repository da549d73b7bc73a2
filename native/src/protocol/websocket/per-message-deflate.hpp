// permessage-deflate (RFC 7692) of one connection, and what the connections of a thread share of
// it. A direction without context takeover keeps nothing between messages. Its connections borrow
// the stream of their window size from the thread's pool. One compressed message serves them all.
// Runs on: the I/O thread that owns the pool and its connections.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/text/byte-meter.hpp"
#include "protocol/text/bytes.hpp"
#include "protocol/websocket/deflate-offer.hpp"
#include "protocol/websocket/message-deflater.hpp"
#include "protocol/websocket/message-inflater.hpp"
#include "protocol/websocket/websocket-frame.hpp"

namespace beastio::protocol {

/// One thread's zlib streams, by window size, made when first needed.
/// Bound: a deflater and an inflater for each of the eight sizes, and the last inflated message.
class DeflatePool {
 public:
  /// Messages below `thresholdBytes` are not worth compressing.
  DeflatePool(const DeflateSettings& settings, std::size_t thresholdBytes)
      : settings_(settings), thresholdBytes_(thresholdBytes) {}

  const DeflateSettings& settings() const { return settings_; }
  std::size_t thresholdBytes() const { return thresholdBytes_; }

  /// Streams that remember no message. Lifetime: the caller's until the next call.
  MessageDeflater& deflater(std::uint8_t windowBits);
  MessageInflater& inflater(std::uint8_t windowBits);

  /// Where messages are inflated to. The memory of a large one is given back by the next call.
  std::vector<std::uint8_t>& inflated();

 private:
  static constexpr std::size_t kWindowSizes = 8;
  static std::size_t indexOf(std::uint8_t windowBits);

  DeflateSettings settings_;
  std::size_t thresholdBytes_;
  std::array<std::unique_ptr<MessageDeflater>, kWindowSizes> deflaters_{};
  std::array<std::unique_ptr<MessageInflater>, kWindowSizes> inflaters_{};
  std::vector<std::uint8_t> inflated_{};
};

/// The compression of one connection. Bound: no memory without context takeover; with it one zlib
/// state for each direction that has been used.
class PerMessageDeflate {
 public:
  /// Lifetime: `pool` outlives it.
  PerMessageDeflate(DeflatePool& pool, const DeflateParameters& parameters)
      : pool_(&pool), parameters_(parameters) {}

  /// Whether a message of `messageBytes` is to be compressed: with context takeover every message,
  /// as with `ws`, else those from the threshold on.
  bool compresses(std::size_t messageBytes) const {
    return !parameters_.serverNoContextTakeover || messageBytes >= pool_->thresholdBytes();
  }

  /// The window size that alone decides what a message becomes; empty with context takeover, where
  /// the earlier messages do as well. Connections of one size can share a `DeflatedMessage`.
  std::optional<std::uint8_t> sharedWindowBits() const {
    if (!parameters_.serverNoContextTakeover) return std::nullopt;
    return parameters_.serverWindowBits;
  }

  /// Appends the payload of a frame with RSV1 for the message that `parts` make up.
  /// Order: with context takeover messages are sent in the order in which they were compressed.
  void deflate(std::span<const Bytes> parts, std::string& out);

  struct Inflated {
    std::uint16_t closeCode = 0;  ///< 0: the message is good. Else 1007 or 1009, to be answered
    std::string description{};    ///< of the error, as `ws` words it
    MutableBytes message{};
    bool ascii = false;  ///< of a text: every byte is
  };

  /// Turns the payload that FrameParser gave to onCompressed into the message; a text is validated.
  /// Errors: end the connection, which must not inflate again.
  /// Lifetime: the message is valid until any connection of the thread inflates the next one.
  Inflated inflate(Opcode opcode, Bytes payload, std::size_t maxMessageBytes);

 private:
  DeflatePool* pool_;
  DeflateParameters parameters_;
  std::unique_ptr<MessageDeflater> deflater_{};  ///< if it takes its context over
  std::unique_ptr<MessageInflater> inflater_{};  ///< likewise
};

/// One outgoing message and its compressed forms, at most one for each window size: what a fan-out
/// hands to connections that have `sharedWindowBits`.
class DeflatedMessage {
 public:
  /// The payload for a frame with RSV1, made on first use. `parts` are the same in every call;
  /// `meter` counts what the queues keep.
  const std::shared_ptr<const std::string>& get(DeflatePool& pool, std::uint8_t windowBits,
                                                std::span<const Bytes> parts, ByteMeter& meter);

 private:
  struct Form {
    std::uint8_t windowBits;
    std::shared_ptr<const std::string> payload;
  };

  std::vector<Form> forms_{};  ///< one, unless clients of several kinds are listening
};

}  // namespace beastio::protocol
