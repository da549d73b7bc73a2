/**
 * Events and acknowledgements on the way out: from what the application emits to the write of the
 * connection below. With the default parser most packets are put together here as one text. Everything
 * else takes the way of `client._packet`, by the server's encoder.
 */
'use strict';

const { PacketType, encodeEvent, encodeWithId, eventHead } = require('../../protocol');
const { DEFAULT_WRITE_OPTIONS, writeOptionsOf } = require('./wires/write-options');

/** @typedef {import('./client').Client} Client */
/** @typedef {import('../namespaces/namespace').Namespace} Namespace */
/** @typedef {import('../broadcasts/broadcast-operator').BroadcastFlags} BroadcastFlags */

/** From this length on, in characters, the native engine quotes a string faster than JavaScript does. */
const LARGE_STRING = 1024;

/**
 * Sends an event of one of a client's sockets.
 * @param {Client} client
 * @param {Namespace} nsp
 * @param {number | undefined} id present where an acknowledgement is wanted
 * @param {any} event
 * @param {any[]} args
 * @param {BroadcastFlags | undefined} flags
 */
function sendEvent(client, nsp, id, event, args, flags) {
  const { conn } = client;
  if (conn.readyState !== 'open') return;
  if (client.server.usesDefaultParser) {
    if (isLargeString(args) && typeof event === 'string') {
      const before = nsp.eventPrefix + (id ?? '') + eventHead(event);
      client.wire.writeString(conn, before, args[0], flags);
      return;
    }
    const text =
      id === undefined
        ? encodeEvent(nsp.eventPrefix, event, args)
        : encodeWithId(nsp.eventPrefix, id, [event, ...args]);
    if (text !== null) {
      // Without flags every engine is written to alike.
      if (flags === undefined) conn.write(text, DEFAULT_WRITE_OPTIONS);
      else client.wire.write(conn, text, writeOptionsOf(flags));
      return;
    }
  }
  /** @type {any} */
  const packet = { type: PacketType.EVENT, data: [event, ...args] };
  if (id !== undefined) packet.id = id;
  packet.nsp = nsp.name;
  client._packet(packet, { ...flags, compress: flags?.compress !== false });
}

/**
 * Sends an acknowledgement of one of a client's sockets.
 * @param {Client} client
 * @param {Namespace} nsp
 * @param {number} id
 * @param {any[]} data
 */
function sendAck(client, nsp, id, data) {
  const { conn } = client;
  if (conn.readyState !== 'open') return;
  if (client.server.usesDefaultParser) {
    if (isLargeString(data)) {
      client.wire.writeString(conn, `${nsp.ackPrefix}${id}[`, data[0], undefined);
      return;
    }
    const text = encodeWithId(nsp.ackPrefix, id, data);
    if (text !== null) {
      conn.write(text, DEFAULT_WRITE_OPTIONS);
      return;
    }
  }
  client._packet({ id, type: PacketType.ACK, data, nsp: nsp.name }, { compress: true });
}

/**
 * Whether the arguments are one string for the wire to quote.
 * @param {any[]} args
 */
function isLargeString(args) {
  const [value] = args;
  return typeof value === 'string' && value.length >= LARGE_STRING && args.length === 1;
}

module.exports = { sendAck, sendEvent };
