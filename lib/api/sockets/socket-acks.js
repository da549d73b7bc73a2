/**
 * The acknowledgements of one socket: those that its handlers send, and those that it waits for. With the
 * option `settleAcksOnDisconnect` the socket stops waiting when its client leaves.
 */
'use strict';

const debug = require('debug')('socket.io:socket');
const { codedError } = require('../../errors/coded-error');
const { slowHandler, timed } = require('../base/diagnostics');
const { giveUp, onGivenUp } = require('../base/give-up');
const { trace } = require('../base/trace');
const { sendAck } = require('../clients/packet-writer');

/** @typedef {import('./socket').Socket} Socket */
/** @typedef {import('./catch-all-emitter').Listener} Listener */

/**
 * The function by which a handler acknowledges an event. Only its first call sends.
 * @param {Socket} socket
 * @param {number} id
 */
function createAck(socket, id) {
  let isSent = false;
  return (/** @type {any[]} */ ...args) => {
    if (isSent) return;
    if (trace.isOn) trace.sentAck(args);
    sendAck(socket.client, socket.nsp, id, args);
    isSent = true;
  };
}

/**
 * The client of a socket has left and will acknowledge nothing more.
 * @param {Socket} socket
 */
function giveUpAcks(socket) {
  if (socket._acks === undefined || !socket.server.opts.settleAcksOnDisconnect) return;
  for (const callback of socket._acks.values()) giveUp(callback);
  socket._acks.clear();
}

/**
 * How many milliseconds an emit of a socket waits for its acknowledgement; undefined: without end.
 * @param {Socket} socket
 * @param {{ timeout?: number }} [flags] of this emit
 * @returns {number | undefined}
 */
function ackTimeoutOf(socket, flags) {
  const timeout = flags?.timeout;
  return timeout === undefined ? socket.server.opts.ackTimeout : timeout; // null is a timeout
}

/**
 * Refuses an acknowledgement beyond the option `maxPendingAcks`.
 * @param {Socket} socket
 */
function checkPendingAcks({ _acks, server }) {
  const { maxPendingAcks } = server.opts;
  if (maxPendingAcks === undefined || (_acks?.size ?? 0) < maxPendingAcks) return;
  const text = `the client owes ${maxPendingAcks} acknowledgements already`;
  throw codedError('ERR_BEASTIO_TOO_MANY_ACKS', text);
}

/**
 * Calls the callback of an acknowledgement that has come.
 * @param {Socket} socket
 * @param {Listener} callback
 * @param {any[]} data
 */
function callAck(socket, callback, data) {
  if (slowHandler.hasSubscribers) {
    timed(['acknowledgement', socket, undefined], () => callback.apply(socket, data));
  } else {
    callback.apply(socket, data);
  }
}

/**
 * Registers the callback of an acknowledgement. With a timeout its first argument is an error: null, or
 * one that says that the time is over.
 * @param {Socket} socket
 * @param {number} id
 * @param {Listener} callback
 * @param {number | undefined} timeoutMs
 */
function awaitAck(socket, id, callback, timeoutMs) {
  socket.acks.set(
    id,
    timeoutMs === undefined ? callback : withTimeout(socket, id, callback, timeoutMs),
  );
  if (socket._hasLeft) giveUpAcks(socket);
}

/**
 * Wraps a callback that is told when the time is over; what it returns waits for the acknowledgement.
 * @param {Socket} socket
 * @param {number} id
 * @param {Listener} callback
 * @param {number} timeoutMs
 * @returns {Listener}
 */
function withTimeout(socket, id, callback, timeoutMs) {
  const timer = setTimeout(() => {
    debug('event with ack id %d has timed out after %d ms', id, timeoutMs);
    socket.forgetAck(id);
    callback.call(socket, new Error('operation has timed out'));
  }, timeoutMs);
  const onAck = (/** @type {any[]} */ ...args) => {
    clearTimeout(timer);
    callback.call(socket, null, ...args);
  };
  return onGivenUp(onAck, (err) => {
    clearTimeout(timer);
    callback.call(socket, err);
  });
}

module.exports = { ackTimeoutOf, awaitAck, callAck, checkPendingAcks, createAck, giveUpAcks };
