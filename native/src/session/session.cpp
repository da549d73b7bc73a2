#include "session/session.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "protocol/socketio-header.hpp"
#include "protocol/utf8.hpp"

namespace beastio::session {
namespace {

using protocol::PacketType;
using protocol::PacketView;

constexpr std::chrono::milliseconds kNoopInterval{100};

HttpResponse textResponse(std::string_view body) {
  return HttpResponse{.status = 200, .type = ContentType::kText, .noStore = true, .body = body};
}

HttpResponse emptyResponse(int status) { return HttpResponse{.status = status}; }

TextEncoding encodingOf(protocol::TextKind kind) {
  switch (kind) {
    case protocol::TextKind::kAscii:
      return TextEncoding::kAscii;
    case protocol::TextKind::kLatin1:
      return TextEncoding::kLatin1;
    default:
      return TextEncoding::kUtf16;
  }
}

TextEncoding encodingOf(std::string_view text, bool ascii) {
  return ascii ? TextEncoding::kAscii : encodingOf(protocol::classifyUtf8(text));
}

// A host may choose any sid, so it is escaped as JSON.stringify does.
std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (byte < 0x20) {
      out.append("\\u00").append({kHex[byte >> 4U], kHex[byte & 0xFU]});
    } else {
      out.push_back(c);
    }
  }
  return out.append("\"");
}

PacketHeader headerOf(std::string_view text) {
  const auto parsed = protocol::parseSocketioHeader(text);
  if (!parsed || parsed->nsp.size() > std::numeric_limits<std::uint16_t>::max()) return {};
  if (protocol::classifyUtf8(parsed->nsp) != protocol::TextKind::kAscii) return {};
  return PacketHeader{.type = static_cast<std::uint8_t>(parsed->type),
                      .nspLength = static_cast<std::uint16_t>(parsed->nsp.size()),
                      .id = parsed->id,
                      .payloadOffset = static_cast<std::uint32_t>(parsed->payloadOffset)};
}

}  // namespace

Session::Session(SessionHost& host, SessionId id, std::string sid, std::uint8_t protocol)
    : host_(host), id_(id), sid_(std::move(sid)), protocol_(protocol) {}

Session::~Session() = default;

// Opening.

void Session::openOverPolling(std::unique_ptr<HttpExchange> handshake, TimePoint now) {
  transport_ = TransportName::kPolling;
  handshake->respond(textResponse(openPacket()));
  open(now);
}

void Session::openOverWebSocket(MessageChannel& channel, TimePoint now) {
  transport_ = TransportName::kWebSocket;
  channel_ = &channel;
  const auto packet = openPacket();
  channel.send(Outgoing{.type = PacketType::kOpen, .data = std::string_view(packet).substr(1)});
  open(now);
}

void Session::open(TimePoint now) {
  assert(state_ == State::kOpening);
  state_ = State::kOpen;
  nextPing_ = now + host_.options().pingInterval;
  arm();
}

std::string Session::openPacket() const {
  const auto& options = host_.options();
  const bool upgradable =
      transport_ == TransportName::kPolling && options.allowUpgrades && options.websocket;
  return "0{\"sid\":" + quoted(sid_) + ",\"upgrades\":[" + (upgradable ? "\"websocket\"" : "") +
         "],\"pingInterval\":" + std::to_string(options.pingInterval.count()) +
         ",\"pingTimeout\":" + std::to_string(options.pingTimeout.count()) +
         ",\"maxPayload\":" + std::to_string(options.maxHttpBufferSize) + "}";
}

// Polling.

void Session::onPoll(std::unique_ptr<HttpExchange> poll, TimePoint) {
  if (poll_) {
    end(CloseReason::kTransportError, "overlap from client");
    poll->respond(emptyResponse(400));
    return;
  }
  poll_ = std::move(poll);
  if (!buffer_.empty()) {
    flush();
  } else if (state_ == State::kClosing) {
    answerPoll(
        "6\x1e"
        "1");
    end(CloseReason::kForcedClose);
  }
}

void Session::onPost(std::unique_ptr<HttpExchange> post, std::string_view contentType,
                     std::string_view body, TimePoint now) {
  if (contentType == "application/octet-stream") {
    post->respond(emptyResponse(400));
    end(CloseReason::kTransportError, "invalid content");
    return;
  }
  std::string wellFormed;
  auto kind = protocol::classifyUtf8(body);
  if (kind == protocol::TextKind::kInvalid) {
    protocol::appendWellFormedUtf8(body, wellFormed);
    body = wellFormed;
    kind = protocol::TextKind::kUtf16;
  }
  protocol::PayloadReader reader(body);
  while (state_ != State::kClosed) {
    PacketView packet;
    const auto result = reader.next(packet);
    if (result == protocol::PayloadReader::Result::kEnd) break;
    if (result == protocol::PayloadReader::Result::kError) {
      end(CloseReason::kParseError);
    } else if (packet.type == PacketType::kClose) {
      if (poll_) answerPoll("6");
      end(CloseReason::kTransportClose);
    } else {
      onPacket(packet, encodingOf(packet.data, packet.binary || kind == protocol::TextKind::kAscii),
               now);
    }
  }
  post->respond(HttpResponse{
      .status = 200, .type = ContentType::kHtml, .noStore = true, .body = std::string_view("ok")});
}

