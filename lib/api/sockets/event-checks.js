/**
 * What an event passes before its handlers: catch-all listeners and middlewares.
 */
'use strict';

const { runMiddlewares } = require('../base/middleware');
const { handleSoon } = require('../clients/delivery');

/** @typedef {import('./socket').Socket} Socket */

/**
 * Calls them, and then, if they let the event pass, `done`.
 * @param {Socket} socket
 * @param {any[]} event
 * @param {() => void} done
 */
function checkEvent(socket, event, done) {
  for (const listener of socket._anyListeners.slice()) listener.apply(socket, event);
  const onPassed = (/** @type {any} */ err) => {
    if (err) process.nextTick(() => socket._onerror(err));
    else done();
  };
  runMiddlewares(socket._fns ?? [], event, onPassed, [socket, event[0]]);
}

/**
 * Takes an event: it passes the checks, and then its handlers get it, or those in C++.
 * @param {Socket} socket
 * @param {any[]} event with the function that acknowledges it, where the client wants that
 * @param {number | null | undefined} id
 */
function takeChecked(socket, event, id) {
  const side = socket.nsp.nativeSide;
  if (side?.isSuspended(socket) !== true) {
    takePassed(socket, event, false);
    return;
  }
  const hasAck = id !== undefined && id !== null;
  const ack = hasAck ? event[event.length - 1] : undefined;
  checkEvent(socket, event, () => {
    if (!side.handles(event[0])) return handleSoon(socket, event);
    try {
      // Wherever a middleware may have put it.
      side.deliver(socket, hasAck ? event.filter((value) => value !== ack) : event, id);
    } catch (err) {
      socket._onerror(/** @type {Error} */ (err)); // a middleware has made it what JSON cannot hold
    }
  });
}

/**
 * Takes an event that is not for handlers in C++, or was passed on by them.
 * @param {Socket} socket
 * @param {any[]} event
 * @param {boolean} isChecked whether it has passed the checks before
 */
function takePassed(socket, event, isChecked) {
  if (isChecked || socket.hasPlainEvents) handleSoon(socket, event);
  else checkEvent(socket, event, () => handleSoon(socket, event));
}

module.exports = { takeChecked, takePassed };
