/**
 * Socket.IO servers on the door that a test names, for one test each; `cleanUp()` closes all.
 */
'use strict';

const { once } = require('node:events');
const {
  addressOf,
  createNodeServer,
  doorOf,
  ownPortOptions,
  placeOf,
} = require('../servers/doors');
const { Wire, requestText, upgradeText } = require('../clients/wire');

const GENUINE = require('socket.io').Server;
const OURS = require('../../../lib').Server;

/** The doors of ours: name, door, class. @type {[string, string, any][]} */
const OUR_DOORS = [
  ['beast.io', 'http', OURS],
  ['beast.io', 'https', OURS],
  ['beast.io', 'own port', OURS],
  ['beast.io', 'own port with TLS', OURS],
];
/** Those of both packages. @type {[string, string, any][]} */
const EVERYWHERE = [['socket.io', 'http', GENUINE], ['socket.io', 'https', GENUINE], ...OUR_DOORS];

/** @type {(() => unknown)[]} */
const closers = [];

/**
 * A server that listens.
 * @param {any} Server the class
 * @param {string} doorName
 * @param {any} [opts]
 * @param {(io: any) => void} [prepare] called in the tick in which it begins to listen
 */
async function startOn(Server, doorName, opts, prepare) {
  const door = doorOf(doorName);
  const nodeServer = door.isOwnPort
    ? undefined
    : createNodeServer(door, {}, (_req, res) => void res.writeHead(404).end());
  const io = new Server(nodeServer, { ...opts });
  if (nodeServer) nodeServer.listen(addressOf(door));
  else io.listen(addressOf(door), { ...opts, ...ownPortOptions(door) });
  const { httpServer } = io;
  closers.push(() => {
    httpServer.closeAllConnections();
    return io.close();
  });
  prepare?.(io);
  await once(httpServer, 'listening');
  return { io, httpServer, door, place: placeOf(door, httpServer) };
}

/**
 * Writes a request on a separate connection, and waits for its end.
 * @param {import('../servers/doors').Place} place
 * @param {string} text
 */
async function exchange(place, text) {
  const wire = await Wire.connect(place);
  closers.push(() => wire.socket.destroy());
  wire.write(text);
  await wire.until(({ ended }) => ended);
  wire.socket.end();
  const [head, ...rest] = wire.text.split('\r\n\r\n');
  const [status, ...lines] = head.split('\r\n');
  return { status, lines, body: rest.join('\r\n\r\n') };
}

/**
 * The answer to a handshake.
 * @param {import('../servers/doors').Place} place
 * @param {'polling' | 'websocket'} transport
 * @param {Record<string, string>} [headers]
 * @param {number} [protocol] EIO
 */
function handshake(place, transport, headers = {}, protocol = 4) {
  const target = `/socket.io/?EIO=${protocol}&transport=${transport}`;
  const text =
    transport === 'polling'
      ? requestText('GET', target, { Connection: 'close', ...headers })
      : upgradeText(target, headers);
  return exchange(place, text);
}

/** Closes everything that was opened. */
async function cleanUp() {
  await Promise.all(closers.splice(0).map((close) => close()));
}

module.exports = { EVERYWHERE, OUR_DOORS, cleanUp, closers, exchange, handshake, startOn };
