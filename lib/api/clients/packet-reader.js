/**
 * Packets on the way in: from what a connection brings to the socket that a packet is for. A packet
 * that asks for a namespace lets the client in there; one that breaks the protocol ends the connection.
 *
 * Text EVENTs and ACKs of the native engine come in pieces and are read by `readPieces`. All other
 * messages are decoded by `readMessage`. Bound: one packet whose attachments are awaited, per client.
 */
'use strict';

const debug = require('debug')('socket.io:client');
const { PacketDecoder, PacketType, checkEvent, parseArguments } = require('../../protocol');
const { hasWaiting, takeSoon } = require('./delivery');

/** @typedef {import('./client').Client} Client */
/** @typedef {import('../sockets/socket').Socket} Socket */
/** @typedef {import('../../protocol/decoder').Packet} Packet */

/** The decoder of all clients that have no packet on its way. See `decode`. */
let commonDecoder = new PacketDecoder();

/**
 * Has a socket take a packet in a later tick. Each packet has a separate one: what its listeners throw
 * does not stop the packets that follow.
 * @param {Socket} socket
 * @param {Packet} packet
 */
function giveLater(socket, packet) {
  process.nextTick(() => {
    if (socket.conn.isPaused) socket.conn.defer(() => giveLater(socket, packet));
    else socket._onpacket(packet);
  });
}

/**
 * Has the application's parser decode what a client sends.
 * @param {Client} client
 */
function startParser(client) {
  client.decoder = new client.server._parser.Decoder();
  client.onDecoded = (packet) => {
    const socket = admit(client, packet);
    if (socket !== undefined) giveLater(socket, packet);
  };
  client.decoder.on('decoded', client.onDecoded);
}

/**
 * Nothing that the application's parser still decodes reaches the client.
 * @param {Client} client
 */
function stopParser(client) {
  if (client.onDecoded) client.decoder.removeListener('decoded', client.onDecoded);
}

/**
 * Decodes a message and passes the packet that it completes, if any, on to its socket.
 * Errors: what a namespace function of the application throws counts as the client's fault, too.
 * @param {Client} client
 * @param {any} message
 * @param {(socket: Socket, packet: Packet) => void} give
 */
function readMessage(client, message, give) {
  try {
    if (client.onDecoded !== undefined) {
      client.decoder.add(message); // it tells by `decoded`, whatever it returns
      return;
    }
    const packet = decode(client, message);
    const socket = packet ? admit(client, packet) : undefined;
    if (socket !== undefined) give(socket, /** @type {Packet} */ (packet));
  } catch (err) {
    debug('invalid packet format');
    client.onerror(err);
  }
}

/**
 * Decodes by the common decoder. A client whose packet waits for attachments keeps that decoder, and
 * the others get a new one.
 * @param {Client} client
 * @param {any} message
 * @returns {Packet | null}
 */
function decode(client, message) {
  const decoder = client.decoder ?? commonDecoder;
  const packet = decoder.add(message);
  if (decoder === commonDecoder && decoder.isAssembling) {
    client.decoder = decoder;
    commonDecoder = new PacketDecoder();
  }
  return packet;
}

/**
 * Takes a text EVENT or ACK whose header the native engine has read.
 * @param {Client} client
 * @param {number} type
 * @param {string} nsp
 * @param {number | undefined} id
 * @param {string} json the text of the array
 * @param {any[] | undefined} array the values of `json`, if they are known already
 */
function readPieces(client, type, nsp, id, json, array) {
  if (client.isClosed) return;
  let data;
  let socket;
  try {
    if (client.decoder?.isAssembling) {
      throw new Error('got plaintext data when reconstructing a packet');
    }
    data = array === undefined ? parseArguments(type, json) : checkEvent(array);
    socket = client.findSocket(client.conn.protocol === 3 ? splitLegacyNamespace(nsp).name : nsp);
    if (socket === undefined) closeForState(client, type);
  } catch (err) {
    debug('invalid packet format');
    client.onerror(err);
    return;
  }
  if (socket === undefined) return;
  if (type === PacketType.EVENT && socket.hasPlainEvents && !hasWaiting()) {
    socket.receiveEvent(data ?? [], id);
  } else {
    takeSoon(socket, { type, nsp, id, data });
  }
}

/**
 * Finds the socket that a packet is for. A packet to a namespace that the client is not in asks to
 * be let in or closes the connection.
 * @param {Client} client
 * @param {Packet} packet
 * @returns {Socket | undefined}
 */
function admit(client, packet) {
  const isLegacy = client.conn.protocol === 3;
  const { name, auth } = isLegacy
    ? splitLegacyNamespace(packet.nsp)
    : { name: packet.nsp, auth: packet.data };
  const socket = client.findSocket(name);
  const isConnect = packet.type === PacketType.CONNECT;
  if (socket === undefined && isConnect) {
    client.connect(name, auth);
    return undefined;
  }
  if (socket === undefined || isConnect || packet.type === PacketType.CONNECT_ERROR) {
    closeForState(client, packet.type);
    return undefined;
  }
  return socket;
}

/**
 * Splits what a client of the third protocol revision calls a namespace. It may end with a query, which
 * stands for the authentication data.
 * @param {string} address
 */
function splitLegacyNamespace(address) {
  const url = new URL(address, 'https://socket.io');
  const auth = Object.create(null);
  for (const [key, value] of url.searchParams) auth[key] = value;
  return { name: url.pathname, auth };
}

/**
 * Ends a connection whose client must not send such a packet now.
 * @param {Client} client
 * @param {number} type of the packet
 */
function closeForState(client, type) {
  debug('invalid state (packet type: %s)', type);
  client.close();
}

module.exports = { giveLater, readMessage, readPieces, startParser, stopParser };
