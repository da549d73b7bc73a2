/**
 * What `DEBUG=engine*` tells, in the words of engine.io, since people search for them. Sessions are
 * watched through their own events, and only those that open while the log is on: others pay nothing.
 * What the I/O threads do by themselves, above all heartbeat pings, is not told.
 */
'use strict';

const createDebug = require('debug');
const { ERRORS } = require('./refusals');

/** @typedef {import('./socket').Socket} Socket */

const logEngine = createDebug('engine');
const logSocket = createDebug('engine:socket');
const logTransport = createDebug('engine:transport');
const logPolling = createDebug('engine:polling');
const logWebSocket = createDebug('engine:ws');

/** The digits of packet types that sessions tell of. @type {Record<string, string>} */
const DIGITS = { message: '4', pong: '3' };

/** @param {Socket} session */
const logOf = (session) => (session.isPolling ? logPolling : logWebSocket);

/**
 * Tells of a session that has opened, and of what happens to it from now on.
 * @param {Socket} session
 */
function watch(session) {
  logEngine('handshaking client "%s"', session.id);
  logSocket('readyState updated from opening to open');
  if (logSocket.enabled || logOf(session).enabled) watchIncoming(session);
  if (logSocket.enabled) watchOutgoing(session);
}

/** @param {Socket} session */
function watchIncoming(session) {
  session.on('packet', ({ type, data }) => {
    const isText = data === undefined || typeof data === 'string';
    logOf(session)('received "%s"', isText ? DIGITS[type] + (data ?? '') : data);
    logSocket('received packet %s', type);
    if (type === 'pong') logSocket('got pong');
  });
  session.on('upgrading', () => {
    logSocket('might upgrade socket transport from "polling" to "websocket"');
    logWebSocket('received "2probe"');
    logSocket('got probe ping packet, sending pong');
  });
  session.on('upgrade', () => {
    logWebSocket('received "5"');
    logSocket('got upgrade packet - upgrading');
    logTransport('readyState updated from open to closing (polling)');
    logTransport('readyState updated from closing to closed (polling)');
  });
}

/** @param {Socket} session */
function watchOutgoing(session) {
  const { pingInterval, pingTimeout, maxHttpBufferSize: maxPayload } = session.server.opts;
  const upgrades = session.isPolling ? session.server.upgrades('polling') : [];
  const handshake = { sid: session.id, upgrades, pingInterval, pingTimeout, maxPayload };
  logSocket('sending packet "open" (%s)', JSON.stringify(handshake));
  session.on('packetCreate', ({ type, data }) => logSocket('sending packet "%s" (%s)', type, data));
  session.on('flush', () => logSocket('flushing buffer to transport'));
  session.on('drain', () => logSocket('executing batch send callback'));
}

/**
 * Tells of a session that closes or has closed.
 * @param {Socket} session
 * @param {string} readyState what it is about to be
 */
function stateChange(session, readyState) {
  logSocket('readyState updated from %s to %s', session.readyState, readyState);
  const name = session.isPolling ? 'polling' : 'websocket';
  logTransport('readyState updated from %s to %s (%s)', session.readyState, readyState, name);
}

/**
 * Tells why a request is refused.
 * @param {number} code
 * @param {any} context of the `connection_error` event
 */
function refusal(code, { name, transport, sid }) {
  if (code === ERRORS.UNKNOWN_TRANSPORT) logEngine('unknown transport "%s"', transport);
  else if (code === ERRORS.UNKNOWN_SID) logEngine('unknown sid "%s"', sid);
  else if (code === ERRORS.UNSUPPORTED_PROTOCOL_VERSION) logEngine('unsupported protocol version');
  else if (name in REFUSALS) logEngine(REFUSALS[name]);
}

/** By the name of the context. @type {Record<string, string>} */
const REFUSALS = {
  INVALID_ORIGIN: 'origin header invalid',
  TRANSPORT_MISMATCH: 'bad request: unexpected transport without upgrade',
  PROTOCOL_MISMATCH: 'bad request: unexpected protocol version during upgrade',
  TRANSPORT_HANDSHAKE_ERROR: 'invalid transport upgrade',
  ID_GENERATION_ERROR: 'error while generating an id',
};

module.exports = { logEngine, logPolling, refusal, stateChange, watch };
