'use strict';

/**
 * An application that serves by what it has installed as beast.io. It prints where, and whether the native engine
 * does it, or why it does not start. It ends with its standard input.
 */

const { Server } = require('beast.io');
const { Engine } = require('beast.io/engine');

/** @returns {any} */
function start() {
  try {
    return new Server(0);
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    console.log(JSON.stringify({ code, message }));
    return undefined;
  }
}

const io = start();
if (io !== undefined) {
  io.on('connection', (/** @type {any} */ socket) => {
    socket.on('echo', (/** @type {any} */ value, /** @type {any} */ answer) => answer(value));
  });
  const tell = () => {
    const { port } = io.httpServer.address();
    console.log(JSON.stringify({ port, isNative: io.engine instanceof Engine }));
  };
  if (io.httpServer.listening) tell();
  else io.httpServer.once('listening', tell);
  process.stdin.on('end', () => io.close()).resume();
}
