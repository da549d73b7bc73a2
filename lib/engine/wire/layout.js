/**
 * What crosses between JavaScript and the addon: the numbers that both name.
 * Generated from native/node/wire/wire.json by `npm run wire`.
 */
'use strict';

/** Of the description. An addon that was built from another one does not fit. */
const WIRE_HASH = '7c320dabb97422ba';

/** From the I/O threads: the first number of every record. */
const RECORD = Object.freeze({
  OPEN: 1,
  EVENT: 2,
  PACKET: 3,
  TEXT: 4,
  BINARY: 5,
  CLOSE: 6,
  UPGRADING: 7,
  UPGRADE: 8,
  HEARTBEAT: 9,
  DRAIN: 10,
  RESPONSE: 11,
  VERIFIED: 12,
  REFUSED: 13,
  STREAM_WRITE: 14,
  STREAM_END: 15,
  STREAM_TAKEN: 16,
  GONE: 17,
  ABANDONED: 18,
  CONNECTION: 19,
  PORT_IDLE: 20,
  TLS_CONNECTION: 21,
  HANDSHAKE_FAILED: 22,
  STRING: 23,
  TLS_WRITE: 24,
  TLS_END: 25,
  TLS_DRAIN: 26,
  TOLD: 27,
  TOLD_BYTES: 28,
  LIMIT: 29,
  PRESSURE: 30,
});

/** To the I/O threads: the first number of every command. */
const COMMAND = Object.freeze({
  SEND: 1,
  SEND_PARTS: 2,
  BROADCAST: 3,
  JOIN: 4,
  LEAVE: 5,
  CLOSE: 6,
  SHARE: 7,
  SEND_SHARED: 8,
  MARK: 9,
  TERMINATE: 10,
  REQUEST: 11,
  STREAM_DATA: 12,
  SEND_STRING: 13,
  TICK: 14,
  NOTE: 15,
  WATCH: 16,
  PAUSE: 17,
  SLOW_CLIENT: 18,
});

/**
 * How a flush hands over: for later, to the I/O threads now, or laid down for threads that look
 * soon. CLAIM, with NOW: this thread wants to run the I/O loops for it. It also says whether the
 * flush goes on with the tick of the last one.
 */
const SUBMIT = Object.freeze({ LATER: 0, NOW: 1, CONTINUED: 2, LAID: 4, CLAIM: 8 });

/**
 * Words that both sides see (`turn` of the addon's engine). OPEN: the number of the last flush in
 * the turn that goes on, or 0. DUE: an I/O thread found that flush to be more than a millisecond
 * old.
 */
const TURN = Object.freeze({ OPEN: 0, DUE: 1 });

/** Flags of a packet. The packet's type stands above them: see PACKET_TYPE. */
const FLAG = Object.freeze({ VOLATILE: 1, NO_COMPRESS: 2 });

/** The type of a packet as it stands above the flags. A message is 0. */
const PACKET_TYPE = Object.freeze({
  open: 16,
  close: 20,
  ping: 24,
  pong: 28,
  message: 0,
  upgrade: 4,
  noop: 8,
});

/**
 * Flags of a request: it is an upgrade; it is to be verified and not served; it was verified
 * before.
 */
const REQUEST_FLAG = Object.freeze({ UPGRADE: 1, VERIFY_ONLY: 2, VERIFIED: 4 });

/** Questions to the TLS of a connection: see `askTls` of the addon's engine. */
const TLS_QUESTION = Object.freeze({
  SESSION: 1,
  FINISHED: 2,
  PEER_FINISHED: 3,
  SIGNATURES: 4,
  KEYING_MATERIAL: 5,
  MAX_RECORD_BYTES: 6,
});

/** Where the text of a record stands: in one of the joined texts, or in the extras. */
const TEXT_PLACE = Object.freeze({ LATIN1: 0, UTF16: 1, EXTRA: 2 });

/** Which connections of the own port JavaScript gets. */
const LEFT_TO_HOST = Object.freeze({ NOTHING: 0, OTHER_PATHS: 1, EVERYTHING: 2 });

/**
 * Why a TLS handshake came to nothing: by the rules of TLS, because the client went away, or for
 * lack of time.
 */
const HANDSHAKE_FAILURE = Object.freeze({ REFUSED: 0, GONE: 1, TOO_LATE: 2 });

/** Engine.IO's transports, by number. */
const TRANSPORT_NAMES = Object.freeze(['polling', 'websocket', 'webtransport']);

/** Engine.IO's close reasons, by number. */
const CLOSE_REASONS = Object.freeze([
  'transport close',
  'transport error',
  'ping timeout',
  'parse error',
  'forced close',
]);

/** The limits that clients may meet, by number. */
const LIMITS = Object.freeze([
  'maxClients',
  'maxClientsPerAddress',
  'maxHandshakesPerSecond',
  'draining',
  'maxMessagesPerSecond',
  'maxBytesPerSecond',
  'maxConnectionsPerAddress',
]);

/** Content types of answers, by number. */
const CONTENT_TYPES = Object.freeze([
  undefined,
  'text/plain; charset=UTF-8',
  'text/html',
  'application/json',
  'application/octet-stream',
]);

/** How many bits of a session's place are its slot; the others are its I/O thread. */
const SLOT_BITS = 24;

module.exports = {
  WIRE_HASH,
  RECORD,
  COMMAND,
  SUBMIT,
  TURN,
  FLAG,
  PACKET_TYPE,
  REQUEST_FLAG,
  TLS_QUESTION,
  TEXT_PLACE,
  LEFT_TO_HOST,
  HANDSHAKE_FAILURE,
  TRANSPORT_NAMES,
  CLOSE_REASONS,
  LIMITS,
  CONTENT_TYPES,
  SLOT_BITS,
};
