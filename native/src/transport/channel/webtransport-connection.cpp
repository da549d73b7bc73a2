#include "transport/channel/webtransport-connection.hpp"

#include <array>
#include <limits>
#include <string>
#include <utility>

#include "beastio/names.hpp"
#include "protocol/text/utf8.hpp"
#include "session/dialect.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::transport {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// In the words that WebSockets have for it.
constexpr std::string_view kTooLarge = "RangeError: Max payload size exceeded";

std::size_t limitOf(const Settings& settings) {
  constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();
  return settings.maxHttpBufferSize > 0 ? settings.maxHttpBufferSize : kUnlimited;
}

}  // namespace

WebTransportConnection::WebTransportConnection(Environment& environment, ConnectionHost& host,
                                               std::shared_ptr<ByteStream> stream)
    : Connection(environment, host, std::move(stream)), parser_(limitOf(*environment.settings)) {}

void WebTransportConnection::start(session::Session* session, protocol::MutableBytes head) {
  session_ = session;
  stream_->setOwner(*this);
  if (session_ == nullptr) return close();
  if (!head.empty()) onBytes(head);
}

const session::Dialect& WebTransportConnection::dialect() const {
  static const session::Dialect kDialect;  // there is but protocol 4
  return kDialect;
}

// Reading.

void WebTransportConnection::onBytes(protocol::MutableBytes bytes) {
  if (closing_ || isGone() || parser_.consume(bytes, *this)) return;
  detach(CloseReason::kParseError, parser_.isTooLong() ? kTooLarge : std::string_view{});
  close();
}

// Texts are read as engine.io reads them, with a TextDecoder: it drops a byte order mark and
// replaces what is no UTF-8.
bool WebTransportConnection::onPacket(protocol::Bytes packet, bool binary) {
  auto text = protocol::asText(packet);
  const auto now = environment_.now();
  if (binary) {
    session_->onBinary(*this, text, now);
    return session_ != nullptr;
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const auto kind = protocol::classifyUtf8(text);
  std::string wellFormed;
  if (kind == protocol::TextKind::kInvalid) {
    protocol::appendWellFormedUtf8(text, wellFormed);
    text = wellFormed;
  }
  session_->onText(*this, text, kind == protocol::TextKind::kAscii, now);
  return session_ != nullptr;
}

void WebTransportConnection::onEnd() {
  detach(CloseReason::kTransportClose, {});
  close();
}

// Writing.

TransportName WebTransportConnection::name() const { return TransportName::kWebTransport; }

void WebTransportConnection::send(const session::Outgoing& packet) {
  if (closing_ || isGone()) return;
  std::string scratch;
  const auto message = session::toMessage(dialect(), packet, scratch);
  std::array<std::uint8_t, protocol::kMaxPacketHeaderBytes> header;
  const auto length = protocol::encodePacketHeader(header, message.binary,
                                                   message.prefix.size() + message.payload.size());
  queueMessage(std::string(protocol::asText({header.data(), length})).append(message.prefix),
               message.payload, &packet);
  flushSoon();
}

// Ending.

void WebTransportConnection::close() {
  session_ = nullptr;
  if (closing_ || isGone()) return;
  closing_ = true;
  armCloseTimer();
  if (writable()) onFlushed();
}

// What was sent has been written: the host ends the stream, and the session with it.
void WebTransportConnection::onFlushed() {
  if (!closing_ || ended_) return;
  ended_ = true;
  stream_->shutdownWrite();
}

}  // namespace beastio::transport
