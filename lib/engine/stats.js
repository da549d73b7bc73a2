/**
 * What `engine.stats()` tells: what the I/O threads have counted, and what only JavaScript knows.
 */
'use strict';

const { LoopDelay } = require('./loop-delay');
const { ERRORS } = require('./http/refusals');

/** Paths in `stats().refusals` by code. @type {Record<number, string>} */
const REFUSALS = {
  [ERRORS.UNKNOWN_TRANSPORT]: 'unknownTransport',
  [ERRORS.UNKNOWN_SID]: 'unknownSid',
  [ERRORS.BAD_HANDSHAKE_METHOD]: 'badHandshakeMethod',
  [ERRORS.BAD_REQUEST]: 'badRequest',
  [ERRORS.FORBIDDEN]: 'forbidden',
  [ERRORS.UNSUPPORTED_PROTOCOL_VERSION]: 'unsupportedProtocolVersion',
};

/** @typedef {{ sockets: number, namespaces: number, rooms: number }} ServerFigures */

/**
 * Adds figures to those of the same names, in objects within objects.
 * @param {Record<string, any>} sum
 * @param {Record<string, any>} figures
 */
function add(sum, figures) {
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value === 'number') sum[name] = (sum[name] ?? 0) + value;
    else add((sum[name] ??= {}), value);
  }
}

class Stats {
  /** What the Socket.IO servers on the engine have, by server. @type {Map<object, () => ServerFigures>} */
  servers = new Map();
  /** Requests that JavaScript has refused. @type {Record<string, number>} */
  #refusals = {};
  #engine;
  #delay = new LoopDelay();

  /** @param {import('./engine').Engine} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /**
   * JavaScript refuses a request: a middleware or a hook does.
   * @param {number} code
   */
  noteRefusal(code) {
    const name = REFUSALS[code];
    if (name !== undefined) this.#refusals[name] = (this.#refusals[name] ?? 0) + 1;
  }

  /** @returns {any} see types/stats.d.ts */
  read() {
    const { native, delivery, isClosed } = this.#engine;
    const threads = native.stats();
    const sum = /** @type {Record<string, any>} */ ({});
    for (const thread of threads) add(sum, thread);
    add(sum.refusals, this.#refusals);
    const socketio = { sockets: 0, namespaces: 0, rooms: 0 };
    for (const figuresOf of this.servers.values()) add(socketio, figuresOf());
    const { slices, time, longest } = delivery;
    return {
      ...sum,
      socketio,
      handlers: { slices, milliseconds: time, longestMilliseconds: longest },
      eventLoopDelay: isClosed ? undefined : this.#delay.read(),
      memory: process.memoryUsage(),
      threads,
    };
  }

  /** The engine closes. */
  close() {
    this.#delay.close();
  }
}

module.exports = { Stats };
