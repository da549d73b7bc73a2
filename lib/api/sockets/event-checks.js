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

module.exports = { checkEvent, takePassed };
