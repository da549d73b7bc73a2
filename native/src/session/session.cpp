#include "session/session.hpp"

#include <cassert>
#include <utility>

#include "beastio/message.hpp"
#include "beastio/names.hpp"
#include "session/incoming-message.hpp"
#include "session/open-packet.hpp"
#include "session/settings.hpp"

namespace beastio::session {
namespace {

using protocol::PacketType;
using protocol::PacketView;

constexpr std::string_view kWrongHeartbeat = "invalid heartbeat direction";

}  // namespace

Session::Session(SessionHost& host, SessionId id, std::string sid, Dialect dialect)
    : host_(host),
      id_(id),
      sid_(std::move(sid)),
      dialect_(std::move(dialect)),
      polls_(host.waiting()),
      heartbeat_(dialect_.protocol) {}

// Opening.

void Session::openOverPolling(std::unique_ptr<HttpExchange> handshake, TimePoint now) {
  affinity_.check();
  transport_ = TransportName::kPolling;
  polls_.onPoll(handshake);
  const auto openPacket = openData(sid_, true, host_.settings());
  std::vector<PacketView> packets;
  for (const auto& packet : firstPackets(openPacket)) {
    packets.push_back({packet.type, packet.binary, packet.data});
  }
  answerPoll(packets, true, sid_);
  open(now);
}

void Session::openOver(MessageChannel& channel, TimePoint now) {
  affinity_.check();
  transport_ = channel.name();
  channel_ = &channel;
  const auto openPacket = openData(sid_, false, host_.settings());
  for (const auto& packet : firstPackets(openPacket)) channel.send(packet);
  open(now);
}

void Session::open(TimePoint now) {
  assert(state_ == State::kOpening);
  state_ = State::kOpen;
  heartbeat_.open(times(), now);
  arm();
}

// The open packet, and the message that every new session gets. Lifetime: of `openPacket`.
std::vector<Outgoing> Session::firstPackets(std::string_view openPacket) const {
  const auto& settings = host_.settings();
  std::vector<Outgoing> packets{{.type = PacketType::kOpen, .data = openPacket}};
  if (!settings.initialPacket.empty()) {
    packets.push_back({.binary = settings.initialPacketIsBinary, .data = settings.initialPacket});
  }
  return packets;
}

// Packets.

void Session::onPacket(const PacketView& packet, TextEncoding encoding, TimePoint now,
                       std::string* memory) {
  if (state_ != State::kOpen) return;
  const auto& settings = host_.settings();
  if (settings.hasRate && !keepsToRate(packet.data.size(), settings, now)) return;
  if (heartbeat_.isProlongable() && packet.type != PacketType::kPong) {
    heartbeat_.prolong(times(), now);
  }
  switch (packet.type) {
    case PacketType::kMessage:
      host_.onMessage(*this, messageOf(packet, encoding, settings.parseSocketioHeader, memory));
      break;
    case PacketType::kPing:
      return onPing(now);
    case PacketType::kPong:
      return onPong(now);
    case PacketType::kOpen:
    case PacketType::kClose:
    case PacketType::kUpgrade:
    case PacketType::kNoop:
      break;  // engine.io ignores them here
  }
}

bool Session::isPolling() const { return transport_ == TransportName::kPolling; }

void Session::onPing(TimePoint now) {
  switch (heartbeat_.onPing(times(), now, writable())) {
    case Heartbeat::Action::kWrongDirection:
      return fail(kWrongHeartbeat);
    case Heartbeat::Action::kTooManyPongs:
      return cutOff(base::Cut::kPings);
    default:
      sendControl(PacketType::kPong);
      host_.onHeartbeat(*this);
  }
}

void Session::onPong(TimePoint now) {
  if (const auto time = heartbeat_.roundTrip(now)) host_.onRoundTrip(*this, *time);
  if (heartbeat_.onPong(times(), now) == Heartbeat::Action::kWrongDirection) {
    return fail(kWrongHeartbeat);
  }
  arm();
  host_.onHeartbeat(*this);
}

void Session::onText(MessageChannel& channel, std::string_view payload, bool ascii, TimePoint now) {
  affinity_.check();
  if (!isOn(channel)) {
    if (isProbedOn(channel)) onProbed(probe_->onText(payload, now), now);
    return;
  }
  std::string scratch;
  const auto packet = parseText(channel.dialect(), payload, scratch);
  if (!packet) return state_ == State::kOpen ? end(CloseReason::kParseError) : void();
  onPacket(*packet, encodingOf(packet->data, ascii || packet->binary), now);
}

void Session::onBinary(MessageChannel& channel, std::string_view payload, TimePoint now,
                       std::string* memory) {
  affinity_.check();
  if (!isOn(channel)) {
    if (isProbedOn(channel)) abandonUpgrade();
    return;
  }
  onPacket(parseBinary(channel.dialect(), payload), TextEncoding::kAscii, now, memory);
}

void Session::onWritten(MessageChannel& channel) {
  if (isOn(channel)) settle();
}

void Session::onChannelClosed(MessageChannel& channel, CloseReason reason,
                              std::string_view description) {
  affinity_.check();
  if (isProbedOn(channel)) {
    forgetUpgrade();
  } else if (isOn(channel)) {
    channel_ = nullptr;
    end(reason, description);
  }
}

// Upgrade.

bool Session::beginUpgrade(MessageChannel& channel, RequestId request, TimePoint now) {
  affinity_.check();
  if (probe_ || upgraded_ || state_ == State::kClosed) return false;
  probe_ = std::make_unique<UpgradeProbe>(channel, request, now + host_.settings().upgradeTimeout);
  arm();
  return true;
}

void Session::onProbed(UpgradeProbe::Action action, TimePoint now) {
  switch (action) {
    case UpgradeProbe::Action::kAnswerProbe:
      probe_->channel().send(Outgoing{.type = PacketType::kPong, .data = "probe"});
      arm();
      return host_.onUpgrading(*this, probe_->channel().name(), probe_->request());
    case UpgradeProbe::Action::kCommit:
      return commitUpgrade(now);
    case UpgradeProbe::Action::kSendNoop:
      if (polls_.hasPoll() && polls_.empty()) answerPoll(PacketType::kNoop);
      return;
    case UpgradeProbe::Action::kAbandon:
      return abandonUpgrade();
    case UpgradeProbe::Action::kNone:
      return;
  }
}

void Session::commitUpgrade(TimePoint now) {
  const auto probe = std::exchange(probe_, nullptr);
  upgraded_ = true;
  if (polls_.hasPoll()) answerPoll(PacketType::kClose);
  auto& sessions = host_.counters().sessions;
  sessions.at(transport_, protocol()).subtract();
  transport_ = probe->channel().name();
  sessions.at(transport_, protocol()).add();
  if (auto* former = std::exchange(channel_, &probe->channel())) former->close();
  if (pause_) channel_->pause(true);
  heartbeat_.onUpgraded(times(), now);
  arm();
  host_.onUpgrade(*this, transport_, probe->request());
  for (const auto& packet : polls_.takePackets()) {
    channel_->send(Outgoing{.type = packet.type, .binary = packet.binary, .data = packet.data});
  }
  marks_.move(channel_->takenBytes() + channel_->queuedBytes());
  if (!marks_.empty() || watch_ || slow_) host_.wantSettle(*this);
  if (state_ == State::kClosing) end(CloseReason::kForcedClose);
}

void Session::abandonUpgrade() {
  if (!probe_) return;
  probe_->channel().close();
  forgetUpgrade();
}

void Session::forgetUpgrade() {
  const auto probe = std::exchange(probe_, nullptr);
  if (state_ != State::kClosed) host_.onUpgradeAbandoned(*this, probe->request());
}

// Closing.

void Session::close(bool discard, TimePoint now, bool keepsUnread) {
  affinity_.check();
  if (state_ == State::kClosed || (state_ == State::kClosing && !discard)) return;
  handOn(kAll);
  const bool waitsForPoll =
      polls_.empty() ? !discard && !polls_.hasPoll() : !discard || keepsUnread;
  if (!isPolling() || !waitsForPoll) {
    return end(CloseReason::kForcedClose);
  }
  state_ = State::kClosing;
  closeDeadline_ = now + host_.settings().closeTimeout;
  arm();
}

void Session::terminate() {
  affinity_.check();
  if (state_ == State::kClosed) return;
  if (auto* channel = std::exchange(channel_, nullptr)) channel->terminate();
  end(CloseReason::kTransportClose);
}

void Session::fail(std::string_view description) { end(CloseReason::kTransportError, description); }

void Session::end(CloseReason reason, std::string_view description) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  slow_.reset();
  answerHeldPost();
  abandonUpgrade();
  flush();
  if (polls_.hasPoll()) answerPoll(PacketType::kClose);
  if (auto* channel = std::exchange(channel_, nullptr)) {
    if (pause_) channel->pause(false);  // its goodbye is read
    channel->close();
  }
  host_.onClosed(*this, reason, description);
}

