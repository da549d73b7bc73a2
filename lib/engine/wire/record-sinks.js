/**
 * What records are told to.
 * Generated from native/node/wire/wire.json by `npm run wire`.
 */
'use strict';

/**
 * @typedef {object} SessionSink One session: what `sessions.session` gives.
 * @property {(json: string) => void} onEvent An EVENT of the namespace "/" without acknowledgement.
 * @property {(type: number, nsp: string, id: number | undefined, json: string) => void} onPacket An
 *   EVENT (2) or an ACK (3) without attachments.
 * @property {(text: string) => void} onText Any other message that is a text.
 * @property {(bytes: Buffer) => void} onMessage A message of bytes.
 * @property {() => void} onHeartbeat A heartbeat of the client.
 * @property {(marks: number) => void} onTaken All that was sent before so many further MARK
 *   commands has been taken.
 * @property {(nsp: string, id: number | undefined, name: string, value: string) => void} onString
 *   An EVENT whose only argument is a large string. Neither it nor the name has anything that JSON
 *   would escape.
 * @property {(isSlow: boolean, bytes: number) => void} onPressure Of a watched session: more bytes
 *   wait than the mark, or all that did have been taken.
 */
/**
 * @typedef {object} SessionsSink Sessions that open and close, by their places.
 * @property {(place: number) => SessionSink} session The session of a place.
 * @property {(fields: { place: number, generation: number, request: number, transport: string,
 *   protocol: number, sid: string, own: import('./record-fields').OwnRequest | undefined }) => void}
 *   onOpen A session has been opened: for a request of the attached door, or for one of the own port.
 * @property {(place: number, reason: string, description: string) => void} onClose A session is
 *   closed: the last record of its place. Ticks run before it, so that packets of the same read come
 *   first, as they do before the end of a socket of Node's.
 */
/**
 * @typedef {object} RequestsSink Answers to requests of the attached door, and refusals on either
 *   door.
 * @property {(fields: { request: number, status: number, contentType: string | undefined, noStore:
 *   boolean, chunked: boolean, compress: boolean, body: Buffer | string }) => void} onResponse The
 *   answer to a request. A body is a text if all of it is ASCII.
 * @property {(request: number) => void} onVerified A request that was only to be verified may go
 *   on.
 * @property {(request: number, code: number, contextName: string, own:
 *   import('./record-fields').OwnRequest | undefined) => void} onRefused A request was refused:
 *   engine.io's error code, the name of the context, and the request itself if it came by the own
 *   port.
 * @property {(limit: string, count: number, address: string, sid: string) => void} onLimit So many
 *   clients have met a limit since it was last told. The address or the sid is of the last of them.
 */
/**
 * @typedef {object} UpgradesSink Connections that are to become, or have become, the new transport
 *   of a session.
 * @property {(place: number, to: string, request: number) => void} onUpgrading The probe on another
 *   connection was answered.
 * @property {(place: number, to: string, request: number) => void} onUpgrade The session is now
 *   carried by that connection.
 * @property {(request: number) => void} onGone The connection of an upgrade or of a WebTransport
 *   stream is over.
 * @property {(place: number, request: number) => void} onAbandoned A connection is given up before
 *   it carried the session.
 */
/**
 * @typedef {object} StreamsSink Streams that only Node can read and write, by the ids of their
 *   upgrades.
 * @property {(stream: number, bytes: Buffer | string) => void} onWrite Bytes for a stream. Few of
 *   them come as characters up to U+00FF.
 * @property {(stream: number, isImmediate: boolean) => void} onEnd A stream is to be ended after
 *   what was written, or at once.
 * @property {(stream: number, bytes: number) => void} onTaken So many bytes of what a stream has
 *   read were taken, and it may hand on as many more.
 */
/**
 * @typedef {object} TlsStreamsSink Connections with TLS that the own port has left to JavaScript.
 * @property {(stream: number, bytes: Buffer) => void} onData What the client has sent.
 * @property {(stream: number, isGone: boolean) => void} onEnd The client sends no more, or the
 *   connection is gone.
 * @property {(stream: number, bytes: number) => void} onSent So many bytes that JavaScript has
 *   written have been sent.
 */
/**
 * @typedef {object} PortSink The own port: what it leaves to JavaScript, and its end.
 * @property {(descriptor: number, line: number, bytes: Buffer) => void} onConnection A connection
 *   that is left to JavaScript, with what was read of its next request. `line`: its address counts it
 *   by that; 0: by nothing.
 * @property {() => void} onIdle The last connection of the own port is gone, and the port is
 *   closed.
 * @property {(fields: { stream: number, thread: number, address: string, port: number, facts:
 *   import('./tls-facts').TlsFacts, bytes: Buffer }) => void} onTlsConnection As CONNECTION, with
 *   TLS, which stays on the I/O thread.
 * @property {(fields: { port: number, cause: number, address: string, error: string }) => void}
 *   onHandshakeFailed A TLS handshake came to nothing. An address is empty if it is unknown.
 */
/**
 * @typedef {object} HandlersSink What handlers in C++ have done, or ask for.
 * @property {(json: string) => void} onTold Handlers in C++ tell something: a JSON array. See
 *   beastio/host/guest.hpp.
 * @property {(bytes: Buffer) => void} onBytes An attachment of the next TOLD.
 */
/**
 * @typedef {object} RecordSinks
 * @property {SessionsSink} sessions
 * @property {RequestsSink} requests
 * @property {UpgradesSink} upgrades
 * @property {StreamsSink} streams
 * @property {TlsStreamsSink} tlsStreams
 * @property {PortSink} port
 * @property {HandlersSink} handlers
 */

/** @type {SessionSink} */
const SILENT_SESSION = Object.freeze({
  onEvent() {},
  onPacket() {},
  onText() {},
  onMessage() {},
  onHeartbeat() {},
  onTaken() {},
  onString() {},
  onPressure() {},
});

/** Passes over all records. @type {RecordSinks} */
const SILENT_SINKS = Object.freeze({
  sessions: Object.freeze({
    session: () => SILENT_SESSION,
    onOpen() {},
    onClose() {},
  }),
  requests: Object.freeze({
    onResponse() {},
    onVerified() {},
    onRefused() {},
    onLimit() {},
  }),
  upgrades: Object.freeze({
    onUpgrading() {},
    onUpgrade() {},
    onGone() {},
    onAbandoned() {},
  }),
  streams: Object.freeze({
    onWrite() {},
    onEnd() {},
    onTaken() {},
  }),
  tlsStreams: Object.freeze({
    onData() {},
    onEnd() {},
    onSent() {},
  }),
  port: Object.freeze({
    onConnection() {},
    onIdle() {},
    onTlsConnection() {},
    onHandshakeFailed() {},
  }),
  handlers: Object.freeze({
    onTold() {},
    onBytes() {},
  }),
});

module.exports = { SILENT_SINKS };
