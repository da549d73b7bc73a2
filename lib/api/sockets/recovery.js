/**
 * Connection state recovery: a client that lost its connection comes back as the socket that it was.
 * The adapter keeps the sessions of sockets that have ended. A client names its session by the private
 * id (`pid`) that it got at CONNECT; whoever knows it is taken for that client.
 */
'use strict';

const debug = require('debug')('socket.io:namespace');
const debugSocket = require('debug')('socket.io:socket');
const { PacketType } = require('../../protocol');
const { checkData } = require('../broadcasts/check-data');

/** @typedef {import('./socket').Socket} Socket */
/** @typedef {import('../namespaces/namespace').Namespace} Namespace */

/**
 * @typedef {object} Session
 * @property {string} sid
 * @property {string} pid
 * @property {string[]} rooms
 * @property {any} data
 * @property {any[][]} missedPackets
 * @property {() => any[][]} [takeMissed] what is missing at that moment, and later what has come since: such
 *   a session gets what is sent while it is on its way
 * @property {() => void} [release] ends that
 */

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
 * @returns {Promise<Session | undefined>} undefined where there is none
 */
async function restoreSession(nsp, { pid, offset } = {}) {
  if (typeof pid !== 'string') return undefined;
  const mayBeRestored =
    typeof offset === 'string' || (offset === undefined && nsp.adapter.restoresWithoutOffset);
  if (!mayBeRestored) return undefined;
  giveUpSocketOf(nsp, pid); // ahead of the look-up: its end makes the session
  const { adapter } = nsp;
  try {
    const lookUp = adapter.restoreSession(pid, offset);
    const takeLater = adapter.laterPackets?.(); // of what is sent from here on
    const session = await lookUp;
    if (session && takeLater) session.takeMissed = missedOf(session, takeLater);
    return session ?? undefined;
  } catch (err) {
    debug('error while restoring session: %s', err);
    return undefined;
  }
}

/**
 * What a session has missed by the time of each call, without what an earlier call gave.
 * @param {any} session
 * @param {(rooms: string[]) => any[][]} takeLater the packets since the look-up
 */
function missedOf({ rooms, missedPackets }, takeLater) {
  let known = missedPackets;
  return () => {
    const missed = [...known, ...takeLater(rooms)];
    known = [];
    return missed;
  };
}

/**
 * Sends an event by way of the adapter, which keeps it: the client may have to be told again.
 * @param {Socket} socket
 * @param {number | undefined} id of the acknowledgement that is asked for
 * @param {any[]} data
 * @param {any} flags
 */
function sendKept({ id: sid, adapter }, id, data, flags = {}) {
  checkData(adapter, data);
  const packet = { type: PacketType.EVENT, data };
  adapter.broadcast(id === undefined ? packet : { ...packet, id }, {
    rooms: new Set([sid]),
    except: new Set(),
    flags,
  });
}

/**
 * Sends what a session has missed.
 * @param {Socket} socket
 * @param {Session} session
 */
function sendMissed(socket, { takeMissed, missedPackets }) {
  const missed = takeMissed?.() ?? missedPackets;
  for (const data of missed) socket.packet({ type: PacketType.EVENT, data });
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

module.exports = { giveUpSocketOf, keepSession, restoreSession, sendKept, sendMissed };
