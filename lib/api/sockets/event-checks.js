/**
 * What an event passes before its handlers: catch-all listeners and middlewares.
 */
'use strict';

const { runMiddlewares } = require('../base/middleware');
const { handleSoon } = require('../clients/delivery');
const { createAck } = require('./socket-acks');

/** @typedef {import('./socket').Socket} Socket */

/**
 * Calls them, and then, if they let the event pass, `done`.
 * @param {Socket} socket
 * @param {any[]} event
 * @param {() => void} done
 */
function checkEvent(socket, event, done) {
  for (const listener of socket._anyListeners.slice()) listener.apply(socket, event);
  runMiddlewares(socket._fns ?? [], event, (err) => {
    if (err) process.nextTick(() => socket._onerror(err));
    else done();
  });
}

/**
 * Takes an event of a socket whose events are checked here before handlers in C++ get theirs.
 * @param {Socket} socket
 * @param {import('../native/native-namespace').NativeNamespace} side
 * @param {any[]} event with the function that acknowledges it, where the client wants that
 * @param {number | null | undefined} id
 */
function takeChecked(socket, side, event, id) {
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
 * Takes an event that a handler in C++ has passed on.
 * @param {Socket} socket
 * @param {any[]} event its name and its arguments
 * @param {number | undefined} id present where the client wants an acknowledgement
 * @param {boolean} isChecked whether C++ has got it from here
 */
function takePassed(socket, event, id, isChecked) {
  if (id !== undefined) event.push(createAck(socket, id));
  if (isChecked || socket.hasPlainEvents) handleSoon(socket, event);
  else checkEvent(socket, event, () => handleSoon(socket, event));
}

module.exports = { checkEvent, takeChecked, takePassed };
