/**
 * What `node:diagnostics_channel` tells of a server. Where nobody subscribes to a channel, that costs a look at it.
 * See docs/metrics.md.
 */
'use strict';

const { channel } = require('node:diagnostics_channel');

/** Handlers that take less are not told of. */
const SLOW_MS = 10;

/** @typedef {import('../sockets/socket').Socket} Socket */

const connect = channel('beast.io:connect');
const disconnect = channel('beast.io:disconnect');
const slowHandler = channel('beast.io:slow-handler');

/**
 * A socket has connected; its listeners are about to hear of it.
 * @param {Socket} socket
 */
function tellConnect(socket) {
  if (connect.hasSubscribers) connect.publish({ server: socket.nsp.server, socket });
}

/**
 * A socket has left; its listeners are about to hear of it.
 * @param {Socket} socket
 * @param {string} reason
 * @param {any} details
 */
function tellDisconnect(socket, reason, details) {
  if (!disconnect.hasSubscribers) return;
  disconnect.publish({ server: socket.nsp.server, socket, reason, details });
}

/**
 * Calls the handlers of an event, and tells of them if they hold the event loop up.
 * @param {Socket} socket
 * @param {string} event
 * @param {() => void} handle
 */
function timed(socket, event, handle) {
  const begin = performance.now();
  try {
    handle();
  } finally {
    const duration = performance.now() - begin;
    if (duration >= SLOW_MS) {
      slowHandler.publish({ server: socket.nsp.server, socket, event, duration });
    }
  }
}

module.exports = { slowHandler, tellConnect, tellDisconnect, timed };
