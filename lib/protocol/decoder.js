/**
 * Socket.IO packets → values, on the way in. Text EVENT and ACK packets are read here. The other text packets
 * are read by one shared decoder of socket.io-parser, which keeps nothing between two packets. A packet with
 * attachments borrows a decoder until its last attachment has come.
 */
'use strict';

const { Decoder, PacketType } = require('socket.io-parser');
const { RESERVED_EVENTS } = require('./reserved-events');

/**
 * @typedef {{ type: number, nsp: string, id?: number, data?: any, attachments?: number }} Packet
 */

const { EVENT, ACK } = PacketType;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const TYPE_EVENT = 50;
const TYPE_ACK = 51;
const TYPE_BINARY_EVENT = 53;
const TYPE_BINARY_ACK = 54;
const SLASH = 47;
const BRACKET = 91;

/** @type {Packet | null} */
let decoded = null;
/** @param {Packet} packet */
const keepDecoded = (packet) => {
  decoded = packet;
};
const newDecoder = () => {
  const decoder = /** @type {any} */ (new Decoder());
  decoder.on('decoded', keepDecoded);
  return decoder;
};
const sharedDecoder = newDecoder();

/** Decoders that have completed a packet and have nothing in them. @type {any[]} */
const idleDecoders = [];
const MAX_IDLE_DECODERS = 16;

/**
 * Hands one message to a socket.io-parser decoder; gives the packet that it completed, if any.
 * @param {any} decoder
 * @param {unknown} message
 * @returns {Packet | null}
 */
function feed(decoder, message) {
  decoded = null;
  decoder.add(message);
  const packet = decoded;
  decoded = null;
  return packet;
}

/**
 * Reads the JSON text of an EVENT or ACK.
 * Errors: throws `invalid payload`, as socket.io-parser does, on anything but an array. It also throws on an
 * event whose name is reserved, or is neither a string nor a number.
 * @param {number} type
 * @param {string} json
 * @returns {any[] | undefined} undefined where the packet has no payload at all
 */
function parseArguments(type, json) {
  if (json === '') return undefined;
  let data;
  try {
    data = JSON.parse(json);
  } catch {
    throw new Error('invalid payload');
  }
  if (Array.isArray(data) && (type === ACK || isEvent(data))) return data;
  throw new Error('invalid payload');
}

/**
 * Whether a client may send this event.
 * @param {any[]} data its name and its arguments
 */
function isEvent([name]) {
  return typeof name === 'string' ? !RESERVED_EVENTS.has(name) : typeof name === 'number';
}

/**
 * The data of an EVENT that has been read already.
 * Errors: throws `invalid payload` on a reserved name.
 * @param {any[]} data
 */
function checkEvent(data) {
  if (!isEvent(data)) throw new Error('invalid payload');
  return data;
}

/**
 * Reads a text EVENT or ACK of the usual form; null for anything else.
 * @param {string} text
 * @returns {Packet | null}
 */
function readUsualPacket(text) {
  const typeCode = text.charCodeAt(0);
  if (typeCode !== TYPE_EVENT && typeCode !== TYPE_ACK) return null;
  let at = 1;
  let nsp = '/';
  if (text.charCodeAt(at) === SLASH) {
    const comma = text.indexOf(',', at);
    if (comma === -1) return null;
    nsp = text.slice(at, comma);
    at = comma + 1;
  }
  const idStart = at;
  let code = text.charCodeAt(at);
  while (code >= DIGIT_0 && code <= DIGIT_9) code = text.charCodeAt(++at);
  if (code !== BRACKET) return null;
  const type = typeCode === TYPE_EVENT ? EVENT : ACK;
  const data = parseArguments(type, text.slice(at));
  return at === idStart
    ? { type, nsp, data }
    : { type, nsp, id: Number(text.slice(idStart, at)), data };
}

/** The decoder of one client: it remembers only a binary packet whose attachments are on their way. */
class PacketDecoder {
  /** @type {any} */
  #assembly = null;

  /** Whether a binary packet waits for attachments, so that a text packet would be an error. */
  get isAssembling() {
    return this.#assembly !== null;
  }

  /**
   * Takes one message and gives the packet that it completes, or null.
   * Errors: throws socket.io-parser's errors on what the protocol forbids.
   * @param {any} message
   * @returns {Packet | null}
   */
  add(message) {
    if (this.#assembly !== null) {
      const packet = feed(this.#assembly, message);
      if (packet === null) return null;
      if (idleDecoders.length < MAX_IDLE_DECODERS) idleDecoders.push(this.#assembly);
      this.#assembly = null;
      return packet;
    }
    if (typeof message !== 'string') return feed(sharedDecoder, message);
    const usual = readUsualPacket(message);
    if (usual !== null) return usual;
    const typeCode = message.charCodeAt(0);
    if (typeCode !== TYPE_BINARY_EVENT && typeCode !== TYPE_BINARY_ACK) {
      return feed(sharedDecoder, message);
    }
    const assembly = idleDecoders.pop() ?? newDecoder();
    assembly.add(message);
    this.#assembly = assembly;
    return null;
  }

  /** Drops a half-received binary packet. */
  destroy() {
    this.#assembly?.destroy();
    this.#assembly = null;
  }
}

module.exports = { PacketDecoder, checkEvent, parseArguments };
