#include "lane.hpp"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace beastio::addon {
namespace {

bool isAscii(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
}

void appendNarrow(std::string_view utf8, TextEncoding encoding, std::string& out) {
  if (encoding == TextEncoding::kAscii) {
    out.append(utf8);
  } else {
    appendLatin1(utf8, out);
  }
}

}  // namespace

Descriptor::~Descriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Content::clear() {
  records.clear();
  latin1.clear();
  utf16.clear();
  extras.clear();
  descriptors.clear();
  bytes = 0;
}

void Content::append(Content& other) {
  records.insert(records.end(), other.records.begin(), other.records.end());
  latin1 += other.latin1;
  utf16 += other.utf16;
  std::move(other.extras.begin(), other.extras.end(), std::back_inserter(extras));
  std::move(other.descriptors.begin(), other.descriptors.end(), std::back_inserter(descriptors));
  bytes += other.bytes;
}

Lane::Lane(std::size_t maxBytes, std::function<void()> wake)
    : maxBytes_(maxBytes), wake_(std::move(wake)) {}

bool Lane::take(Content& content) {
  const std::lock_guard lock(mutex_);
  onTaken(std::chrono::steady_clock::now());
  std::swap(ready_, content);
  return std::exchange(paused_, false);
}

bool Lane::onBatchEnd() {
  if (filling_.empty()) return true;
  bool paused = false;
  {
    const std::lock_guard lock(mutex_);
    if (ready_.empty()) {
      std::swap(ready_, filling_);
      if (!awaitedSince_) awaitedSince_ = std::chrono::steady_clock::now();
    } else {
      ready_.append(filling_);
    }
    paused = paused_ = paused_ || ready_.cost() > maxBytes_;
  }
  filling_.clear();
  wake_();
  return !paused;
}

// Silence.

// An absence is forgotten for a shorter one when as much time again has passed.
void Lane::onTaken(TimePoint now) {
  takenAt_ = now;
  if (!awaitedSince_) return;
  const auto waited = now - *std::exchange(awaitedSince_, std::nullopt);
  if (waited < absence_ && now < absentUntil_ + absence_) return;
  absence_ = waited;
  absentUntil_ = now;
}

Lane::TimePoint Lane::excusedUntil(std::chrono::milliseconds patience) {
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (awaitedSince_ && now - *awaitedSince_ > patience) return now + (now - *awaitedSince_);
    if (absence_ > patience && now < absentUntil_ + absence_) return absentUntil_ + absence_;
    if (now - takenAt_ <= patience) return {};
    if (awaitedSince_) return now + kLook;
    awaitedSince_ = now;
  }
  wake_();  // it had no reason to come: whether it can is seen soon
  return now + kLook;
}

// Filling.

template <class... Numbers>
void Lane::put(Record record, Numbers... numbers) {
  filling_.records.insert(filling_.records.end(), {static_cast<std::int32_t>(record),
                                                   static_cast<std::int32_t>(numbers)...});
}

Lane::Placed Lane::putText(std::string_view utf8, TextEncoding encoding) {
  if (utf8.size() >= kOwnTextBytes) {
    putOwnText(utf8, encoding);
    return {TextPlace::kExtra, 0};
  }
  filling_.bytes += utf8.size();
  if (encoding == TextEncoding::kUtf16) {
    const auto before = filling_.utf16.size();
    appendUtf16(utf8, filling_.utf16);
    return {TextPlace::kUtf16, filling_.utf16.size() - before};
  }
  const auto before = filling_.latin1.size();
  appendNarrow(utf8, encoding, filling_.latin1);
  return {TextPlace::kLatin1, filling_.latin1.size() - before};
}

void Lane::putOwnText(std::string_view utf8, TextEncoding encoding) {
  filling_.bytes += utf8.size();
  if (encoding == TextEncoding::kUtf16) {
    appendUtf16(utf8, filling_.extras.emplace_back(Extra{.kind = Extra::Kind::kUtf16}).utf16);
  } else {
    auto& extra = filling_.extras.emplace_back(Extra{.kind = Extra::Kind::kLatin1});
    appendNarrow(utf8, encoding, extra.bytes);
  }
}

void Lane::putBytes(std::string_view bytes) {
  filling_.bytes += bytes.size();
  filling_.extras.push_back({.kind = Extra::Kind::kBytes, .bytes = std::string(bytes)});
}

// Returns their length, or -1 for a Buffer.
std::int32_t Lane::putFewBytes(std::string_view bytes, bool asText) {
  if (!asText || bytes.size() >= kOwnTextBytes) {
    putBytes(bytes);
    return -1;
  }
  filling_.bytes += bytes.size();
  filling_.latin1 += bytes;
  return static_cast<std::int32_t>(bytes.size());
}

void Lane::onMessage(SessionId id, const Message& message) {
  if (message.binary) {
    put(Record::kBinary, id.place);
    return putBytes(message.data);
  }
  const auto& header = message.header;
  if (header.type == 0) {
    const auto text = putText(message.data, message.encoding);
    return put(Record::kText, id.place, text.place, text.length);
  }
  if (header.nameLength > 0) return putLargeString(id, message);
  const auto json = message.data.substr(header.payloadOffset);
  if (header.nspLength == 0) {
    const auto text = putText(json, message.encoding);
    if (header.type == 2 && header.id == PacketHeader::kNoId && text.place == TextPlace::kLatin1) {
      return put(Record::kEvent, id.place, text.length);
    }
    return put(Record::kPacket, id.place, text.place, text.length, header.type, 0, header.id);
  }
  std::string joined(message.data.substr(1, header.nspLength));
  joined += json;
  const auto text = putText(joined, message.encoding);
  put(Record::kPacket, id.place, text.place, text.length, header.type, header.nspLength, header.id);
}