void Session::onOtherMethod(std::unique_ptr<HttpExchange> exchange) {
  exchange->respond(emptyResponse(500));
}

void Session::onAborted(RequestId request) {
  if (!poll_ || poll_->id() != request) return;
  poll_.reset();
  end(CloseReason::kTransportError, "poll connection closed prematurely");
}

void Session::answerPoll(std::string_view payload) {
  const auto poll = std::exchange(poll_, nullptr);
  poll->respond(textResponse(payload));
}

// Packets.

void Session::onPacket(const PacketView& packet, TextEncoding encoding, TimePoint now) {
  if (state_ != State::kOpen) return;
  if (pongDeadline_ && !refreshedPingTimeout_ && packet.type != PacketType::kPong) {
    refreshedPingTimeout_ = true;
    pongDeadline_ = now + host_.options().pingTimeout;
  }
  switch (packet.type) {
    case PacketType::kMessage:
      onMessage(packet, encoding);
      break;
    case PacketType::kPing:
      end(CloseReason::kTransportError, "invalid heartbeat direction");
      break;
    case PacketType::kPong:
      pongDeadline_.reset();
      nextPing_ = now + host_.options().pingInterval;
      arm();
      host_.onHeartbeat(*this);
      break;
    case PacketType::kOpen:
    case PacketType::kClose:
    case PacketType::kUpgrade:
    case PacketType::kNoop:
      break;  // engine.io ignores them here
  }
}

void Session::onMessage(const PacketView& packet, TextEncoding encoding) {
  Message message{.binary = packet.binary, .encoding = encoding, .data = packet.data};
  if (!packet.binary && host_.options().parseSocketioHeader) message.header = headerOf(packet.data);
  host_.onMessage(*this, message);
}

void Session::onText(MessageChannel& channel, std::string_view payload, bool ascii, TimePoint now) {
  if (upgrade_ && upgrade_->channel == &channel) return onUpgradePacket(payload, now);
  if (channel_ != &channel) return;
  const auto packet = protocol::parsePacket(payload);
  if (!packet) return end(CloseReason::kParseError);
  onPacket(*packet, encodingOf(packet->data, ascii), now);
}

void Session::onBinary(MessageChannel& channel, std::string_view payload, TimePoint now) {
  if (upgrade_ && upgrade_->channel == &channel) return abandonUpgrade();
  if (channel_ != &channel) return;
  onPacket(PacketView{.type = PacketType::kMessage, .binary = true, .data = payload},
           TextEncoding::kAscii, now);
}

void Session::onWritten(MessageChannel& channel) {
  if (channel_ == &channel) host_.onDrain(*this);
}

void Session::onChannelClosed(MessageChannel& channel, CloseReason reason,
                              std::string_view description) {
  if (upgrade_ && upgrade_->channel == &channel) {
    upgrade_.reset();
  } else if (channel_ == &channel) {
    channel_ = nullptr;
    end(reason, description);
  }
}

// Upgrade.

bool Session::beginUpgrade(MessageChannel& channel, RequestId request, TimePoint now) {
  if (upgrade_ || upgraded_ || transport_ != TransportName::kPolling || state_ == State::kClosed) {
    return false;
  }
  upgrade_ = std::make_unique<Upgrade>(
      Upgrade{&channel, request, now + host_.options().upgradeTimeout, std::nullopt});
  arm();
  return true;
}

void Session::onUpgradePacket(std::string_view payload, TimePoint now) {
  const auto packet = protocol::parsePacket(payload);
  if (packet && packet->type == PacketType::kPing && packet->data == "probe") {
    upgrade_->channel->send(Outgoing{.type = PacketType::kPong, .data = "probe"});
    upgrade_->nextNoop = now + kNoopInterval;
    arm();
    host_.onUpgrading(*this, upgrade_->request);
  } else if (packet && packet->type == PacketType::kUpgrade) {
    commitUpgrade(now);
  } else {
    abandonUpgrade();
  }
}

