/**
 * When the application's code runs for the packets of one read. The order is that of the genuine
 * package, in two steps:
 *
 * 1. Each packet is taken, in order. Acknowledgement callbacks, disconnections, catch-all listeners and
 *    middlewares run now.
 * 2. The handlers of the events are called. Each event has a separate tick, so that what one handler
 *    throws stops none of the others.
 *
 * A plain event (`hasPlainEvents`) has nothing to do in the first step. It goes straight to the tick of
 * its handlers, which saves a tick. Packets of the same read that come after it wait in a list. That
 * tick takes them before it calls the handlers, so the order stays.
 */
'use strict';

const debug = require('debug')('socket.io:socket');
const { slowHandler, timed } = require('../base/diagnostics');
const { emitLocally } = require('../base/emitter');

/** @typedef {import('../sockets/socket').Socket} Socket */
/** @typedef {import('../../protocol/decoder').Packet} Packet */

/**
 * The packets of this read, each after its socket. The list is emptied when the last one is taken: to
 * take each out of the front would move all that are behind it. @type {any[]}
 */
let waiting = [];
/** The position of the first packet's socket that is not taken yet. */
let first = 0;

/** How many clients are paused. */
let pausedClients = 0;

/**
 * A client is paused, or no longer: see `conn.pause()`.
 * @param {boolean} isPaused
 */
function countPaused(isPaused) {
  pausedClients += isPaused ? 1 : -1;
}

/** Whether a packet waits to be taken, so that none may go before it. */
const hasWaiting = () => waiting.length !== 0;

/**
 * Has a socket take a packet, after those of the same read that came before. Each packet has its tick;
 * the tick finds nothing to do if a handler's tick was first and took all.
 * @param {Socket} socket
 * @param {Packet} packet
 */
function takeSoon(socket, packet) {
  waiting.push(socket, packet);
  process.nextTick(takeNext);
}

function takeNext() {
  if (waiting.length === 0) return;
  const socket = waiting[first];
  const packet = waiting[first + 1];
  first += 2;
  if (first === waiting.length) {
    waiting = [];
    first = 0;
  }
  if (pausedClients !== 0 && socket.conn.isPaused)
    socket.conn.defer(() => takeSoon(socket, packet));
  else socket._onpacket(packet);
}

/** @param {unknown} err */
function rethrow(err) {
  throw err;
}

/** Takes the waiting packets now. What they throw must not stop the handler that comes after. */
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
 * Calls the handlers of an event in a later tick.
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
  if (pausedClients !== 0 && socket.conn.isPaused) {
    socket.conn.defer(() => handleSoon(socket, event));
    return;
  }
  if (!socket.connected) {
    debug('ignore packet received after disconnection');
    return;
  }
  if (slowHandler.hasSubscribers) {
    const callHandlers = () => void emitLocally.apply(socket, /** @type {any} */ (event));
    timed(['handler', socket, event[0]], callHandlers);
    return;
  }
  // Spread calls cost more than direct ones; one or two arguments are the rule.
  if (event.length === 2) emitLocally.call(socket, event[0], event[1]);
  else if (event.length === 3) emitLocally.call(socket, event[0], event[1], event[2]);
  else emitLocally.apply(socket, /** @type {[any, ...any[]]} */ (event));
}

module.exports = { countPaused, handleSoon, hasWaiting, takeSoon };
