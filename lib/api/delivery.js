/**
 * When the application's code runs for a packet that came in. All packets of one read are first
 * taken, in order (acknowledgement callbacks, disconnections, catch-all listeners, middlewares);
 * then the handlers of their events are called, each in a tick of its own, so that what one throws
 * keeps back none of the others.
 *
 * A plain event has nothing to be taken for, so it goes straight to its handlers' tick, and costs
 * one tick instead of two. What then comes in the same read waits here, and that tick lets it pass.
 */
'use strict';

const debug = require('debug')('socket.io:socket');
const { emitLocally } = require('./emitter');

/** @typedef {import('./socket').Socket} Socket */
/** @typedef {import('../protocol/decoder').Packet} Packet */

/** The packets of this read that are not taken yet, each after its socket. @type {any[]} */
const waiting = [];

/** Whether a packet waits to be taken, so that none may go before it. */
const hasWaiting = () => waiting.length !== 0;

/**
 * Has a socket take a packet, after those of the same read that came before. Each packet has a tick
 * of its own, which finds nothing to do where a handler's tick has let the packets pass.
 * @param {Socket} socket
 * @param {Packet} packet
 */
function takeSoon(socket, packet) {
  waiting.push(socket, packet);
  process.nextTick(takeNext);
}

function takeNext() {
  if (waiting.length === 0) return;
  const socket = waiting.shift();
  socket._onpacket(waiting.shift());
}

/** @param {unknown} err */
function rethrow(err) {
  throw err;
}

/** Takes the waiting packets now, ahead of a handler that must not suffer from what they throw. */
function takeWaitingFirst() {
  while (waiting.length !== 0) {
    try {
      takeNext();
    } catch (err) {
      process.nextTick(rethrow, err);
    }
  }
}

/**
 * Calls the handlers of an event in a tick of their own.
 * @param {Socket} socket
 * @param {any[]} event its name and its arguments
 */
function handleSoon(socket, event) {
  process.nextTick(handle, socket, event);
}

/**
 * @param {Socket} socket
 * @param {any[]} event
 */
function handle(socket, event) {
  if (waiting.length !== 0) takeWaitingFirst();
  if (!socket.connected) {
    debug('ignore packet received after disconnection');
    return;
  }
  // Spread calls cost more than direct ones; one or two arguments are the rule.
  if (event.length === 2) emitLocally.call(socket, event[0], event[1]);
  else if (event.length === 3) emitLocally.call(socket, event[0], event[1], event[2]);
  else emitLocally.apply(socket, /** @type {[any, ...any[]]} */ (event));
}

module.exports = { handleSoon, hasWaiting, takeSoon };
