/**
 * The acknowledgements of one socket: those that its handlers send, and those that it waits for.
 */
'use strict';

const debug = require('debug')('socket.io:socket');
const { trace } = require('./trace');

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
    socket.client.sendAck(socket.nsp, id, args);
    isSent = true;
  };
}

/**
 * Registers the callback of an acknowledgement. With a timeout it gets an error first: null, or the
 * one that says that the time is over.
 * @param {Socket} socket
 * @param {number} id
 * @param {Listener} callback
 * @param {number | undefined} timeoutMs
 */
function awaitAck(socket, id, callback, timeoutMs) {
  if (timeoutMs === undefined) {
    socket.acks.set(id, callback);
    return;
  }
  const timer = setTimeout(() => {
    debug('event with ack id %d has timed out after %d ms', id, timeoutMs);
    socket.forgetAck(id);
    callback.call(socket, new Error('operation has timed out'));
  }, timeoutMs);
  socket.acks.set(id, (/** @type {any[]} */ ...args) => {
    clearTimeout(timer);
    callback.call(socket, null, ...args);
  });
}

module.exports = { awaitAck, createAck };
