#include "transport/channel/websocket-connection.hpp"

#include <array>
#include <limits>
#include <utility>

#include "beastio/names.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::transport {

using protocol::Opcode;
using session::Outgoing;

namespace {

constexpr std::uint16_t kNoStatus = 1005;  // RFC 6455 §7.4.1: none was received
constexpr std::uint16_t kMessageTooBig = 1009;
constexpr unsigned kMaxPendingPongs = 60;  // as ws: a peer that pings but does not read

protocol::FrameParser::Limits limitsOf(const Settings& settings) {
  constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();
  return {
      .maxMessageBytes = settings.maxHttpBufferSize > 0 ? settings.maxHttpBufferSize : kUnlimited,
      .maxFragments = settings.maxFragments > 0 ? settings.maxFragments : kUnlimited};  // as ws
}

Opcode opcodeOf(const session::WireMessage& message) {
  return message.binary ? Opcode::kBinary : Opcode::kText;
}

}  // namespace

WebSocketConnection::WebSocketConnection(Environment& environment, ConnectionHost& host,
                                         std::shared_ptr<ByteStream> stream)
    : Connection(environment, host, std::move(stream)), parser_(limitsOf(*environment.settings)) {}

void WebSocketConnection::agree(session::Dialect dialect,
                                const std::optional<protocol::DeflateParameters>& deflate) {
  dialect_ = std::move(dialect);
  if (!deflate) return;
  deflate_ = std::make_unique<protocol::PerMessageDeflate>(*environment_.deflatePool, *deflate);
  auto limits = limitsOf(*environment_.settings);
  limits.allowCompressed = true;
  parser_ = protocol::FrameParser(limits);
}

void WebSocketConnection::sendHandshake(std::string_view response) {
  queue(response);
  flushSoon();
}

void WebSocketConnection::start(session::Session* session, protocol::MutableBytes head) {
  session_ = session;
  if (session_ == nullptr) close();
  if (!head.empty()) onBytes(head);
  if (!isGone()) stream_->setOwner(*this);
}

void WebSocketConnection::refuse(std::string_view response) {
  deaf_ = true;
  state_ = State::kEnding;
  armCloseTimer();
  sendHandshake(response);
  stream_->setOwner(*this);
}

// Reading.

void WebSocketConnection::onBytes(protocol::MutableBytes bytes) {
  if (deaf_ || state_ == State::kEnding || isGone()) return;
  const auto error = parser_.consume(bytes, *this);
  if (error == protocol::FrameError::kNone || deaf_) return;
  breakOff(protocol::closeCode(error), protocol::describe(error, parser_.offendingValue()));
}

// The peer broke the protocol.
void WebSocketConnection::breakOff(std::uint16_t code, std::string_view description) {
  deaf_ = true;
  if (code == kMessageTooBig && session_ != nullptr) {
    environment_.counters.cuts[base::Cut::kMessageSize].add();
  }
  if (state_ == State::kOpen) sendClose(code);
  detach(CloseReason::kTransportError, description);
  state_ = State::kEnding;  // RFC 6455 §7.1.7: the peer's goodbye is not waited for
  finish();
}

bool WebSocketConnection::onText(protocol::MutableBytes payload, bool ascii) {
  if (session_ != nullptr) {
    session_->onText(*this, protocol::asText(payload), ascii, environment_.now());
  }
  return !isGone();
}

bool WebSocketConnection::onBinary(protocol::MutableBytes payload) {
  if (session_ != nullptr) {
    session_->onBinary(*this, protocol::asText(payload), environment_.now(),
                       parser_.memoryOf(payload));
  }
  return !isGone();
}

bool WebSocketConnection::onCompressed(Opcode opcode, protocol::MutableBytes payload) {
  const auto inflated =
      deflate_->inflate(opcode, payload, limitsOf(*environment_.settings).maxMessageBytes);
  if (inflated.closeCode != 0) {
    breakOff(inflated.closeCode, inflated.description);
    return false;
  }
  environment_.bytesRead += inflated.message.size();  // a thousand times what came, if it is zeros
  return opcode == Opcode::kText ? onText(inflated.message, inflated.ascii)
                                 : onBinary(inflated.message);
}

bool WebSocketConnection::onPing(protocol::Bytes payload) {
  if (state_ != State::kOpen) return true;
  if (isBlocked() && ++pendingPongs_ > kMaxPendingPongs) {
    if (session_ != nullptr) environment_.counters.cuts[base::Cut::kPings].add();
    detach(CloseReason::kTransportError, "too many unanswered pings");
    terminate();
    return false;
  }
  sendFrame(Opcode::kPong, {}, protocol::asText(payload), nullptr);
  return true;
}