void Session::commitUpgrade(TimePoint now) {
  const auto upgrade = std::exchange(upgrade_, nullptr);
  upgraded_ = true;
  if (poll_) answerPoll("1");
  transport_ = TransportName::kWebSocket;
  channel_ = upgrade->channel;
  pongDeadline_.reset();
  if (!nextPing_) nextPing_ = now + host_.options().pingInterval;
  arm();
  host_.onUpgrade(*this, upgrade->request);
  for (const auto& buffered : std::exchange(buffer_, {})) {
    channel_->send(
        Outgoing{.type = buffered.type, .binary = buffered.binary, .data = buffered.data});
  }
  bufferedBytes_ = 0;
  if (state_ == State::kClosing) end(CloseReason::kForcedClose);
}

void Session::abandonUpgrade() {
  if (const auto upgrade = std::exchange(upgrade_, nullptr)) upgrade->channel->close();
}

// Sending.

bool Session::writable() const {
  return transport_ == TransportName::kWebSocket ? channel_ && channel_->writable()
                                                 : poll_ && buffer_.empty();
}

bool Session::overflows(std::size_t bytes) const {
  const auto queued = channel_ ? channel_->queuedBytes() : bufferedBytes_;
  return queued > 0 && queued + bytes > host_.options().maxSendQueueBytes;
}

void Session::send(std::span<const Outgoing> parts, SendFlags flags) {
  if (state_ != State::kOpen || (flags.isVolatile && !writable())) return;
  std::size_t bytes = 0;
  for (const auto& part : parts) bytes += part.data.size();
  if (overflows(bytes)) {
    if (auto* channel = std::exchange(channel_, nullptr)) channel->terminate();
    return end(CloseReason::kTransportError, "send queue limit exceeded");
  }
  for (const auto& part : parts) sendPart(part);
}

void Session::sendPart(const Outgoing& part) {
  if (channel_) return channel_->send(part);
  buffer_.push_back(Buffered{part.type, part.binary, std::string(part.data)});
  bufferedBytes_ += part.data.size();
  if (poll_ && !flushWanted_) {
    flushWanted_ = true;
    host_.wantFlush(*this);
  }
}

void Session::sendControl(PacketType type, std::string_view data) {
  sendPart(Outgoing{.type = type, .data = data});
}

void Session::flush() {
  flushWanted_ = false;
  if (!poll_ || buffer_.empty()) return;
  std::string payload;
  payload.reserve(bufferedBytes_ + 2 * buffer_.size());
  for (const auto& buffered : buffer_) {
    protocol::appendToPayload({buffered.type, buffered.binary, buffered.data}, payload);
  }
  buffer_.clear();
  bufferedBytes_ = 0;
  answerPoll(payload);
}

// Closing and time.

void Session::close(bool discard, TimePoint now) {
  if (state_ == State::kClosed || (state_ == State::kClosing && !discard)) return;
  const bool waiting = transport_ == TransportName::kPolling && (!poll_ || !buffer_.empty());
  if (discard || !waiting) return end(CloseReason::kForcedClose);
  state_ = State::kClosing;
  nextPing_.reset();
  closeDeadline_ = now + host_.options().closeTimeout;
  arm();
}

void Session::end(CloseReason reason, std::string_view description) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  abandonUpgrade();
  if (poll_) answerPoll("1");
  if (auto* channel = std::exchange(channel_, nullptr)) channel->close();
  host_.onClosed(*this, reason, description);
}

void Session::arm() {
  std::optional<TimePoint> next;
  const auto consider = [&next](const std::optional<TimePoint>& when) {
    if (when && (!next || *when < *next)) next = when;
  };
  consider(nextPing_);
  consider(pongDeadline_);
  consider(closeDeadline_);
  if (upgrade_) {
    consider(upgrade_->deadline);
    consider(upgrade_->nextNoop);
  }
  if (next) host_.wantTimer(*this, *next);
}

void Session::onTimer(TimePoint now) {
  if (state_ == State::kClosed) return;
  if (closeDeadline_ && now >= *closeDeadline_) return end(CloseReason::kForcedClose);
  if (pongDeadline_ && now >= *pongDeadline_) return end(CloseReason::kPingTimeout);
  if (nextPing_ && now >= *nextPing_) {
    nextPing_.reset();  // set again by the PONG
    refreshedPingTimeout_ = false;
    pongDeadline_ = now + host_.options().pingTimeout;
    sendControl(PacketType::kPing);
  }
  if (upgrade_ && now >= upgrade_->deadline) {
    abandonUpgrade();
  } else if (upgrade_ && upgrade_->nextNoop && now >= *upgrade_->nextNoop) {
    upgrade_->nextNoop = now + kNoopInterval;
    if (poll_ && buffer_.empty()) answerPoll("6");
  }
  arm();
}

}  // namespace beastio::session
