#include "record-writer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "beastio/host/limits.hpp"
#include "beastio/host/port-events.hpp"
#include "beastio/host/reply.hpp"
#include "beastio/message.hpp"
#include "records.hpp"

namespace beastio::addon {

RecordWriter::RecordWriter(std::size_t maxBytes, TurnWords& turn, bool canDrive, Waker wake)
    : maxBytes_(maxBytes), turn_(turn), canDrive_(canDrive), wake_(std::move(wake)) {}

void RecordWriter::take(Content& content) {
  const std::lock_guard lock(mutex_);
  std::swap(ready_, content);
  taken_ += content.cost();
}

bool RecordWriter::takeAnswers(Content& content) {
  std::swap(answers_, content);
  return !content.empty();
}

// While JavaScript has handled all, the turns of handlers in C++ count as batches too.
Kept RecordWriter::kept() const {
  constexpr unsigned kTurnBits = 32;
  const auto delivered = delivered_.load(std::memory_order_relaxed);
  if (guest_ == nullptr) return {.bytes = filling_.cost(), .batches = delivered};
  const auto guest = guest_->kept();
  const bool isBehind = delivered != handedOver_;
  return {.bytes = filling_.cost() + guest.bytes,
          .batches = (delivered << kTurnBits) + (isBehind ? 0 : guest.batches)};
}

std::size_t RecordWriter::waiting() const {
  const auto* const guest = guestMeter_.load(std::memory_order_acquire);
  return waiting_.load(std::memory_order_relaxed) + (guest == nullptr ? 0 : guest->waiting());
}

void RecordWriter::onClientWaits() {
  if (guest_ != nullptr && filling_.empty()) return guest_->onClientWaits();
  filling_.clientsWait = true;
}

void RecordWriter::onNote(SessionId id, std::string_view text,
                          std::span<const std::string_view> attachments) {
  if (guest_ != nullptr) guest_->onNote(id, text, attachments);
}

bool RecordWriter::onBatchEnd() {
  const bool goesOn = guest_ == nullptr || guest_->onBatchEnd();
  return handOver() && goesOn;
}

bool RecordWriter::isFull() {
  if (guest_ == nullptr) return false;
  if (guest_->isFull()) return true;
  const std::lock_guard lock(mutex_);
  return ready_.cost() > maxBytes_;
}

bool RecordWriter::handOver() {
  if (filling_.empty()) return true;
  bool isFull = false;
  wasIdle_ = delivered_.load(std::memory_order_acquire) == handedOver_;
  filling_.last = ++handedOver_;
  if (std::exchange(hasStreams_, false)) streamsBatch_ = handedOver_;
  {
    const std::lock_guard lock(mutex_);
    if (ready_.empty()) {
      std::swap(ready_, filling_);
      if (!awaitedSince_) awaitedSince_ = std::chrono::steady_clock::now();
    } else {
      ready_.append(filling_);
    }
    isFull = ready_.cost() > maxBytes_;
    waiting_.store(ready_.cost() + taken_, std::memory_order_relaxed);
    ready_.clientsWait = ready_.clientsWait || isFull;
  }
  filling_.clear();
  if (drives_ == Drives::kNothing) wake_.send();
  if (drives_ == Drives::kFlush) wake_.sendHere();
  return !isFull;
}

// A thread watches JavaScript while that has a batch of its, and while a turn goes on in which
// JavaScript has flushed.
std::optional<RecordWriter::TimePoint> RecordWriter::wakeAt() {
  const auto flush = turn_.open();
  const bool hasBatch = delivered_.load(std::memory_order_acquire) != handedOver_;
  if (flush == 0 && !hasBatch) return std::nullopt;
  if (flush != watchedFlush_ || handedOver_ != watchedBatch_) {
    watchedFlush_ = flush;
    watchedBatch_ = handedOver_;
    dueAt_ = std::chrono::steady_clock::now() + kFreshFlush;
  } else if (dueAt_ && std::chrono::steady_clock::now() >= *dueAt_) {
    dueAt_.reset();
    turn_.setDue();
  }
  return dueAt_;
}

// Silence.

// An absence is forgotten for a shorter one when as much time again has passed.
void RecordWriter::onDelivered(const Content& content) {
  const auto now = std::chrono::steady_clock::now();
  if (content.last != 0) delivered_.store(content.last, std::memory_order_release);
  const std::lock_guard lock(mutex_);
  deliveredAt_ = now;
  taken_ = 0;
  waiting_.store(ready_.cost(), std::memory_order_relaxed);
  if (!awaitedSince_) return;
  const auto waited = now - *std::exchange(awaitedSince_, std::nullopt);
  if (!ready_.empty()) awaitedSince_ = now;  // the next batch has come meanwhile
  if (waited < absence_ && now < absentUntil_ + absence_) return;
  absence_ = waited;
  absentUntil_ = now;
}

RecordWriter::TimePoint RecordWriter::excusedUntil(std::chrono::milliseconds patience) {
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (awaitedSince_ && now - *awaitedSince_ > patience) return now + (now - *awaitedSince_);
    if (absence_ > patience && now < absentUntil_ + absence_) return absentUntil_ + absence_;
    if (now - deliveredAt_ <= patience) return {};
    if (awaitedSince_) return now + kLook;
    awaitedSince_ = now;
  }
  wake_.send();  // it had no reason to come: whether it can is seen soon
  return now + kLook;
}

// Filling.

// What was told in the same turn comes first: the packets of a POST, or the session that a
// handshake has opened.
Content& RecordWriter::forAnswer() {
  return drives_ == Drives::kFlush && filling_.empty() ? answers_ : filling_;
}

