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
 * Begins to measure what an application does for a socket.
 * @param {'handler' | 'middleware' | 'acknowledgement'} kind
 * @param {Socket} socket
 * @param {string | undefined} event
 * @returns {() => void} ends it, and tells of it if it has held the event loop up; calls after the first do nothing
 */
function measure(kind, socket, event) {
  const begin = performance.now();
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    const duration = performance.now() - begin;
    if (duration < SLOW_MS) return;
    slowHandler.publish({ server: socket.nsp.server, socket, kind, event, duration });
  };
}

/**
 * Calls the handlers of an event, or the callback of an acknowledgement, and tells of them if they hold the
 * event loop up.
 * @param {Parameters<typeof measure>} what
 * @param {() => void} handle
 */
function timed(what, handle) {
  const end = measure(...what);
  try {
    handle();
  } finally {
    end();
  }
}

module.exports = { measure, slowHandler, tellConnect, tellDisconnect, timed };
