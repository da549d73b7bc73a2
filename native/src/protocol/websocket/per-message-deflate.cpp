// permessage-deflate of a connection: chooses between the stream of the connection and the one that
// its thread lends. Runs on: the I/O thread of the connection.
#include "protocol/websocket/per-message-deflate.hpp"

#include <algorithm>
#include <cassert>

#include "protocol/text/utf8.hpp"

namespace beastio::protocol {
namespace {

constexpr std::uint8_t kMinWindowBits = 8;
constexpr std::uint16_t kInvalidPayloadCode = 1007;  // RFC 6455 §7.4.1

/// An idle pool keeps at most this much of what its last message needed.
constexpr std::size_t kRetainedBytes = 64 * 1024;

PerMessageDeflate::Inflated failure(FrameError error) {
  return {.closeCode = closeCode(error), .description = describe(error, 0)};
}

}  // namespace

std::size_t DeflatePool::indexOf(std::uint8_t windowBits) {
  assert(windowBits >= kMinWindowBits && windowBits < kMinWindowBits + kWindowSizes);
  return windowBits - kMinWindowBits;
}

MessageDeflater& DeflatePool::deflater(std::uint8_t windowBits) {
  auto& deflater = deflaters_[indexOf(windowBits)];
  if (deflater == nullptr) {
    deflater = std::make_unique<MessageDeflater>(windowBits, settings_);
  } else {
    deflater->reset();
  }
  return *deflater;
}

MessageInflater& DeflatePool::inflater(std::uint8_t windowBits) {
  auto& inflater = inflaters_[indexOf(windowBits)];
  if (inflater == nullptr) {
    inflater = std::make_unique<MessageInflater>(windowBits);
  } else {
    inflater->reset();
  }
  return *inflater;
}

std::vector<std::uint8_t>& DeflatePool::inflated() {
  if (inflated_.capacity() > kRetainedBytes) std::vector<std::uint8_t>().swap(inflated_);
  return inflated_;
}

void PerMessageDeflate::deflate(std::span<const Bytes> parts, std::string& out) {
  const std::uint8_t bits = parameters_.serverWindowBits;
  if (parameters_.serverNoContextTakeover) return pool_->deflater(bits).deflate(parts, out);
  if (deflater_ == nullptr) deflater_ = std::make_unique<MessageDeflater>(bits, pool_->settings());
  deflater_->prefetch(parts);
  deflater_->deflate(parts, out);
}

PerMessageDeflate::Inflated PerMessageDeflate::inflate(Opcode opcode, Bytes payload,
                                                       std::size_t maxMessageBytes) {
  const std::uint8_t bits = parameters_.clientWindowBits;
  const bool lent = parameters_.clientNoContextTakeover;
  if (!lent && inflater_ == nullptr) inflater_ = std::make_unique<MessageInflater>(bits);
  MessageInflater& inflater = lent ? pool_->inflater(bits) : *inflater_;

  std::vector<std::uint8_t>& message = pool_->inflated();
  switch (inflater.inflate(payload, maxMessageBytes, message)) {
    case MessageInflater::Result::kDone:
      break;
    case MessageInflater::Result::kTooBig:
      return failure(FrameError::kMessageTooBig);
    case MessageInflater::Result::kInvalid:
      return {.closeCode = kInvalidPayloadCode,
              .description = std::string("Error: ").append(inflater.errorText())};
  }
  if (opcode == Opcode::kBinary) return {.message = message};
  const TextKind kind = classifyUtf8(asText(message));
  if (kind == TextKind::kInvalid) return failure(FrameError::kInvalidUtf8);
  return {.message = message, .ascii = kind == TextKind::kAscii};
}

const std::shared_ptr<const std::string>& DeflatedMessage::get(DeflatePool& pool,
                                                               std::uint8_t windowBits,
                                                               std::span<const Bytes> parts,
                                                               ByteMeter& meter) {
  const auto found = std::find_if(forms_.begin(), forms_.end(), [windowBits](const Form& form) {
    return form.windowBits == windowBits;
  });
  if (found != forms_.end()) return found->payload;
  std::string payload;
  pool.deflater(windowBits).deflate(parts, payload);
  return forms_.emplace_back(Form{windowBits, meter.share(std::move(payload))}).payload;
}

}  // namespace beastio::protocol
