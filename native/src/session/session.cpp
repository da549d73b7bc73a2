#include "session/session.hpp"

#include <algorithm>
#include <array>
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
constexpr std::size_t kLargeBytes = 1024;  // below, JavaScript's JSON parser is as fast
constexpr std::string_view kWrongHeartbeat = "invalid heartbeat direction";
// Answers to PINGs and probes that a client may leave unread; one that reads has one of them.
constexpr unsigned kMaxUnreadPongs = 1000;

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
std::string toJson(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  out.reserve(text.size() + 2);
  out.push_back('"');
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
  out.push_back('"');
  return out;
}

// What a session can be upgraded to, as the inside of a JSON array.
std::string upgradesOf(TransportName transport, const EngineOptions& options) {
  if (transport != TransportName::kPolling || !options.allowUpgrades) return {};
  std::string names;
  if (options.websocket) names = "\"websocket\"";
  if (options.webtransport) names.append(names.empty() ? "" : ",").append("\"webtransport\"");
  return names;
}

PacketHeader headerOf(std::string_view text) {
  const auto parsed = protocol::parseSocketioHeader(text);
  if (!parsed || parsed->nsp.size() > std::numeric_limits<std::uint16_t>::max()) return {};
  if (protocol::classifyUtf8(parsed->nsp) != protocol::TextKind::kAscii) return {};
  PacketHeader header{.type = static_cast<std::uint8_t>(parsed->type),
                      .nspLength = static_cast<std::uint16_t>(parsed->nsp.size()),
                      .id = parsed->id,
                      .payloadOffset = static_cast<std::uint32_t>(parsed->payloadOffset)};
  if (text.size() - parsed->payloadOffset >= kLargeBytes &&
      parsed->type == protocol::SocketioHeader::Type::kEvent) {
    const auto array = text.substr(parsed->payloadOffset);
    header.nameLength = static_cast<std::uint16_t>(protocol::nameBeforeString(array));
  }
  return header;
}

}  // namespace

Session::Session(SessionHost& host, SessionId id, std::string sid, Dialect dialect)
    : host_(host), id_(id), sid_(std::move(sid)), dialect_(std::move(dialect)) {}

Session::~Session() = default;

// Opening.

void Session::openOverPolling(std::unique_ptr<HttpExchange> handshake, TimePoint now) {
  transport_ = TransportName::kPolling;
  poll_ = std::move(handshake);
  std::string openData;
  std::vector<PacketView> packets;
  for (const auto& packet : firstPackets(openData)) {
    packets.push_back({packet.type, packet.binary, packet.data});
  }
  answerPoll(packets, true);
  open(now);
}

void Session::openOver(MessageChannel& channel, TimePoint now) {
  transport_ = channel.name();
  channel_ = &channel;
  std::string openData;
  for (const auto& packet : firstPackets(openData)) channel.send(packet);
  open(now);
}

void Session::open(TimePoint now) {
  assert(state_ == State::kOpening);
  state_ = State::kOpen;
  const auto& options = host_.options();
  if (protocol() == 3) {
    pingDeadline_ = now + options.pingInterval + options.pingTimeout;
  } else {
    nextPing_ = now + options.pingInterval;
  }
  arm();
}

// The open packet, and the message that every new session gets. Lifetime: of `openData`.
std::vector<Outgoing> Session::firstPackets(std::string& openData) const {
  const auto& options = host_.options();
  openData.reserve(160 + sid_.size());
  openData.append("{\"sid\":").append(toJson(sid_));
  openData.append(",\"upgrades\":[").append(upgradesOf(transport_, options));
  openData.append("],\"pingInterval\":").append(std::to_string(options.pingInterval.count()));
  openData.append(",\"pingTimeout\":").append(std::to_string(options.pingTimeout.count()));
  openData.append(",\"maxPayload\":").append(std::to_string(options.maxHttpBufferSize));
  openData.push_back('}');
  std::vector<Outgoing> packets{{.type = PacketType::kOpen, .data = openData}};
  if (!options.initialPacket.empty()) {
    packets.push_back({.binary = options.initialPacketIsBinary, .data = options.initialPacket});
  }
  return packets;
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
    constexpr std::array<PacketView, 2> kGoodbye{PacketView{.type = PacketType::kNoop},
                                                 PacketView{.type = PacketType::kClose}};
    answerPoll(kGoodbye);
    end(CloseReason::kForcedClose);
  }
}

