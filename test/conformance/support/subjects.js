/**
 * The servers that the suites are run against, each behind several doors. They are the plain `ws` package, to
 * prove the runner right, the genuine engine.io, and ours. A subject is named after its package and its door
 * (test/support/servers/doors.js).
 *
 * Every suite is run on four doors: attached to http and to https, and the own port without and with TLS. The
 * packages are run on the former two. The kind of address matters to who accepts, to what descriptors can do
 * and to how streams end, but not to what the bytes mean. So only a cross-section of the suites is run
 * EVERYWHERE, on IPv6 and unix sockets too: handshakes, polling, upgrades, framing, closing. The costly
 * suites (limits, compression, heartbeats, splits at every byte) are not among them.
 */
'use strict';

const { once } = require('node:events');
const { passThrough } = require('./http');
const { turn } = require('./wire');
const { createHttpServer } = require('../../../lib/engine');
const {
  addressOf,
  createNodeServer,
  doorOf,
  ownPortOptions,
  placeOf,
} = require('../../support/servers/doors');

/** @typedef {import('../../support/servers/doors').Door} Door */
/** @typedef {import('node:http').Server} HttpServer */
/**
 * @typedef {object} Running
 * @property {import('../../support/servers/doors').Place} place for `Wire.open`
 * @property {HttpServer} http
 * @property {any} engine undefined if the subject is `ws`
 * @property {import('./wire').Wire[]} idle connections on which the next request can go
 * @property {() => Promise<unknown>} seen to be called before a request is written: awaits that the
 *   server has read its head
 * @property {() => Promise<void>} stop
 */

const SEPARATOR = ', ';

/** @param {string} packageName @param {string[]} doors */
const behind = (packageName, ...doors) => doors.map((door) => packageName + SEPARATOR + door);

/** Our subjects without TLS: attached to an HTTP server of Node's, and with an own port. */
const ATTACHED = 'beast.io, http';
const OWN_PORT = 'beast.io, own port';
/** The same with TLS. */
const ATTACHED_TLS = 'beast.io, https';
const OWN_PORT_TLS = 'beast.io, own port with TLS';

/** What every suite of RFC 6455 and RFC 7692 is run on besides engines. */
const WS_NAMES = Object.freeze(behind('ws', 'http', 'https'));

/** What every suite of Engine.IO is run on. */
const ENGINE_NAMES = Object.freeze([
  ...behind('engine.io', 'http', 'https'),
  ...[ATTACHED, ATTACHED_TLS, OWN_PORT, OWN_PORT_TLS],
]);

/** What the cross-section is run on: the same, and the other kinds of addresses. */
const EVERYWHERE = Object.freeze([
  ...ENGINE_NAMES,
  ...behind('engine.io', 'http on IPv6', 'http on a unix socket', 'https on a unix socket'),
  ...behind('beast.io', 'http on IPv6', 'http on a unix socket', 'https on a unix socket'),
  ...behind('beast.io', 'own port on IPv6', 'own port on a unix socket'),
  ...behind('beast.io', 'own port with TLS on IPv6', 'own port with TLS on a unix socket'),
]);

/** @param {string} subject @returns {string} */
const packageOf = (subject) => subject.split(SEPARATOR)[0];

/** @param {string} subject @returns {Door} */
const doorOfSubject = (subject) => doorOf(subject.split(SEPARATOR)[1]);

/** @param {string} subject */
const isOurs = (subject) => packageOf(subject) === 'beast.io';

/** @param {string} subject */
const hasTls = (subject) => doorOfSubject(subject).hasTls;

/**
 * Whether requests stay on the I/O threads. On unix sockets Node accepts for the own port, and only
 * where there is TLS it gives them what it has accepted.
 * @param {string} subject
 */
function isOwnPort(subject) {
  const door = doorOfSubject(subject);
  return door.isOwnPort && (door.family !== 'unix' || door.hasTls);
}

/**
 * Starts an engine in front of an HTTP server which answers other requests with 404.
 * @param {string} subject
 * @param {any} [opts] of the engine and of its `attach`
 * @param {import('node:http').ServerOptions} [httpOptions]
 * @returns {Promise<Running>}
 */
async function startEngine(subject, opts = {}, httpOptions = {}) {
  /** @type {import('node:http').RequestListener} */
  const application = (_, res) => {
    res.writeHead(404, { 'X-From': 'application' });
    res.end();
  };
  const door = doorOfSubject(subject);
  const settings = { keepAliveTimeout: 60_000, ...httpOptions };
  const engine = isOurs(subject)
    ? new (require('../../../lib/engine').Engine)({ ioThreads: 1, ...opts })
    : new (require('engine.io').Server)({ ...opts });
  const portOpts = { ...opts, ...ownPortOptions(door) };
  const server = door.isOwnPort
    ? Object.assign(createHttpServer(engine, portOpts, application), settings)
    : createNodeServer(door, settings, application);
  engine.attach(server, opts);
  const running = await listen(door, server, engine);
  // A listener would have all requests go through JavaScript: here another connection tells.
  if (isOwnPort(subject)) running.seen = () => turn().then(() => passThrough(running.place));
  return running;
}

/**
 * Starts a WebSocket server which echoes every message, on any subject.
 * @param {string} subject
 * @param {{ limit?: number, perMessageDeflate?: any }} [opts]
 * @returns {Promise<Running>}
 */
async function startEcho(subject, { limit = 1_048_576, perMessageDeflate = false } = {}) {
  if (packageOf(subject) !== 'ws') {
    // No heartbeat and no compression threshold of the engine's shall interfere.
    const opts = { pingInterval: 600_000, maxHttpBufferSize: limit, perMessageDeflate };
    const running = await startEngine(subject, opts);
    running.engine.on('connection', (/** @type {any} */ conn) => {
      conn.on('data', (/** @type {any} */ data) => conn.write(data ?? ''));
    });
    return running;
  }
  const door = doorOfSubject(subject);
  const server = createNodeServer(door, {}, (_, res) => void res.end());
  const { WebSocketServer } = require('ws');
  const echo = new WebSocketServer({ server, maxPayload: limit, perMessageDeflate });
  echo.on('connection', (client) => {
    client.on('error', () => {}); // `close` follows
    client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
  });
  return listen(door, server, undefined);
}

/**
 * @param {Door} door
 * @param {HttpServer} server
 * @param {any} engine
 * @returns {Promise<Running>}
 */
async function listen(door, server, engine) {
  server.listen(addressOf(door));
  await once(server, 'listening');
  /** @type {import('./wire').Wire[]} */
  const idle = [];
  const stop = async () => {
    for (const wire of idle) wire.destroy();
    engine?.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  const place = placeOf(door, server);
  return { place, http: server, engine, idle, seen: () => once(server, 'request'), stop };
}

module.exports = {
  ATTACHED,
  ATTACHED_TLS,
  ENGINE_NAMES,
  EVERYWHERE,
  OWN_PORT,
  OWN_PORT_TLS,
  WS_NAMES,
  hasTls,
  isOurs,
  isOwnPort,
  packageOf,
  startEcho,
  startEngine,
};