bool WebSocketConnection::onPong(protocol::Bytes) { return true; }

bool WebSocketConnection::onClose(std::uint16_t code, std::string_view reason) {
  deaf_ = true;
  if (state_ == State::kOpen) sendClose(code, reason);
  detach(CloseReason::kTransportClose, {});
  state_ = State::kEnding;
  finish();
  return false;
}

// A connection that ends without a close frame is `transport close`, whatever the error, as with ws
// (code 1006).

void WebSocketConnection::onEnd() {
  if (isGone()) return;
  detach(CloseReason::kTransportClose, {});
  if (state_ == State::kOpen) armCloseTimer();
  deaf_ = peerEnded_ = true;
  state_ = State::kEnding;
  finish();
}

// Writing.

TransportName WebSocketConnection::name() const { return TransportName::kWebSocket; }

void WebSocketConnection::send(const Outgoing& packet) {
  if (state_ != State::kOpen || isGone()) return;
  std::string scratch;
  const auto message = session::toMessage(dialect_, packet, scratch);
  if (deflate_ && deflate_->compresses(message.prefix.size() + message.payload.size())) {
    return sendCompressed(message, packet);
  }
  if (packet.toMany && message.isCommon) return sendCommon(message, packet);
  sendFrame(opcodeOf(message), message.prefix, message.payload,
            message.isPlain ? &packet : nullptr);
}

// One frame for all recipients: usually it is all that a connection has to send, and goes out from
// where it is.
void WebSocketConnection::sendCommon(const session::WireMessage& message, const Outgoing& packet) {
  if (!packet.frame) {
    std::array<std::uint8_t, protocol::kMaxFrameHeaderBytes> header;
    const auto bytes = message.prefix.size() + message.payload.size();
    const auto length = protocol::encodeFrameHeader(header, opcodeOf(message), bytes);
    std::string frame;
    frame.reserve(length + bytes);
    frame.append(protocol::asText({header.data(), length}));
    frame.append(message.prefix).append(message.payload);
    packet.frame = environment_.chunks.waiting.share(std::move(frame));
  }
  sendShared(packet.frame, packet.isLast);
}

void WebSocketConnection::sendCompressed(const session::WireMessage& message,
                                         const Outgoing& packet) {
  const std::array<protocol::Bytes, 2> parts{protocol::asBytes(message.prefix),
                                             protocol::asBytes(message.payload)};
  std::shared_ptr<const std::string> payload;
  if (const auto windowBits = deflate_->sharedWindowBits(); windowBits && message.isCommon) {
    payload = packet.deflated.get(*environment_.deflatePool, *windowBits, parts,
                                  environment_.chunks.waiting);
  } else {
    std::string compressed;
    deflate_->deflate(parts, compressed);
    payload = environment_.chunks.waiting.share(std::move(compressed));
  }
  std::array<std::uint8_t, protocol::kMaxFrameHeaderBytes> header;
  const auto length = protocol::encodeFrameHeader(header, opcodeOf(message), payload->size(), true);
  queue(protocol::Bytes(header.data(), length));
  queue(std::move(payload));
  flushSoon();
}

void WebSocketConnection::sendFrame(Opcode opcode, std::string_view prefix,
                                    std::string_view payload, const Outgoing* shared) {
  std::array<std::uint8_t, protocol::kMaxFrameHeaderBytes> header;
  const auto length = protocol::encodeFrameHeader(header, opcode, prefix.size() + payload.size());
  queueMessage(std::string(protocol::asText({header.data(), length})).append(prefix), payload,
               shared);
  flushSoon();
}

void WebSocketConnection::sendClose(std::uint16_t code, std::string_view reason) {
  state_ = State::kClosing;
  std::string payload;
  if (code != kNoStatus) {
    payload = {static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
    payload.append(reason);
  }
  sendFrame(Opcode::kClose, {}, payload, nullptr);
  armCloseTimer();
}

void WebSocketConnection::onFlushed() {
  pendingPongs_ = 0;
  finish();
}

// Ending.

void WebSocketConnection::close() {
  session_ = nullptr;
  if (state_ == State::kOpen && !isGone()) sendClose(kNoStatus);
}

// Ends our direction once everything is written and both sides have said goodbye; the peer's end of
// stream, or the timer, does the rest.
void WebSocketConnection::finish() {
  if (state_ != State::kEnding || !writable()) return;
  if (peerEnded_) return terminate();
  if (ended_) return;
  ended_ = true;
  stream_->shutdownWrite();
}

}  // namespace beastio::transport