Content& RecordWriter::forStream() {
  const bool isAnyWaiting = delivered_.load(std::memory_order_relaxed) < streamsBatch_;
  if (!isAnyWaiting && &forAnswer() == &answers_) return answers_;
  hasStreams_ = true;
  return filling_;
}

void RecordWriter::onTold(std::string_view json, std::span<const std::string_view> attachments) {
  for (const auto bytes : attachments) putToldBytes(filling_, bytes);
  putTold(filling_, {json, isAscii(json) ? TextEncoding::kAscii : TextEncoding::kUtf16});
}

void RecordWriter::onMessage(SessionId id, const Message& message) {
  if (guest_ != nullptr) return guest_->onMessage(id, message);
  onPassed(id, message);
}

void RecordWriter::onPassed(SessionId id, const Message& message) {
  if (message.binary) return putBinary(filling_, id, {message.data, message.memory});
  const auto& header = message.header;
  if (header.type == 0) return putText(filling_, id, {message.data, message.encoding});
  const auto nsp = message.data.substr(1, header.nspLength);
  const auto array = message.data.substr(header.payloadOffset);
  if (header.nameLength > 0) {
    const auto large = LargeString::in(array, header.nameLength);
    return putString(filling_, id, nsp, header.id, {large.name}, {large.value, message.encoding});
  }
  const Text json{array, message.encoding};
  const bool isPlain = header.type == 2 && nsp.empty() && header.id == PacketHeader::kNoId;
  if (isPlain && placeOf(json) == TextPlace::kLatin1) return putEvent(filling_, id, json);
  putPacket(filling_, id, header.type, nsp, header.id, json);
}

void RecordWriter::onOpen(const OpenedSession& session) {
  if (guest_ != nullptr) guest_->onOpen(session);
  // A host may have chosen any text.
  const auto encoding = isAscii(session.sid) ? TextEncoding::kAscii : TextEncoding::kUtf16;
  putOpen(filling_, session.id, static_cast<std::int32_t>(session.id.generation), session.request,
          session.transport, session.protocol, {session.sid, encoding}, session.own);
}

void RecordWriter::onHeartbeat(SessionId id) { putHeartbeat(filling_, id); }

void RecordWriter::onUpgrading(SessionId id, TransportName to, RequestId request) {
  putUpgrading(filling_, id, to, request);
}

void RecordWriter::onUpgrade(SessionId id, TransportName to, RequestId request) {
  putUpgrade(filling_, id, to, request);
}

void RecordWriter::onUpgradeAbandoned(SessionId id, RequestId request) {
  putAbandoned(filling_, id, request);
}

void RecordWriter::onDrain(SessionId id, unsigned marks) {
  putDrain(filling_, id, static_cast<std::int32_t>(marks));
}

void RecordWriter::onPressure(SessionId id, bool isSlow, std::size_t bytes) {
  constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
  putPressure(filling_, id, isSlow, static_cast<std::int32_t>(std::min(bytes, kMost)));
}

void RecordWriter::onClose(SessionId id, CloseReason reason, std::string_view description) {
  if (guest_ != nullptr) guest_->onClose(id, reason, description);
  putClose(filling_, id, reason, {description});
}

void RecordWriter::onReply(RequestId request, const Reply& reply) {
  putResponse(forAnswer(), request, reply.status, reply.type, reply.noStore, reply.chunked,
              reply.compress, reply.body);
}

void RecordWriter::onVerified(RequestId request) { putVerified(filling_, request); }

void RecordWriter::onRefused(const RefusedRequest& refused) {
  putRefused(filling_, refused.request, static_cast<std::int32_t>(refused.error),
             {refused.contextName}, refused.own);
}

void RecordWriter::onLimit(const LimitNotice& notice) {
  putLimit(filling_, notice.limit, notice.count, {notice.address}, {notice.sid});
}

void RecordWriter::onConnectionGone(RequestId request) { putGone(filling_, request); }

void RecordWriter::onStreamData(RequestId stream, std::string_view bytes) {
  auto& content = forStream();
  if (isLeftConnection(stream)) return putTlsWrite(content, stream, bytes);
  putStreamWrite(content, stream, bytes);
}

void RecordWriter::onStreamEnd(RequestId stream, bool immediately) {
  auto& content = forStream();
  if (isLeftConnection(stream)) return putTlsEnd(content, stream, immediately);
  putStreamEnd(content, stream, immediately);
}

void RecordWriter::onStreamTaken(RequestId stream, std::size_t bytes) {
  putStreamTaken(forStream(), stream, static_cast<std::int32_t>(bytes));
}

bool RecordWriter::onConnection(int descriptor, std::string_view bytes, std::uint32_t line) {
  filling_.descriptors.emplace_back(descriptor);
  putConnection(filling_, descriptor, static_cast<std::int32_t>(line), bytes);
  return true;
}

void RecordWriter::onTlsConnection(const TlsConnection& connection) {
  putTlsConnection(filling_, connection.stream, static_cast<std::int32_t>(connection.thread),
                   {connection.peer.address}, connection.peer.port, connection.facts,
                   connection.bytes);
}

void RecordWriter::onHandshakeFailed(const FailedHandshake& failed) {
  putHandshakeFailed(filling_, failed.peer.port, failed.cause, {failed.peer.address},
                     {failed.error, TextEncoding::kLatin1});
}

void RecordWriter::onStreamDrain(RequestId stream, std::size_t bytes) {
  putTlsDrain(forStream(), stream, static_cast<std::int32_t>(bytes));
}

void RecordWriter::onPortIdle() { putPortIdle(filling_); }

}  // namespace beastio::addon
