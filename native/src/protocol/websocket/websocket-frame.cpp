// RFC 6455 frames. A short message that is whole in the input goes from `next` to the checks. Any
// other goes through header, payload, and a buffer if the frame or message spans inputs. The checks
// lead to the callback in `consume`. A violation ends the parser where it is seen, in the order in
// which the `ws` package looks.
#include "protocol/websocket/websocket-frame.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "protocol/text/utf8.hpp"

namespace beastio::protocol {
namespace {

constexpr std::uint8_t kFinalBit = 0x80;
constexpr std::uint8_t kRsv1Bit = 0x40;
constexpr std::uint8_t kRsv23Bits = 0x30;
constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::uint8_t kLength16 = 126;
constexpr std::uint8_t kLength64 = 127;
constexpr std::size_t kShortHeaderBytes = 6;  // of a masked frame below 126 bytes
constexpr std::size_t kMaxControlBytes = 125;
constexpr std::uint16_t kNoCloseCode = 1005;

/// An idle connection keeps at most this much of what its last message needed.
constexpr std::size_t kRetainedBytes = 4096;

bool isControl(Opcode opcode) { return opcode >= Opcode::kClose; }

void release(std::string& buffer) { std::string().swap(buffer); }

std::uint64_t readBigEndian(Bytes bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = (value << 8) | byte;
  return value;
}

void writeBigEndian(std::uint64_t value, MutableBytes out) {
  for (std::size_t i = out.size(); i > 0; --i) {
    out[i - 1] = static_cast<std::uint8_t>(value);
    value >>= 8;
  }
}

/// XORs the word at `at` and returns what it became.
template <class Word>
Word unmaskWord(std::uint8_t* at, Word key) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  word = static_cast<Word>(word ^ key);
  std::memcpy(at, &word, sizeof word);
  return word;
}

// As ws, whose numbers are exact up to here.
constexpr std::uint64_t kMaxLength = (std::uint64_t{1} << 53U) - 1;

}  // namespace

std::size_t encodeFrameHeader(std::array<std::uint8_t, kMaxFrameHeaderBytes>& out, Opcode opcode,
                              std::size_t payloadBytes, bool compressed) {
  out[0] = static_cast<std::uint8_t>(kFinalBit | (compressed ? kRsv1Bit : 0) |
                                     static_cast<std::uint8_t>(opcode));
  if (payloadBytes < kLength16) {
    out[1] = static_cast<std::uint8_t>(payloadBytes);
    return 2;
  }
  const bool fits16 = payloadBytes <= 0xFFFF;
  const std::size_t lengthBytes = fits16 ? 2 : 8;
  out[1] = fits16 ? kLength16 : kLength64;
  writeBigEndian(payloadBytes, MutableBytes(out).subspan(2, lengthBytes));
  return 2 + lengthBytes;
}

bool unmask(MutableBytes bytes, const std::array<std::uint8_t, 4>& key, std::size_t phase) {
  // Turned so that it begins with the byte for bytes[0]. All steps but the last ones are multiples
  // of four bytes, so it need not be turned again. The copy takes words, not single bytes. A word
  // that is loaded right after its bytes were stored one by one stalls as long as the rest of a
  // short frame takes.
  const int turn = static_cast<int>(phase % 4) * 8;
  const auto key32 = std::endian::native == std::endian::little
                         ? std::rotr(std::bit_cast<std::uint32_t>(key), turn)
                         : std::rotl(std::bit_cast<std::uint32_t>(key), turn);
  const std::uint64_t key64 = (std::uint64_t{key32} << 32) | key32;

  std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t seen = 0;
  for (; left >= 32; at += 32, left -= 32) {
    seen |= unmaskWord(at, key64) | unmaskWord(at + 8, key64) | unmaskWord(at + 16, key64) |
            unmaskWord(at + 24, key64);
  }
  for (; left >= 8; at += 8, left -= 8) seen |= unmaskWord(at, key64);
  if (left >= 4) {
    seen |= unmaskWord(at, key32);
    at += 4;
    left -= 4;
  }
  const auto lastKeys = std::bit_cast<std::array<std::uint8_t, 4>>(key32);
  for (std::size_t i = 0; i < left; ++i) seen |= unmaskWord(at + i, lastKeys[i]);
  return (seen & 0x8080808080808080) == 0;
}

/// Reads up to the end of the next message or control frame. False: nothing more to report.
bool FrameParser::next(MutableBytes& rest, Event& event) {
  while (!ended_) {
    if (takeShortMessage(rest, event)) return checkMessage(event);
    if (!inPayload_ && !readHeader(rest)) return false;
    if (readPayload(rest, event)) return true;
    if (rest.empty()) return false;
  }
  return false;
}