void Session::onPost(std::unique_ptr<HttpExchange> post, std::string_view contentType,
                     std::string_view body, TimePoint now) {
  const bool binary = contentType == "application/octet-stream";
  if (binary && protocol() == 4) {
    post->respond(emptyResponse(400));
    end(CloseReason::kTransportError, "invalid content");
    return;
  }
  std::string wellFormed;
  auto kind = binary ? protocol::TextKind::kUtf16 : protocol::classifyUtf8(body);
  if (kind == protocol::TextKind::kInvalid) {
    protocol::appendWellFormedUtf8(body, wellFormed);
    body = wellFormed;
    kind = protocol::TextKind::kUtf16;
  }
  if (dialect_.jsonp) kind = protocol::TextKind::kUtf16;  // a form escapes other characters
  PostReader reader(dialect_, body, binary);
  while (state_ != State::kClosed) {
    PacketView packet;
    const auto result = reader.next(packet);
    if (result == PostReader::Result::kEnd) break;
    if (result == PostReader::Result::kError) {
      if (state_ == State::kOpen) end(CloseReason::kParseError);
      break;
    }
    if (packet.type == PacketType::kClose) {
      if (poll_) answerPoll(PacketType::kNoop);
      end(CloseReason::kTransportClose);
    } else {
      const bool ascii = packet.binary || kind == protocol::TextKind::kAscii;
      onPacket(packet, encodingOf(packet.data, ascii), now);
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

void Session::answerPoll(std::span<const PacketView> packets, bool compress) {
  const auto poll = std::exchange(poll_, nullptr);
  const auto answer = encodePoll(dialect_, packets);
  poll->respond({.status = 200,
                 .type = answer.binary ? ContentType::kOctetStream : ContentType::kText,
                 .noStore = true,
                 .compress = compress,
                 .body = answer.body});
}

void Session::answerPoll(PacketType type) {
  const PacketView packet{.type = type};
  answerPoll({&packet, 1});
}

// Packets.

void Session::onPacket(const PacketView& packet, TextEncoding encoding, TimePoint now) {
  if (state_ != State::kOpen) return;
  if (protocol() == 4 && pingDeadline_ && !refreshedPingTimeout_ &&
      packet.type != PacketType::kPong) {
    refreshedPingTimeout_ = true;
    pingDeadline_ = now + host_.options().pingTimeout;
  }
  switch (packet.type) {
    case PacketType::kMessage:
      onMessage(packet, encoding);
      break;
    case PacketType::kPing:
      if (protocol() == 4) return end(CloseReason::kTransportError, kWrongHeartbeat);
      pingDeadline_ = now + host_.options().pingInterval + host_.options().pingTimeout;
      if (writable()) unreadPongs_ = 0;
      if (++unreadPongs_ > kMaxUnreadPongs) return cutOff("too many unread pongs");
      sendControl(PacketType::kPong);
      host_.onHeartbeat(*this);
      break;
    case PacketType::kPong:
      if (protocol() == 3) return end(CloseReason::kTransportError, kWrongHeartbeat);
      pingDeadline_.reset();
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
  std::string scratch;
  const auto packet = parseText(channel.dialect(), payload, scratch);
  if (!packet) return state_ == State::kOpen ? end(CloseReason::kParseError) : void();
  onPacket(*packet, encodingOf(packet->data, ascii || packet->binary), now);
}

void Session::onBinary(MessageChannel& channel, std::string_view payload, TimePoint now) {
  if (upgrade_ && upgrade_->channel == &channel) return abandonUpgrade();
  if (channel_ != &channel) return;
  onPacket(parseBinary(channel.dialect(), payload), TextEncoding::kAscii, now);
}

void Session::onWritten(MessageChannel& channel) {
  if (channel_ == &channel) settle();
}

void Session::onChannelClosed(MessageChannel& channel, CloseReason reason,
                              std::string_view description) {
  if (upgrade_ && upgrade_->channel == &channel) {
    forgetUpgrade();
  } else if (channel_ == &channel) {
    channel_ = nullptr;
    end(reason, description);
  }
}

// Upgrade.

bool Session::beginUpgrade(MessageChannel& channel, RequestId request, TimePoint now) {
  if (upgrade_ || upgraded_ || state_ == State::kClosed) return false;
  upgrade_ = std::make_unique<Upgrade>(
      Upgrade{&channel, request, now + host_.options().upgradeTimeout, std::nullopt, 0});
  arm();
  return true;
}

void Session::onUpgradePacket(std::string_view payload, TimePoint now) {
  std::string scratch;
  const auto packet = parseText(upgrade_->channel->dialect(), payload, scratch);
  if (packet && packet->type == PacketType::kPing && packet->data == "probe") {
    if (++upgrade_->probes > kMaxUnreadPongs) return abandonUpgrade();
    upgrade_->channel->send(Outgoing{.type = PacketType::kPong, .data = "probe"});
    upgrade_->nextNoop = now + kNoopInterval;
    arm();
    host_.onUpgrading(*this, upgrade_->channel->name(), upgrade_->request);
  } else if (packet && packet->type == PacketType::kUpgrade) {
    commitUpgrade(now);
  } else {
    abandonUpgrade();
  }
}

void Session::commitUpgrade(TimePoint now) {
  const auto upgrade = std::exchange(upgrade_, nullptr);
  upgraded_ = true;
  if (poll_) answerPoll(PacketType::kClose);
  transport_ = upgrade->channel->name();
  if (auto* former = std::exchange(channel_, upgrade->channel)) former->close();
  if (protocol() == 4) {
    pingDeadline_.reset();
    if (!nextPing_) nextPing_ = now + host_.options().pingInterval;
    arm();
  }
  host_.onUpgrade(*this, transport_, upgrade->request);
  for (const auto& buffered : std::exchange(buffer_, {})) {
    channel_->send(
        Outgoing{.type = buffered.type, .binary = buffered.binary, .data = buffered.data});
  }
  bufferedBytes_ = 0;
  if (!marks_.empty()) {
    std::fill(marks_.begin(), marks_.end(), channel_->takenBytes() + channel_->queuedBytes());
    host_.wantSettle(*this);
  }
  if (state_ == State::kClosing) end(CloseReason::kForcedClose);
}

void Session::abandonUpgrade() {
  if (!upgrade_) return;
  upgrade_->channel->close();
  forgetUpgrade();
}

void Session::forgetUpgrade() {
  const auto upgrade = std::exchange(upgrade_, nullptr);
  if (state_ != State::kClosed) host_.onUpgradeAbandoned(*this, upgrade->request);
}

// Sending.

bool Session::writable() const {
  return channel_ ? channel_->writable() : poll_ && buffer_.empty();
}

// Whether a packet of so many parts and bytes would be too much for a queue that is not empty.
bool Session::overflows(std::size_t parts, std::size_t bytes) const {
  const auto queued = channel_ ? channel_->queuedBytes() : bufferedBytes_;
  if (!channel_) bytes += parts * sizeof(Buffered);
  return queued > 0 && queued + bytes > host_.options().maxSendQueueBytes;
}

void Session::send(std::span<const Outgoing> parts, SendFlags flags) {
  if (state_ != State::kOpen || (flags.isVolatile && !writable())) return;
  std::size_t bytes = 0;
  for (const auto& part : parts) bytes += part.data.size();
  if (overflows(parts.size(), bytes)) return cutOff("send queue limit exceeded");
  for (const auto& part : parts) sendPart(part);
}

void Session::sendPart(const Outgoing& part) {
  if (channel_) return channel_->send(part);
  buffer_.push_back({part.type, part.binary, part.compress, std::string(part.data)});
  bufferedBytes_ += sizeof(Buffered) + part.data.size();
  if (poll_ && !flushWanted_) {
    flushWanted_ = true;
    host_.wantFlush(*this);
  }
}

void Session::sendControl(PacketType type, std::string_view data) {
  sendPart(Outgoing{.type = type, .data = data, .compress = true});
}

void Session::flush() {
  flushWanted_ = false;
  if (!poll_ || buffer_.empty()) return;
  const auto buffered = std::exchange(buffer_, {});
  bufferedBytes_ = 0;
  std::vector<PacketView> packets;
  packets.reserve(buffered.size());
  bool compress = false;
  for (const auto& packet : buffered) {
    packets.push_back({packet.type, packet.binary, packet.data});
    compress = compress || packet.compress;
  }
  answerPoll(packets, compress);
  settle();
}

void Session::mark() {
  if (state_ == State::kClosed) return;
  marks_.push_back(channel_ ? channel_->takenBytes() + channel_->queuedBytes() : 0);
  host_.wantSettle(*this);
}

void Session::settle() {
  if (!channel_ && !buffer_.empty()) return;
  const auto end = channel_ ? std::upper_bound(marks_.begin(), marks_.end(), channel_->takenBytes())
                            : marks_.end();
  const auto count = static_cast<unsigned>(end - marks_.begin());
  if (count == 0) return;
  marks_.erase(marks_.begin(), end);
  host_.onDrain(*this, count);
}

// Closing and time.

void Session::close(bool discard, TimePoint now) {
  if (state_ == State::kClosed || (state_ == State::kClosing && !discard)) return;
  const bool waiting = transport_ == TransportName::kPolling && (!poll_ || !buffer_.empty());
  if (discard || !waiting) return end(CloseReason::kForcedClose);
  state_ = State::kClosing;
  closeDeadline_ = now + host_.options().closeTimeout;
  arm();
}

void Session::terminate() {
  if (state_ == State::kClosed) return;
  if (auto* channel = std::exchange(channel_, nullptr)) channel->terminate();
  end(CloseReason::kTransportClose);
}

// The client does not take what it is sent: nothing more is sent to it.
void Session::cutOff(std::string_view description) {
  if (auto* channel = std::exchange(channel_, nullptr)) channel->terminate();
  end(CloseReason::kTransportError, description);
}

void Session::end(CloseReason reason, std::string_view description) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  abandonUpgrade();
  if (poll_) answerPoll(PacketType::kClose);
  if (auto* channel = std::exchange(channel_, nullptr)) channel->close();
  host_.onClosed(*this, reason, description);
}

void Session::arm() {
  std::optional<TimePoint> next;
  const auto consider = [&next](const std::optional<TimePoint>& when) {
    if (when && (!next || *when < *next)) next = when;
  };
  consider(nextPing_);
  consider(pingDeadline_);
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
  if (pingDeadline_ && now >= *pingDeadline_) {
    const auto excused = host_.excusedUntil();
    if (now >= excused) return end(CloseReason::kPingTimeout);
    pingDeadline_ = excused;
  }
  if (nextPing_ && now >= *nextPing_) {
    nextPing_.reset();  // set again by the PONG
    refreshedPingTimeout_ = false;
    pingDeadline_ = now + host_.options().pingTimeout;
    if (state_ == State::kOpen) sendControl(PacketType::kPing);
  }
  if (upgrade_ && now >= upgrade_->deadline) {
    abandonUpgrade();
  } else if (upgrade_ && upgrade_->nextNoop && now >= *upgrade_->nextNoop) {
    upgrade_->nextNoop = now + kNoopInterval;
    if (poll_ && buffer_.empty()) answerPoll(PacketType::kNoop);
  }
  arm();
}

}  // namespace beastio::session
