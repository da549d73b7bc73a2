/**
 * What crosses between JavaScript and the addon: the first number of every record and command.
 * The same lists stand in native/node/lane.hpp and native/node/outbox.hpp, with what follows each.
 */
'use strict';

/** From the I/O threads. */
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
  STREAM_PAUSE: 16,
  GONE: 17,
  ABANDONED: 18,
  CONNECTION: 19,
  PORT_IDLE: 20,
  TLS_CONNECTION: 21,
  STREAM_DRAIN: 22,
  HANDSHAKE_FAILED: 23,
  STRING: 24,
});

/** To the I/O threads. */
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
});

/** Flags of SEND, SEND_PARTS, BROADCAST and SHARE. */
const FLAG = Object.freeze({ VOLATILE: 1, NO_COMPRESS: 2 });

/** Flags of REQUEST. */
const REQUEST_FLAG = Object.freeze({ HAS_ORIGIN: 1, UPGRADE: 2, VERIFY_ONLY: 4, HAS_BODY: 8 });

/** What stands above the flags, by the packet's type: 0 for a message. */
const PACKET_TYPE = Object.freeze({
  open: 4 << 2,
  close: 5 << 2,
  ping: 6 << 2,
  pong: 7 << 2,
  message: 0,
  upgrade: 1 << 2,
  noop: 2 << 2,
});

/** Which connections of the own port JavaScript gets. */
const LEFT_TO_HOST = Object.freeze({ NOTHING: 0, OTHER_PATHS: 1, EVERYTHING: 2 });

/** Questions to the TLS of a connection, as native/node/tls-look.hpp lists them. */
const TLS_QUESTION = Object.freeze({
  SESSION: 1,
  FINISHED: 2,
  PEER_FINISHED: 3,
  SIGNATURES: 4,
  KEYING_MATERIAL: 5,
  MAX_RECORD_BYTES: 6,
});

/** Where the text of a record stands. */
const TEXT_PLACE = Object.freeze({ LATIN1: 0, UTF16: 1, EXTRA: 2 });

/** Engine.IO's close reasons, by number. */
const CLOSE_REASONS = Object.freeze([
  'transport close',
  'transport error',
  'ping timeout',
  'parse error',
  'forced close',
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
  RECORD,
  COMMAND,
  FLAG,
  REQUEST_FLAG,
  PACKET_TYPE,
  LEFT_TO_HOST,
  TEXT_PLACE,
  TLS_QUESTION,
  CLOSE_REASONS,
  CONTENT_TYPES,
  SLOT_BITS,
};