/// The frame that nearly every client sends nearly always: a message below 126 bytes, whole in the
/// input. Anything else, a violation included, is left to the long way, which takes nearly twice as
/// long (45 bytes: 24 ns against 14). True: `event` is to be checked.
bool FrameParser::takeShortMessage(MutableBytes& rest, Event& event) {
  if (inPayload_ || headerBytes_ > 0 || fragments_ > 0 || rest.size() < kShortHeaderBytes) {
    return false;
  }
  const auto opcode = static_cast<Opcode>(rest[0] ^ kFinalBit);
  const std::size_t length = std::size_t{rest[1]} ^ kMaskBit;
  if (opcode != Opcode::kText && opcode != Opcode::kBinary) return false;
  if (length >= kLength16 || length > rest.size() - kShortHeaderBytes) return false;
  if (length > limits_.maxMessageBytes) return false;

  std::array<std::uint8_t, 4> key;
  std::memcpy(key.data(), rest.data() + 2, key.size());
  event.opcode = opcode;
  event.compressed = false;
  event.payload = rest.subspan(kShortHeaderBytes, length);
  event.ascii = unmask(event.payload, key, 0);
  rest = rest.subspan(kShortHeaderBytes + length);
  return true;
}

/// Reads a header, or puts the beginning of one aside. True: `frame_` is set up.
bool FrameParser::readHeader(MutableBytes& rest) {
  if (headerBytes_ == 0) {
    if (const std::size_t size = parseHeader(rest); size > 0) {
      rest = rest.subspan(size);
      return true;
    }
    if (ended_) return false;
    std::copy(rest.begin(), rest.end(), header_.begin());
    headerBytes_ = static_cast<std::uint8_t>(rest.size());
    rest = {};
    return false;
  }

  const std::size_t before = headerBytes_;
  const std::size_t added = std::min(header_.size() - before, rest.size());
  std::copy_n(rest.begin(), added, header_.begin() + static_cast<std::ptrdiff_t>(before));
  if (const std::size_t size = parseHeader(Bytes(header_).first(before + added)); size > 0) {
    // What was copied beyond the header is payload: it stays in `rest`.
    rest = rest.subspan(size - before);
    headerBytes_ = 0;
    return true;
  }
  if (ended_) return false;
  headerBytes_ = static_cast<std::uint8_t>(before + added);
  rest = {};
  return false;
}

/// Sets `frame_` up and returns the length of the header that `bytes` begin with. 0: there is a
/// violation (checked in the order of `ws`, as early as its bytes are there), or it is not
/// complete.
std::size_t FrameParser::parseHeader(Bytes bytes) {
  if (bytes.size() < 2) return 0;
  if ((bytes[0] & kRsv23Bits) != 0) return fail(FrameError::kRsv23);
  const bool compressed = (bytes[0] & kRsv1Bit) != 0;
  if (compressed && !limits_.allowCompressed) return fail(FrameError::kRsv1);
  const bool final = (bytes[0] & kFinalBit) != 0;
  const auto code = static_cast<std::uint8_t>(bytes[0] & 0x0F);
  const auto shortLength = static_cast<std::uint8_t>(bytes[1] & 0x7F);
  if (!checkOpcode(code, final, compressed, shortLength)) return 0;
  if ((bytes[1] & kMaskBit) == 0) return fail(FrameError::kUnmasked);

  const std::size_t lengthBytes = shortLength < kLength16 ? 0 : shortLength == kLength16 ? 2 : 8;
  const std::size_t size = 2 + lengthBytes + 4;
  if (bytes.size() < 2 + lengthBytes) return 0;
  const std::uint64_t length =
      lengthBytes == 0 ? shortLength : readBigEndian(bytes.subspan(2, lengthBytes));

  if (length > kMaxLength) return fail(FrameError::kLengthUnsupported);

  auto opcode = static_cast<Opcode>(code);
  if (!isControl(opcode)) {
    // Between frames `message_` holds all earlier fragments, and they are within the limit.
    if (length > limits_.maxMessageBytes - message_.size()) {
      return fail(FrameError::kMessageTooBig);
    }
    if (fragments_ >= limits_.maxFragments) return fail(FrameError::kTooManyFragments);
  }
  if (bytes.size() < size) return 0;

  if (opcode == Opcode::kContinuation) {
    opcode = messageOpcode_;
  } else if (!isControl(opcode)) {
    messageOpcode_ = opcode;
    messageCompressed_ = compressed;
  }
  if (!isControl(opcode)) ++fragments_;
  frame_.opcode = opcode;
  frame_.final = final;
  frame_.length = static_cast<std::size_t>(length);
  frame_.received = 0;
  std::memcpy(frame_.key.data(), bytes.data() + size - 4, 4);
  inPayload_ = true;
  return size;
}

