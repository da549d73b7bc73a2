// Writes records, field by field.
// Generated from wire.json by `npm run wire`.
#pragma once

#include <cstdint>
#include <string_view>

#include "beastio/host/port-events.hpp"
#include "beastio/session-id.hpp"
#include "layout.hpp"
#include "record-fields.hpp"

namespace beastio {
enum class CloseReason : std::uint8_t;
enum class ContentType : std::uint8_t;
enum class Limit : std::uint8_t;
enum class TransportName : std::uint8_t;
}  // namespace beastio

namespace beastio::addon {

/// A session has been opened: for a request of the attached door, or for one of the own port.
inline void putOpen(Content& content, SessionId place, std::int32_t generation, RequestId request,
                    TransportName transport, std::int32_t protocol, const Text& sid,
                    const OwnRequest* own) {
  const auto sidAdded = addText(content, sid);
  const auto ownAdded = addOwnRequest(content, own);
  addNumbers(content, Record::kOpen, place.place, generation, request, transport, protocol,
             sidAdded.place, sidAdded.length, ownAdded);
}

/// An EVENT of the namespace "/" without acknowledgement.
inline void putEvent(Content& content, SessionId place, const Text& json) {
  const auto jsonAdded = addLatin1(content, json);
  addNumbers(content, Record::kEvent, place.place, jsonAdded);
}

/// An EVENT (2) or an ACK (3) without attachments.
inline void putPacket(Content& content, SessionId place, std::int32_t type, std::string_view nsp,
                      std::int32_t id, const Text& json) {
  const auto nspAdded = addNamespace(content, nsp);
  const auto jsonAdded = addText(content, json);
  addNumbers(content, Record::kPacket, place.place, type, nspAdded, id, jsonAdded.place,
             jsonAdded.length);
}

/// Any other message that is a text.
inline void putText(Content& content, SessionId place, const Text& text) {
  const auto textAdded = addText(content, text);
  addNumbers(content, Record::kText, place.place, textAdded.place, textAdded.length);
}

/// A message of bytes.
inline void putBinary(Content& content, SessionId place, Bytes bytes) {
  addBuffer(content, bytes);
  addNumbers(content, Record::kBinary, place.place);
}

/// A session is closed: the last record of its place. Ticks run before it, so that packets of the
/// same read come first, as they do before the end of a socket of Node's.
inline void putClose(Content& content, SessionId place, CloseReason reason,
                     const Text& description) {
  const auto descriptionAdded = addLatin1(content, description);
  addNumbers(content, Record::kClose, place.place, reason, descriptionAdded);
}

/// The probe on another connection was answered.
inline void putUpgrading(Content& content, SessionId place, TransportName to, RequestId request) {
  addNumbers(content, Record::kUpgrading, place.place, to, request);
}

/// The session is now carried by that connection.
inline void putUpgrade(Content& content, SessionId place, TransportName to, RequestId request) {
  addNumbers(content, Record::kUpgrade, place.place, to, request);
}

/// A heartbeat of the client.
inline void putHeartbeat(Content& content, SessionId place) {
  addNumbers(content, Record::kHeartbeat, place.place);
}

/// All that was sent before so many further MARK commands has been taken.
inline void putDrain(Content& content, SessionId place, std::int32_t marks) {
  addNumbers(content, Record::kDrain, place.place, marks);
}

/// The answer to a request. A body is a text if all of it is ASCII.
inline void putResponse(Content& content, RequestId request, std::int32_t status,
                        ContentType contentType, bool noStore, bool chunked, bool compress,
                        std::string_view body) {
  const auto bodyAdded = addAsciiOrBuffer(content, body);
  addNumbers(content, Record::kResponse, request, status, contentType, noStore, chunked, compress,
             bodyAdded);
}

/// A request that was only to be verified may go on.
inline void putVerified(Content& content, RequestId request) {
  addNumbers(content, Record::kVerified, request);
}

/// A request was refused: engine.io's error code, the name of the context, and the request itself
/// if it came by the own port.
inline void putRefused(Content& content, RequestId request, std::int32_t code,
                       const Text& contextName, const OwnRequest* own) {
  const auto contextNameAdded = addLatin1(content, contextName);
  const auto ownAdded = addOwnRequest(content, own);
  addNumbers(content, Record::kRefused, request, code, contextNameAdded, ownAdded);
}

/// Bytes for a stream. Few of them come as characters up to U+00FF.
inline void putStreamWrite(Content& content, RequestId stream, std::string_view bytes) {
  const auto bytesAdded = addFewBytes(content, bytes);
  addNumbers(content, Record::kStreamWrite, stream, bytesAdded);
}

/// A stream is to be ended after what was written, or at once.
inline void putStreamEnd(Content& content, RequestId stream, bool isImmediate) {
  addNumbers(content, Record::kStreamEnd, stream, isImmediate);
}

/// So many bytes of what a stream has read were taken, and it may hand on as many more.
inline void putStreamTaken(Content& content, RequestId stream, std::int32_t bytes) {
  addNumbers(content, Record::kStreamTaken, stream, bytes);
}

/// The connection of an upgrade or of a WebTransport stream is over.
inline void putGone(Content& content, RequestId request) {
  addNumbers(content, Record::kGone, request);
}

/// A connection is given up before it carried the session.
inline void putAbandoned(Content& content, SessionId place, RequestId request) {
  addNumbers(content, Record::kAbandoned, place.place, request);
}

/// A connection that is left to JavaScript, with what was read of its next request. `line`: its
/// address counts it by that; 0: by nothing.
inline void putConnection(Content& content, std::int32_t descriptor, std::int32_t line,
                          Bytes bytes) {
  addBuffer(content, bytes);
  addNumbers(content, Record::kConnection, descriptor, line);
}

/// The last connection of the own port is gone, and the port is closed.
inline void putPortIdle(Content& content) { addNumbers(content, Record::kPortIdle, 0); }

/// As CONNECTION, with TLS, which stays on the I/O thread.
inline void putTlsConnection(Content& content, RequestId stream, std::int32_t thread,
                             const Text& address, std::int32_t port, const TlsFacts& facts,
                             Bytes bytes) {
  const auto addressAdded = addLatin1(content, address);
  const auto factsAdded = addTlsFacts(content, facts);
  addBuffer(content, bytes);
  addNumbers(content, Record::kTlsConnection, stream, thread, addressAdded, port, factsAdded);
}

/// A TLS handshake came to nothing. An address is empty if it is unknown.
inline void putHandshakeFailed(Content& content, std::int32_t port, FailedHandshake::Cause cause,
                               const Text& address, const Text& error) {
  const auto addressAdded = addLatin1(content, address);
  const auto errorAdded = addLatin1(content, error);
  addNumbers(content, Record::kHandshakeFailed, port, cause, addressAdded, errorAdded);
}

/// An EVENT whose only argument is a large string. Neither it nor the name has anything that JSON
/// would escape.
inline void putString(Content& content, SessionId place, std::string_view nsp, std::int32_t id,
                      const Text& name, const Text& value) {
  const auto nspAdded = addNamespace(content, nsp);
  const auto nameAdded = addLatin1(content, name);
  addLargeText(content, value);
  addNumbers(content, Record::kString, place.place, nspAdded, id, nameAdded);
}

/// What the client has sent.
inline void putTlsWrite(Content& content, RequestId stream, std::string_view bytes) {
  const auto bytesAdded = addBytes(content, bytes);
  addNumbers(content, Record::kTlsWrite, stream, bytesAdded);
}

/// The client sends no more, or the connection is gone.
inline void putTlsEnd(Content& content, RequestId stream, bool isGone) {
  addNumbers(content, Record::kTlsEnd, stream, isGone);
}

/// So many bytes that JavaScript has written have been sent.
inline void putTlsDrain(Content& content, RequestId stream, std::int32_t bytes) {
  addNumbers(content, Record::kTlsDrain, stream, bytes);
}

/// Handlers in C++ tell something: a JSON array. See beastio/host/guest.hpp.
inline void putTold(Content& content, const Text& json) {
  const auto jsonAdded = addText(content, json);
  addNumbers(content, Record::kTold, jsonAdded.place, jsonAdded.length);
}

/// An attachment of the next TOLD.
inline void putToldBytes(Content& content, Bytes bytes) {
  addBuffer(content, bytes);
  addNumbers(content, Record::kToldBytes, 0);
}

/// So many clients have met a limit since it was last told. The address or the sid is of the last
/// of them.
inline void putLimit(Content& content, Limit limit, std::int32_t count, const Text& address,
                     const Text& sid) {
  const auto addressAdded = addLatin1(content, address);
  const auto sidAdded = addLatin1(content, sid);
  addNumbers(content, Record::kLimit, limit, count, addressAdded, sidAdded);
}

/// Of a watched session: more bytes wait than the mark, or all that did have been taken.
inline void putPressure(Content& content, SessionId place, bool isSlow, std::int32_t bytes) {
  addNumbers(content, Record::kPressure, place.place, isSlow, bytes);
}

}  // namespace beastio::addon
