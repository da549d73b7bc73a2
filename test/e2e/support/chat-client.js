/**
 * What a test of the chat's rules does with a client: it asks, and it listens.
 */
'use strict';

const { createHash } = require('node:crypto');

/** @typedef {import('socket.io-client').Socket} Socket */

/** @param {string} token @returns {string} the public id that belongs to it */
const idOf = (token) => createHash('sha256').update(token).digest('hex').slice(0, 12);

/**
 * @param {Socket} socket
 * @param {string} event
 * @param {unknown} [request]
 * @returns {Promise<any>}
 */
const ask = (socket, event, request) => socket.timeout(20_000).emitWithAck(event, request);

/**
 * Waits for an event that satisfies a condition.
 * @param {Socket} socket
 * @param {string} event
 * @param {(data: any) => boolean} [is]
 * @returns {Promise<any>}
 */
const hears = (socket, event, is = () => true) =>
  new Promise((resolve) => {
    const listener = (/** @type {any} */ data) => {
      if (!is(data)) return;
      socket.off(event, listener);
      resolve(data);
    };
    socket.on(event, listener);
  });

module.exports = { ask, hears, idOf };
