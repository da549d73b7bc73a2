/**
 * The events that an own port with TLS has and an http.Server has not. Failed handshakes are told as Node's
 * https.Server tells them. Events that the port cannot have are refused by name.
 */
'use strict';

const { codedError } = require('../../errors/coded-error');
const { DetachedSocket } = require('../session/detached-socket');
const { HANDSHAKE_FAILURE } = require('../wire/layout');

const ON_IO_THREADS = 'TLS runs on I/O threads, which cannot wait for JavaScript';
/** Events of Node's tls.Server that never come, with what to do instead. @type {Record<string, string>} */
const ABSENT = Object.freeze({
  keylog: `${ON_IO_THREADS}; let the client write its keys down, or attach to an https.Server`,
  newSession: `${ON_IO_THREADS}; processes share sessions by "tls.ticketKeys"`,
  resumeSession: `${ON_IO_THREADS}; processes share sessions by "tls.ticketKeys"`,
  OCSPRequest: `${ON_IO_THREADS}; to staple OCSP answers attach to an https.Server`,
});

/**
 * @param {string | symbol} event that is about to be listened to
 * @throws {Error} with code `ERR_BEASTIO_TLS` if it would never come
 */
function checkEvent(event) {
  const reason = typeof event === 'string' && Object.hasOwn(ABSENT, event) && ABSENT[event];
  if (!reason) return;
  const text = `the event "${event}" does not exist on the engine's own port: ${reason}`;
  throw codedError('ERR_BEASTIO_TLS', text);
}

/**
 * @typedef {object} FailedHandshake
 * @property {number} cause
 * @property {string} address of the client; empty: unknown
 * @property {number} port of the client
 * @property {string} error OpenSSL's words: "error:<number>:<library>:<function>:<reason>"
 */

/**
 * The arguments of `tlsClientError`.
 * @param {FailedHandshake} failed
 * @returns {[Error, DetachedSocket]} the socket is gone, and tells whose it was
 */
function tlsClientError({ cause, address, port, error }) {
  const socket = new DetachedSocket(address ? { remoteAddress: address, remotePort: port } : {});
  Object.assign(socket, { encrypted: true, destroyed: true });
  return [handshakeError(cause, error), socket];
}

/**
 * @param {number} cause
 * @param {string} text
 */
function handshakeError(cause, text) {
  if (cause === HANDSHAKE_FAILURE.TOO_LATE) {
    return Object.assign(new Error('TLS handshake timeout'), { code: 'ERR_TLS_HANDSHAKE_TIMEOUT' });
  }
  if (cause === HANDSHAKE_FAILURE.GONE) {
    return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  }
  const [, , library, , reason = ''] = text.split(':');
  const code = `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
  return Object.assign(new Error(text), { library, reason, code });
}

module.exports = { checkEvent, tlsClientError };
