/**
 * What `DEBUG=engine*` tells, in the words of engine.io, since people search for them. Sessions are watched
 * through their events, and only those that open while the log is on. Others pay nothing. What the I/O
 * threads do by themselves, above all heartbeat pings, is not told.
 */
'use strict';

const createDebug = require('debug');
const { ERRORS } = require('../http/refusals');

/** @typedef {import('../session/session').Socket} Socket */

const logEngine = createDebug('engine');
const logSocket = createDebug('engine:socket');
const logTransport = createDebug('engine:transport');
const logPolling = createDebug('engine:polling');
const logWebTransport = createDebug('engine:webtransport');
/** Those of transports, by their names. @type {Record<string, import('debug').Debugger>} */
const LOGS = {
  polling: logPolling,
  websocket: createDebug('engine:ws'),
  webtransport: logWebTransport,
};

/** The digits of packet types. @type {Record<string, string>} */
const DIGITS = { ping: '2', pong: '3', message: '4', upgrade: '5' };

/**
 * @param {string} name of the transport that brought the packet
 * @param {{ type: string, data?: unknown }} packet
 */
function logReceived(name, { type, data }) {
  const isText = data === undefined || typeof data === 'string';
  if (name === 'webtransport') LOGS[name]('received chunk: %o', { type, data });
  else LOGS[name]('received "%s"', isText ? DIGITS[type] + (data ?? '') : data);
}

/**
 * Whether steps of requests are to be told: then they must come past JavaScript, on the engine's own
 * port as well.
 */
function tellsRequests() {
  return logEngine.enabled || logPolling.enabled;
}

/**
 * Tells of a session that has opened, and of what happens to it from now on.
 * @param {Socket} session
 */
function watch(session) {
  logEngine('handshaking client "%s"', session.id);
  logSocket('readyState updated from opening to open');
  if (logSocket.enabled || LOGS[session.transportName].enabled) watchIncoming(session);
  if (logSocket.enabled) watchOutgoing(session);
}

/** @param {Socket} session */
function watchIncoming(session) {
  const former = session.transportName;
  session.on('packet', (packet) => {
    logReceived(session.transportName, packet);
    logSocket('received packet %s', packet.type);
    if (packet.type === 'pong') logSocket('got pong');
  });
  session.on('upgrading', ({ name }) => {
    logSocket('might upgrade socket transport from "%s" to "%s"', former, name);
    logReceived(name, { type: 'ping', data: 'probe' });
    logSocket('got probe ping packet, sending pong');
  });
  session.on('upgrade', ({ name }) => {
    logReceived(name, { type: 'upgrade' });
    logSocket('got upgrade packet - upgrading');
    logTransport('readyState updated from open to closing (%s)', former);
    logTransport('readyState updated from closing to closed (%s)', former);
  });
}

/** @param {Socket} session */
function watchOutgoing(session) {
  const {
    transports,
    pingInterval,
    pingTimeout,
    maxHttpBufferSize: maxPayload,
  } = session.server.opts;
  const upgrades = session.server
    .upgrades(session.transportName)
    .filter((name) => transports.includes(name));
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
  const { transportName } = session;
  logTransport(
    'readyState updated from %s to %s (%s)',
    session.readyState,
    readyState,
    transportName,
  );
}

/**
 * Tells why a request is refused.
 * @param {number} code
 * @param {any} context of the `connection_error` event; none from a `verify` of the application's
 */
function refusal(code, { name, transport, sid } = {}) {
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

module.exports = {
  logEngine,
  logPolling,
  logWebTransport,
  refusal,
  stateChange,
  tellsRequests,
  watch,
};
