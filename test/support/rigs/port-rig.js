/**
 * Socket.IO servers on their own port, without or with TLS, for one test each; `cleanUp()` closes all.
 */
'use strict';

const { once } = require('node:events');
const { Server } = require('../../../lib');
const { addressOf, doorOf, ownPortOptions, placeOf } = require('../servers/doors');
const { Wire, frame, upgradeText } = require('../clients/wire');

const PATH = '/socket.io/?EIO=4&transport=';

/** @type {(() => unknown)[]} */
const closers = [];

/**
 * A server that listens.
 * @param {string} doorName
 * @param {object} [opts]
 */
async function startPort(doorName, opts) {
  const door = doorOf(doorName);
  const io = new Server({ ...opts });
  io.listen(addressOf(door), ownPortOptions(door));
  closers.push(() => io.close());
  await once(io.httpServer, 'listening');
  return { io, place: placeOf(door, io.httpServer) };
}

/**
 * A connection; ended after the test.
 * @param {import('../servers/doors').Place} place
 */
async function openWire(place) {
  const wire = await Wire.connect(place);
  closers.push(() => wire.socket.destroy());
  return wire;
}

/**
 * A WebSocket by hand in the main namespace, and the socket that the server has for it.
 * @param {{ io: any, place: import('../servers/doors').Place }} rig
 */
async function join({ io, place }) {
  const wire = await openWire(place);
  const connected = once(io, 'connection');
  wire.write(upgradeText(`${PATH}websocket`));
  await wire.framesUpTo(1);
  wire.write(frame('40'));
  await wire.framesUpTo(2);
  const [socket] = await connected;
  return { wire, socket };
}

/** How many connections a server has. @param {any} io @returns {Promise<number>} */
const connectionsOf = (io) =>
  new Promise((resolve) => {
    io.httpServer.getConnections((/** @type {any} */ _, /** @type {number} */ count) =>
      resolve(count),
    );
  });

/** Closes everything that was opened, the last first. */
async function cleanUp() {
  for (const close of closers.splice(0).reverse()) await close();
}

module.exports = { PATH, cleanUp, closers, connectionsOf, join, openWire, startPort };
