/**
 * The servers that the suites are run against: the plain `ws` package, to prove the runner right,
 * the genuine engine.io, and ours. Each listens on a free port of the loopback interface.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const { formatRequest } = require('./http');
const { Wire, turn } = require('./wire');
const { createHttpServer } = require('../../../lib/engine');

/**
 * @typedef {object} Running
 * @property {number} port
 * @property {http.Server} http
 * @property {any} engine undefined if the subject is `ws`
 * @property {import('./wire').Wire[]} idle connections on which the next request can go
 * @property {() => Promise<unknown>} seen to be called before a request is written: awaits that the
 *   server has read its head
 * @property {() => Promise<void>} stop
 */

/** Our subjects: attached to an HTTP server of Node's, and with a port of its own. */
const ATTACHED = 'beast.io';
const OWN_PORT = 'beast.io on its own port';

/** What every suite of Engine.IO is run on. */
const ENGINE_NAMES = Object.freeze(['engine.io', ATTACHED, OWN_PORT]);

/**
 * @param {string} name
 * @returns {boolean} whether the subject is ours
 */
const isOurs = (name) => name === ATTACHED || name === OWN_PORT;

/**
 * Starts an engine in front of an HTTP server which answers other requests with 404.
 * @param {string} name
 * @param {any} [opts] of the engine and of its `attach`
 * @param {http.ServerOptions} [httpOptions]
 * @returns {Promise<Running>}
 */
async function startEngine(name, opts = {}, httpOptions = {}) {
  /** @type {http.RequestListener} */
  const application = (_, res) => {
    res.writeHead(404, { 'X-From': 'application' });
    res.end();
  };
  const settings = { keepAliveTimeout: 60_000, ...httpOptions };
  const engine = isOurs(name)
    ? new (require('../../../lib/engine').Engine)({ ioThreads: 1, ...opts })
    : new (require('engine.io').Server)({ ...opts });
  const server =
    name === OWN_PORT
      ? Object.assign(createHttpServer(engine, opts, application), settings)
      : http.createServer(settings, application);
  engine.attach(server, opts);
  const running = await listen(server, engine);
  // A listener would have all requests go through JavaScript: here another connection tells.
  if (name === OWN_PORT) running.seen = () => turn().then(() => passThrough(running.port));
  return running;
}

/**
 * Asks for what is the application's. The one I/O thread has read by then what was written before.
 * @param {number} port
 */
async function passThrough(port) {
  const wire = await Wire.open(port);
  await wire.write(formatRequest('GET', '/elsewhere', { Connection: 'close' }));
  await wire.takeAll();
  wire.destroy();
}

/**
 * Starts a WebSocket server which echoes every message, on any subject.
 * @param {string} name
 * @param {{ limit?: number, perMessageDeflate?: any }} [opts]
 * @returns {Promise<Running>}
 */
async function startEcho(name, { limit = 1_048_576, perMessageDeflate = false } = {}) {
  if (name !== 'ws') {
    // No heartbeat and no compression threshold of the engine's shall interfere.
    const opts = { pingInterval: 600_000, maxHttpBufferSize: limit, perMessageDeflate };
    const running = await startEngine(name, opts);
    running.engine.on('connection', (/** @type {any} */ conn) => {
      conn.on('data', (/** @type {any} */ data) => conn.write(data ?? ''));
    });
    return running;
  }
  const server = http.createServer();
  const { WebSocketServer } = require('ws');
  const echo = new WebSocketServer({ server, maxPayload: limit, perMessageDeflate });
  echo.on('connection', (client) => {
    client.on('error', () => {}); // `close` follows
    client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
  });
  return listen(server, undefined);
}

/**
 * @param {http.Server} server
 * @param {any} engine
 * @returns {Promise<Running>}
 */
async function listen(server, engine) {
  server.listen(0, '127.0.0.1');
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
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { port, http: server, engine, idle, seen: () => once(server, 'request'), stop };
}

module.exports = { ATTACHED, ENGINE_NAMES, OWN_PORT, isOurs, startEcho, startEngine };
