/**
 * What went wrong in handlers in C++, as `io.native` emits it. Where nobody listens, it becomes a warning:
 * at most one a second, as clients may cause any number.
 */
'use strict';

const { codedError, warn } = require('../../errors/coded-error');

/** @typedef {import('../sockets/socket').Socket} Socket */

const WARNING_INTERVAL_MS = 1000;

/** Numbers of `beastio::socketio::Errc`. @type {Record<number, [string, string]>} */
const KINDS = {
  6: ['ERR_BEASTIO_ARGUMENTS', 'a client has sent arguments that a handler in C++ does not take'],
  11: ['ERR_BEASTIO_HANDLER', 'a handler in C++ has failed'],
  12: ['ERR_BEASTIO_SLOW_HANDLER', 'handlers in C++ have held an I/O thread up'],
};
/** @type {[string, string]} */
const OTHER = ['ERR_BEASTIO_NATIVE', 'handlers in C++'];

/**
 * @param {number} number
 * @param {string} what
 * @param {string} event
 * @param {Socket | undefined} socket
 */
function failureOf(number, what, event, socket) {
  const [code, text] = KINDS[number] ?? OTHER;
  const message = `beast.io: ${text}${event && ` ("${event}")`}: ${what}`;
  return Object.assign(codedError(code, message), { event, socket });
}

let lastWarning = -Infinity;

/**
 * @param {import('node:events').EventEmitter} emitter
 * @param {Error & { code: string }} failure
 */
function reportFailure(emitter, failure) {
  if (emitter.listenerCount('error') > 0) {
    emitter.emit('error', failure);
    return;
  }
  const now = performance.now();
  if (now - lastWarning < WARNING_INTERVAL_MS) return;
  lastWarning = now;
  warn(failure.code, failure.message);
}

module.exports = { failureOf, reportFailure };
