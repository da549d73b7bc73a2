// RFC 6455 frames as a server reads and writes them. `FrameParser::consume` takes whatever one
// receive call returned and reports every whole message in it. A frame that is complete in the
// input is unmasked in place and never copied. No I/O, no clock; one parser belongs to one
// connection. Bound: an unfinished message keeps at most Limits::maxMessageBytes, allocated as
// bytes arrive.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/text/bytes.hpp"
#include "protocol/websocket/frame-error.hpp"

namespace beastio::protocol {

/// RFC 6455 §5.2.
enum class Opcode : std::uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xA,
};

inline constexpr std::size_t kMaxFrameHeaderBytes = 10;

/// Writes the header of an unmasked final frame and returns its length (2, 4 or 10). `compressed`
/// sets RSV1: the payload is one of permessage-deflate.
std::size_t encodeFrameHeader(std::array<std::uint8_t, kMaxFrameHeaderBytes>& out, Opcode opcode,
                              std::size_t payloadBytes, bool compressed = false);

/// XORs `bytes` with `key` (its four bytes in wire order), starting at byte `phase` of the key.
/// Returns whether every resulting byte is ASCII.
bool unmask(MutableBytes bytes, const std::array<std::uint8_t, 4>& key, std::size_t phase);

/// Reads the frames of one client.
class FrameParser {
 public:
  struct Limits {
    std::size_t maxMessageBytes = 1'000'000;  ///< of one message, over all its fragments
    std::size_t maxFragments = 16'384;        ///< of one message; at least 1
    bool allowCompressed = false;  ///< permessage-deflate was negotiated: RSV1 may open a message
  };

  explicit FrameParser(Limits limits) : limits_(limits) {}

  /// Reads all of `bytes`, which are overwritten. It calls, in wire order:
  /// - `bool onText(MutableBytes payload, bool ascii)`: UTF-8, validated unless `ascii`.
  /// - `bool onBinary(MutableBytes payload)`.
  /// - `bool onCompressed(Opcode opcode, MutableBytes payload)`: a text or binary message as it
  ///   came, not inflated and not validated. Needed with Limits::allowCompressed only.
  /// - `bool onPing(Bytes payload)`.
  /// - `bool onPong(Bytes payload)`.
  /// - `bool onClose(std::uint16_t code, std::string_view reason)`: code 1005 if none was sent.
  ///
  /// A callback that returned false, a close frame or an error ends the reading. The rest of
  /// `bytes` is ignored, and so are all bytes of later calls. Lifetime: payloads are valid during
  /// the call only, which must not destroy the parser. Errors: returns the first violation, and the
  /// same one from every later call.
  template <class Callbacks>
  FrameError consume(MutableBytes bytes, Callbacks& callbacks);

  /// The opcode, length or close code that the error is about; 0 for errors that name no number.
  std::uint16_t offendingValue() const { return offendingValue_; }

  /// The memory of a large payload that a callback is called with, if it is no larger than that. It
  /// may be taken away. Null: the payload is small, or came in fragments, or is a part of the
  /// input.
  std::string* memoryOf(Bytes payload);

  /// Bytes kept for an unfinished message (for memory accounting and tests).
  std::size_t bufferedBytes() const;

 private:
  static constexpr std::size_t kMaxMaskedHeaderBytes = kMaxFrameHeaderBytes + 4;

  /// The frame being read, from the end of its header to the end of its payload.
  struct Frame {
    Opcode opcode = Opcode::kText;  ///< a continuation has that of its message
    bool final = true;
    std::array<std::uint8_t, 4> key{};
    std::size_t length = 0;
    std::size_t received = 0;
  };

  /// What a callback is called with.
  struct Event {
    Opcode opcode = Opcode::kText;
    bool ascii = false;
    bool compressed = false;
    std::uint16_t closeCode = 0;
    MutableBytes payload{};
  };

  bool next(MutableBytes& rest, Event& event);
  bool takeShortMessage(MutableBytes& rest, Event& event);
  bool readHeader(MutableBytes& rest);
  std::size_t parseHeader(Bytes bytes);
  bool checkOpcode(std::uint8_t code, bool final, bool compressed, std::uint8_t shortLength);
  bool readPayload(MutableBytes& rest, Event& event);
  void store(Bytes part, std::string& buffer) const;
  bool complete(MutableBytes payload, Event& event);
  bool checkMessage(const Event& event);
  bool completeClose(Event& event);
  void forget(const Event& event);
  bool fail(FrameError error, std::uint16_t offendingValue = 0);
  void end();

  Limits limits_;
  std::string message_;        ///< what came of a message that spans frames or inputs
  std::string control_;        ///< the same for a control frame, which may come in between
  std::size_t fragments_ = 0;  ///< frames of the current message; 0: none is open
  Frame frame_;
  std::array<std::uint8_t, kMaxMaskedHeaderBytes> header_{};  ///< the bytes of a header cut short
  std::uint8_t headerBytes_ = 0;
  bool inPayload_ = false;
  bool messageAscii_ = true;
  bool messageCompressed_ = false;
  bool ended_ = false;
  Opcode messageOpcode_ = Opcode::kText;
  FrameError error_ = FrameError::kNone;
  std::uint16_t offendingValue_ = 0;
};

template <class Callbacks>
FrameError FrameParser::consume(MutableBytes bytes, Callbacks& callbacks) {
  const auto deliver = [&callbacks](const Event& event) -> bool {
    if (event.compressed) {
      if constexpr (requires { callbacks.onCompressed(event.opcode, event.payload); }) {
        return callbacks.onCompressed(event.opcode, event.payload);
      }
      assert(false && "Limits::allowCompressed needs onCompressed");
      return false;
    }
    switch (event.opcode) {
      case Opcode::kText:
        return callbacks.onText(event.payload, event.ascii);
      case Opcode::kBinary:
        return callbacks.onBinary(event.payload);
      case Opcode::kPing:
        return callbacks.onPing(event.payload);
      case Opcode::kPong:
        return callbacks.onPong(event.payload);
      case Opcode::kClose:
        callbacks.onClose(event.closeCode, asText(event.payload));
        return false;
      case Opcode::kContinuation:
        break;  // an event has the opcode of its message
    }
    return false;
  };

  Event event;
  while (next(bytes, event)) {
    if (deliver(event)) {
      forget(event);
    } else {
      end();
    }
  }
  return error_;
}

}  // namespace beastio::protocol