/// Applies the rules that depend on the opcode.
bool FrameParser::checkOpcode(std::uint8_t code, bool final, bool compressed,
                              std::uint8_t shortLength) {
  switch (const auto opcode = static_cast<Opcode>(code)) {
    case Opcode::kContinuation:
      if (compressed) return fail(FrameError::kRsv1);
      return fragments_ > 0 || fail(FrameError::kUnexpectedContinuation, code);
    case Opcode::kText:
    case Opcode::kBinary:
      return fragments_ == 0 || fail(FrameError::kExpectedContinuation, code);
    case Opcode::kClose:
    case Opcode::kPing:
    case Opcode::kPong:
      if (!final) return fail(FrameError::kFragmentedControl);
      if (compressed) return fail(FrameError::kRsv1);
      if (shortLength > kMaxControlBytes) return fail(FrameError::kControlTooLong, shortLength);
      if (opcode == Opcode::kClose && shortLength == 1) {
        return fail(FrameError::kBadCloseLength, shortLength);
      }
      return true;
  }
  return fail(FrameError::kBadOpcode, code);
}

/// Takes what `rest` has of the frame's payload. True: `event` is to be delivered.
bool FrameParser::readPayload(MutableBytes& rest, Event& event) {
  const std::size_t missing = frame_.length - frame_.received;
  const MutableBytes part = rest.first(std::min(missing, rest.size()));
  rest = rest.subspan(part.size());
  const bool ascii = unmask(part, frame_.key, frame_.received);
  frame_.received += part.size();

  const bool control = isControl(frame_.opcode);
  if (!control) messageAscii_ = messageAscii_ && ascii;
  std::string& buffer = control ? control_ : message_;
  inPayload_ = part.size() < missing;
  const bool last = !inPayload_ && frame_.final;
  if (last && buffer.empty()) return complete(part, event);
  store(part, buffer);
  return last && complete(asMutableBytes(buffer), event);
}

/// Appends to a buffer that has room for as much again as has arrived, up to what can still follow.
/// A final frame has announced that, and before it the limit holds. Growing by single fragments
/// would be quadratic.
void FrameParser::store(Bytes part, std::string& buffer) const {
  const std::size_t needed = buffer.size() + part.size();
  if (needed > buffer.capacity()) {
    const std::size_t bound =
        frame_.final ? needed + (frame_.length - frame_.received) : limits_.maxMessageBytes;
    std::string larger;  // one that grows by itself may take twice as much
    larger.reserve(std::min(2 * needed, bound));
    larger.append(buffer);
    buffer.swap(larger);
  }
  buffer.append(asText(part));
}

/// Checks a whole payload. True: `event` is to be delivered.
bool FrameParser::complete(MutableBytes payload, Event& event) {
  event.opcode = frame_.opcode;
  event.compressed = false;
  event.payload = payload;
  if (frame_.opcode == Opcode::kClose) return completeClose(event);
  if (isControl(frame_.opcode)) return true;

  event.ascii = messageAscii_;
  event.compressed = messageCompressed_;
  messageAscii_ = true;
  fragments_ = 0;
  return event.compressed || checkMessage(event);
}

/// Refuses a text that is not UTF-8.
bool FrameParser::checkMessage(const Event& event) {
  return event.ascii || event.opcode == Opcode::kBinary ||
         classifyUtf8(asText(event.payload)) != TextKind::kInvalid ||
         fail(FrameError::kInvalidUtf8);
}

/// Splits the payload of a close frame into code and reason.
bool FrameParser::completeClose(Event& event) {
  event.closeCode = kNoCloseCode;
  if (event.payload.empty()) return true;
  event.closeCode = static_cast<std::uint16_t>(readBigEndian(event.payload.first(2)));
  if (!isValidCloseCode(event.closeCode)) return fail(FrameError::kBadCloseCode, event.closeCode);
  event.payload = event.payload.subspan(2);
  return classifyUtf8(asText(event.payload)) != TextKind::kInvalid ||
         fail(FrameError::kInvalidUtf8);
}

std::size_t FrameParser::bufferedBytes() const {
  const auto own = std::string().capacity();  // which is not on the heap
  return (message_.capacity() > own ? message_.capacity() : 0) +
         (control_.capacity() > own ? control_.capacity() : 0);
}

std::string* FrameParser::memoryOf(Bytes payload) {
  const bool isHere = asText(payload).data() == message_.data();
  const bool isExact = payload.size() == message_.capacity();
  return isHere && isExact && payload.size() > kRetainedBytes ? &message_ : nullptr;
}

/// Makes room for the next message after `event` was delivered.
void FrameParser::forget(const Event& event) {
  std::string& buffer = isControl(event.opcode) ? control_ : message_;
  if (buffer.capacity() > kRetainedBytes) {
    release(buffer);
  } else {
    buffer.clear();
  }
}

/// Ends the reading with an error. Returns false, for its callers to return.
bool FrameParser::fail(FrameError error, std::uint16_t offendingValue) {
  error_ = error;
  offendingValue_ = offendingValue;
  end();
  return false;
}

void FrameParser::end() {
  ended_ = true;
  release(message_);
  release(control_);
}

}  // namespace beastio::protocol
