/**
 * Values → Socket.IO packets, on the way out. The common packets, an EVENT or ACK without binary data, are
 * put together here as one string. Everything else is left to socket.io-parser. The output of this file
 * matches that package's byte for byte.
 */
'use strict';

const { Encoder, PacketType } = require('socket.io-parser');
const { hasBinary, isBinary } = require('./has-binary');

/** Beginnings of events, such as `["chat message",`, by event name. */
const heads = new Map();
const MAX_HEADS = 1000;
const MAX_HEAD_NAME_LENGTH = 64;

/** What JSON.stringify escapes in a string: at least these, of the surrogates only lone ones. */
// eslint-disable-next-line no-control-regex
const NEEDS_ESCAPES = /[\u0000-\u001f"\\\ud800-\udfff]/;

/**
 * The JSON text of an event up to its first argument.
 * @param {string} name
 * @returns {string}
 */
function eventHead(name) {
  let head = heads.get(name);
  if (head === undefined) {
    head = `[${JSON.stringify(name)},`;
    // Names made up at run time (one per chat room, say) must not grow the table for ever.
    if (heads.size < MAX_HEADS && name.length <= MAX_HEAD_NAME_LENGTH) heads.set(name, head);
  }
  return head;
}

/**
 * The JSON text of a value, if it does not depend on where the value stands. A `toJSON(key)` is told
 * its place, so values that have one are only serialised as a part of their array.
 * @param {any} value
 * @returns {string | undefined}
 */
function jsonOf(value) {
  switch (typeof value) {
    case 'string':
      // JSON.stringify takes two to four nanoseconds per character, the test takes one.
      return NEEDS_ESCAPES.test(value) ? JSON.stringify(value) : `"${value}"`;
    case 'number':
    case 'boolean':
      return JSON.stringify(value);
    case 'object':
      return value === null || value.toJSON === undefined ? JSON.stringify(value) : undefined;
    default:
      return undefined;
  }
}

/**
 * The text before the JSON array of a packet: its type and, outside the main namespace, its name.
 * @param {number | string} type
 * @param {string | undefined} nsp
 * @returns {string}
 */
function packetPrefix(type, nsp) {
  return nsp && nsp !== '/' ? `${type}${nsp},` : `${type}`;
}

/**
 * Encodes an event without acknowledgement, or returns null where an argument is binary.
 *
 * A single argument is by far the most frequent case. Serialising it alone, after a ready-made
 * beginning, takes half the time of serialising the array of both.
 * @param {string} prefix what `packetPrefix` gives for the namespace
 * @param {unknown} name
 * @param {unknown[]} args
 * @returns {string | null}
 */
function encodeEvent(prefix, name, args) {
  if (hasBinary(args) || (typeof name === 'object' && hasBinary(name))) return null;
  if (args.length === 1 && typeof name === 'string') {
    const json = jsonOf(args[0]);
    if (json !== undefined) return prefix + eventHead(name) + json + ']';
  }
  return prefix + JSON.stringify([name, ...args]);
}

/**
 * Encodes an acknowledgement, or an event that asks for one; null where the data is binary.
 * @param {string} prefix what `packetPrefix` gives for the namespace
 * @param {number} id
 * @param {unknown[]} data
 * @returns {string | null}
 */
function encodeWithId(prefix, id, data) {
  if (hasBinary(data)) return null;
  const json = data.length === 1 ? jsonOf(data[0]) : undefined;
  return prefix + id + (json === undefined ? JSON.stringify(data) : `[${json}]`);
}

/**
 * The encoder of a server with the default parser: `server.encoder`, which adapters use as well.
 */
class PacketEncoder extends Encoder {
  /**
   * Encodes one packet into the messages that carry it: one string, and one Buffer per attachment.
   * @param {any} packet
   * @returns {any[]}
   * @throws {TypeError} if an attachment is a Blob or a File
   */
  encode(packet) {
    const { type, data } = packet;
    if ((type === PacketType.EVENT || type === PacketType.ACK) && Array.isArray(data)) {
      if (hasBinary(data)) return checkAttachments(encodeFlat(packet) ?? super.encode(packet));
      const prefix = packetPrefix(type, packet.nsp) + (packet.id ?? '');
      return [prefix + JSON.stringify(data)];
    }
    return super.encode(packet);
  }
}

/**
 * Refuses attachments whose bytes are not there yet: an engine would send their names as text, and the
 * client would end the connection.
 * @param {any[]} messages
 */
function checkAttachments(messages) {
  for (const message of messages) {
    if (message instanceof Blob) {
      throw new TypeError(
        'a Blob or a File cannot be sent, only its bytes: await blob.arrayBuffer()',
      );
    }
  }
  return messages;
}

/**
 * Refuses what `encode` refuses of an event's data.
 * @param {any[]} data
 * @throws {TypeError} if an attachment is a Blob or a File
 */
function refuseBlobs(data) {
  if (hasBinary(data)) new PacketEncoder().encode({ type: PacketType.EVENT, data });
}

/**
 * Encodes a packet whose data are attachments and primitive values, as they are most often: those
 * need not be searched and copied. Undefined where there are other objects.
 * @param {any} packet
 * @returns {any[] | undefined}
 */
function encodeFlat({ type, nsp, id, data }) {
  /** @type {any[]} */
  const messages = [''];
  const values = [];
  for (const value of data) {
    if (typeof value !== 'object' || value === null) {
      values.push(value);
    } else if (isBinary(value)) {
      values.push({ _placeholder: true, num: messages.push(value) - 2 });
    } else {
      return undefined;
    }
  }
  const binaryType = type === PacketType.EVENT ? PacketType.BINARY_EVENT : PacketType.BINARY_ACK;
  const prefix = packetPrefix(`${binaryType}${messages.length - 1}-`, nsp) + (id ?? '');
  messages[0] = prefix + JSON.stringify(values);
  return messages;
}

module.exports = {
  PacketEncoder,
  encodeEvent,
  encodeWithId,
  eventHead,
  jsonOf,
  packetPrefix,
  refuseBlobs,
};