void Lane::putLargeString(SessionId id, const Message& message) {
  const auto& header = message.header;
  const auto large = LargeString::in(message.data.substr(header.payloadOffset), header.nameLength);
  filling_.latin1.append(message.data.substr(1, header.nspLength)).append(large.name);
  putOwnText(large.value, message.encoding);
  put(Record::kString, id.place, header.nspLength, header.nameLength, header.id);
}

void Lane::onOpen(const OpenedSession& session) {
  // A host may have chosen any text.
  const auto encoding = isAscii(session.sid) ? TextEncoding::kAscii : TextEncoding::kUtf16;
  const auto sid = putText(session.sid, encoding);
  put(Record::kOpen, session.id.place, session.id.generation, session.request, session.transport,
      session.protocol, sid.place, sid.length, session.own != nullptr);
  putOwn(session.own);
}

void Lane::putOwn(const OwnRequest* own) {
  if (own == nullptr) return;
  const auto port = std::to_string(own->peer.port);
  std::string text;
  text.reserve(own->peer.address.size() + port.size() + 2 + own->header.size());
  text.append(own->peer.address).append(" ").append(port).append("\n").append(own->header);
  filling_.bytes += text.size();
  filling_.extras.push_back({.kind = Extra::Kind::kLatin1, .bytes = std::move(text)});
  putFacts(own->tls);
}

// The facts' texts are joined by NUL, which none of them can have in it.
void Lane::putFacts(const TlsFacts* facts) {
  if (facts == nullptr) return filling_.records.push_back(-1);
  filling_.records.push_back(static_cast<std::int32_t>(facts->peerCertificates.size()));
  std::string text;
  for (const auto* part :
       {&facts->protocol, &facts->cipher, &facts->cipherStandardName, &facts->cipherVersion,
        &facts->serverName, &facts->applicationProtocol, &facts->authorizationError}) {
    text.append(*part).push_back('\0');
  }
  text += facts->sessionReused ? '1' : '0';
  text += facts->certificateRequested ? '1' : '0';
  filling_.bytes += text.size();
  filling_.extras.push_back({.kind = Extra::Kind::kLatin1, .bytes = std::move(text)});
  for (const auto& certificate : facts->peerCertificates) putBytes(certificate);
}

void Lane::onHeartbeat(SessionId id) { put(Record::kHeartbeat, id.place); }

void Lane::onUpgrading(SessionId id, TransportName to, RequestId request) {
  put(Record::kUpgrading, id.place, to, request);
}

void Lane::onUpgrade(SessionId id, TransportName to, RequestId request) {
  put(Record::kUpgrade, id.place, to, request);
}

void Lane::onUpgradeAbandoned(SessionId id, RequestId request) {
  put(Record::kAbandoned, id.place, request);
}

void Lane::onDrain(SessionId id, unsigned marks) { put(Record::kDrain, id.place, marks); }

void Lane::onClose(SessionId id, CloseReason reason, std::string_view description) {
  const auto text = putText(description, TextEncoding::kAscii);
  put(Record::kClose, id.place, id.generation, reason, text.length);
}

void Lane::onHttpResponse(RequestId request, const HttpResponse& response) {
  // A text whose characters are its bytes in every encoding that a listener may take it for.
  const bool asText = isAscii(response.body);
  put(Record::kResponse, request, response.status, response.type, response.noStore,
      response.chunked, response.compress, putFewBytes(response.body, asText));
}

void Lane::onVerified(RequestId request) { put(Record::kVerified, request); }

void Lane::onRefused(const RefusedRequest& refused) {
  const auto name = putText(refused.contextName, TextEncoding::kAscii);
  put(Record::kRefused, refused.request, refused.error, name.length, refused.own != nullptr);
  putOwn(refused.own);
}

void Lane::onConnectionGone(RequestId request) { put(Record::kGone, request); }

void Lane::onStreamWrite(RequestId stream, std::string_view bytes) {
  put(Record::kStreamWrite, stream, putFewBytes(bytes));
}

void Lane::onStreamEnd(RequestId stream, bool immediately) {
  put(Record::kStreamEnd, stream, immediately);
}

void Lane::onStreamPause(RequestId stream, bool paused) {
  put(Record::kStreamPause, stream, paused);
}

void Lane::onConnection(int descriptor, std::string_view bytes) {
  filling_.descriptors.emplace_back(descriptor);
  put(Record::kConnection, descriptor);
  putBytes(bytes);
}

void Lane::onTlsConnection(const TlsConnection& connection) {
  const auto address = putText(connection.peer.address, TextEncoding::kAscii);
  put(Record::kTlsConnection, connection.stream, connection.thread, address.length,
      connection.peer.port);
  putFacts(&connection.facts);
  putBytes(connection.bytes);
}

void Lane::onHandshakeFailed(const FailedHandshake& failed) {
  const auto address = putText(failed.peer.address, TextEncoding::kAscii);
  const auto error = putText(failed.error, TextEncoding::kLatin1);
  put(Record::kHandshakeFailed, failed.peer.port, failed.cause, address.length, error.length);
}

void Lane::onStreamDrain(RequestId stream, std::size_t bytes) {
  put(Record::kStreamDrain, stream, bytes);
}

void Lane::onPortIdle() { put(Record::kPortIdle, 0); }

}  // namespace beastio::addon
