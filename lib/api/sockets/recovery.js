/**
 * Connection state recovery: a client that lost its connection comes back as the socket that it was.
 * The adapter keeps the sessions of sockets that have ended. A client names its session by the private
 * id (`pid`) that it got at CONNECT; whoever knows it is taken for that client.
 */
'use strict';

const debug = require('debug')('socket.io:namespace');
const debugSocket = require('debug')('socket.io:socket');

/** @typedef {import('./socket').Socket} Socket */
/** @typedef {import('../namespaces/namespace').Namespace} Namespace */

/** Reasons after which a client may come back and find its session as it left it. */
const RECOVERABLE_REASONS = new Set([
  'transport error',
  'transport close',
  'forced close',
  'ping timeout',
  'server shutting down',
  'forced server close',
]);

/**
 * Has the adapter keep the session of a socket that ends, if the client may continue it.
 * @param {Socket} socket
 * @param {string} reason of the end
 */
function keepSession(socket, reason) {
  if (!socket.server.opts.connectionStateRecovery || !RECOVERABLE_REASONS.has(reason)) return;
  debugSocket('connection state recovery is enabled for sid %s', socket.id);
  const { id: sid, pid, rooms, data } = socket;
  socket.adapter.persistSession({ sid, pid, rooms: [...rooms], data });
}

/**
 * Looks up the session that a client asks to continue. A socket that still has the private id is given
 * up first.
 * @param {Namespace} nsp
 * @param {Record<string, any>} [auth] what the client sent along with its CONNECT packet
 * @returns {Promise<any>} undefined where there is none
 */
async function restoreSession(nsp, { pid, offset } = {}) {
  if (typeof pid !== 'string') return undefined;
  const mayBeRestored =
    typeof offset === 'string' || (offset === undefined && nsp.adapter.restoresWithoutOffset);
  if (!mayBeRestored) return undefined;
  giveUpSocketOf(nsp, pid); // ahead of the look-up: its end makes the session
  try {
    return (await nsp.adapter.restoreSession(pid, offset)) ?? undefined;
  } catch (err) {
    debug('error while restoring session: %s', err);
    return undefined;
  }
}

/**
 * Ends the socket that has a private id, if there is one, with its connection.
 * @param {Namespace} nsp
 * @param {string} pid
 */
function giveUpSocketOf(nsp, pid) {
  const socket = nsp.socketsByPid.get(pid);
  if (socket === undefined) return;
  socket.client.abandon();
  if (!socket._hasLeft) socket._cleanup(); // it was on its way through the middlewares
}

module.exports = { giveUpSocketOf, keepSession, restoreSession };
