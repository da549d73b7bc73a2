/**
 * The servers that the suites are run against: the plain `ws` package, to prove the runner right,
 * the genuine engine.io, and ours. Each listens on a free port of the loopback interface.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');

/**
 * @typedef {object} Running
 * @property {number} port
 * @property {http.Server} http
 * @property {any} engine undefined if the subject is `ws`
 * @property {import('./wire').Wire[]} idle connections on which the next request can go
 * @property {() => Promise<void>} stop
 */

/** By name: what creates an engine with options of engine.io. */
const ENGINES = {
  'engine.io': (/** @type {any} */ opts) => new (require('engine.io').Server)(opts),
  'beast.io': (/** @type {any} */ opts) => new (require('../../../lib/engine').Engine)(opts),
};

/**
 * Starts an engine in front of an HTTP server which answers other requests with 404.
 * @param {string} name
 * @param {any} [opts] of the engine and of its `attach`
 * @param {http.ServerOptions} [httpOptions]
 * @returns {Promise<Running>}
 */
async function startEngine(name, opts = {}, httpOptions = {}) {
  const server = http.createServer({ keepAliveTimeout: 60_000, ...httpOptions }, (_, res) => {
    res.writeHead(404, { 'X-From': 'application' });
    res.end();
  });
  const engine = ENGINES[name]({ ...opts });
  engine.attach(server, opts);
  return listen(server, engine);
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
  return { port, http: server, engine, idle, stop };
}

module.exports = { startEcho, startEngine };
