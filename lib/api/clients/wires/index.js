/**
 * What a client does differently on the native engine and on any other. A client chooses its wire
 * once, when it is made.
 */
'use strict';

const { ForeignWire } = require('./foreign-wire');
const { NativeMessageWire, NativeWire } = require('./native-wire');

/** @typedef {import('../client').Client} Client */
/** @typedef {import('../../../engine/session/session').Socket} Session */
/** @typedef {import('../../broadcasts/broadcast-operator').BroadcastFlags} BroadcastFlags */
/**
 * @typedef {object} Wire
 * @property {(client: Client) => void} listen
 *   has the connection tell the client of messages, errors and the end
 * @property {(client: Client) => void} stopListening
 * @property {(conn: any, encoded: any, options: any) => void} write
 *   writes a packet: one message, or the array of those that make it up. With the option `preEncoded`
 *   the same packet probably goes to others next. A `volatile` one is dropped if it would have to wait.
 * @property {(conn: any, before: string, string: string, flags: BroadcastFlags | undefined) => void}
 *   writeString writes a text packet: `before`, a large string as JSON, and `]`
 * @property {(conn: any) => any} peekRequest the request of the handshake, for a single look
 * @property {(conn: any) => Session | undefined} sessionOf the connection, if it is the native engine's
 */

const nativeWire = new NativeWire();
const nativeMessageWire = new NativeMessageWire();
const foreignWire = new ForeignWire();

/**
 * Only sessions of the native engine take a sink for packets.
 * @param {any} conn
 * @param {boolean} usesDefaultParser whether the engine may split the packets
 * @returns {Wire}
 */
function chooseWire(conn, usesDefaultParser) {
  if (typeof conn.setPacketSink !== 'function') return foreignWire;
  return usesDefaultParser ? nativeWire : nativeMessageWire;
}

module.exports = { chooseWire };