// Time.

Heartbeat::Times Session::times() const {
  const auto& settings = host_.settings();
  return {.interval = settings.pingInterval, .timeout = settings.pingTimeout};
}

void Session::arm() {
  std::optional<TimePoint> next;
  const auto consider = [&next](const std::optional<TimePoint>& when) {
    if (when && (!next || *when < *next)) next = when;
  };
  consider(heartbeat_.next());
  consider(closeDeadline_);
  if (pause_) {
    if (state_ == State::kOpen) consider(heartbeat_.nextUnasked(times()));
    consider(pause_->until);
  }
  if (probe_) consider(probe_->next());
  if (next) host_.wantTimer(*this, *next);
}

void Session::onTimer(TimePoint now) {
  affinity_.check();
  if (state_ == State::kClosed) return;
  if (closeDeadline_ && now >= *closeDeadline_) return end(CloseReason::kForcedClose);
  if (!checkHeartbeat(now) || !checkLimits(now)) return;
  if (heartbeat_.onTimer(times(), now) == Heartbeat::Action::kSendPing && state_ == State::kOpen) {
    sendControl(PacketType::kPing);
  }
  if (probe_) {
    if (pause_ && pause_->post) giveUpgradeTime(now);
    onProbed(probe_->onTimer(now), now);
  }
  keepAlive(now);
  resume(now);
  if (state_ != State::kClosed) arm();
}

// Returns false if the session has ended. A client that is not read is not judged by its silence,
// but gets its time again.
bool Session::checkHeartbeat(TimePoint now) {
  if (!heartbeat_.isOverdue(now)) return true;
  const bool isRead = channel_ == nullptr ? !pause_ : channel_->isRead();
  const auto excused = isRead ? host_.excusedUntil() : now + host_.settings().pingTimeout;
  const auto action = heartbeat_.onOverdue(times(), now, excused, mayPing());
  if (action != Heartbeat::Action::kGiveUp) return true;
  end(CloseReason::kPingTimeout);
  return false;
}

}  // namespace beastio::session
