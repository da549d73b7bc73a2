/** Connections by hand to a door, which end with the trouble that they make. */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const net = require('node:net');
const { Wire, frame, upgradeText } = require('../../support/clients/wire');

const WEBSOCKET = '/socket.io/?EIO=4&transport=websocket';
const PATIENCE_MS = 60_000;

/** Nobody looks at what arrives. @param {import('node:net').Socket} socket */
function ignore(socket) {
  socket.removeAllListeners('data').resume();
}

/**
 * Waits, but not for ever: what does not come is trouble for the one who waits, and no fault of the server.
 * @template T
 * @param {Promise<T>} promise
 */
async function soon(promise) {
  promise.catch(() => {});
  const timer = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error('it took too long');
  });
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}

class Strangers {
  /** @type {import('node:net').Socket[]} */
  #sockets = [];

  /** @param {any} place @returns {Promise<Wire>} connected, over TLS where the door has it */
  async connect(place) {
    const wire = await soon(Wire.connect(place));
    this.#sockets.push(wire.socket);
    return wire;
  }

  /** @param {any} place @returns {net.Socket} bytes alone, also where the door has TLS */
  raw({ host, port }) {
    const socket = net.connect({ host, port, noDelay: true, allowHalfOpen: true });
    socket.on('error', () => {});
    this.#sockets.push(socket);
    return socket.resume();
  }

  /** @param {any} place @returns {Promise<Wire>} in the main namespace, by WebSocket */
  async join(place) {
    const wire = await this.connect(place);
    wire.write(upgradeText(WEBSOCKET));
    await soon(wire.framesUpTo(1));
    wire.write(frame('40'));
    await soon(wire.framesUpTo(2));
    return wire;
  }

  /** Resolves when the server has ended every connection. */
  async allClosed() {
    const open = this.#sockets.filter(({ closed }) => !closed);
    await Promise.all(
      open.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
  }

  leave() {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/**
 * What strangers do, and their end.
 * @param {(strangers: Strangers) => Promise<unknown>} act
 */
async function withStrangers(act) {
  const strangers = new Strangers();
  try {
    await act(strangers);
  } finally {
    strangers.leave();
  }
}

module.exports = { Strangers, WEBSOCKET, ignore, soon, withStrangers };
