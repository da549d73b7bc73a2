/**
 * Engines of both kinds behind an HTTP server on a free port, for one test each; `cleanUp()` closes
 * all. What a test claims of ENGINES it claims of the genuine package as well.
 */
'use strict';

const http = require('node:http');
const { once } = require('node:events');
const { Engine } = require('../../../lib/engine');
const { Wire, frame, requestText, upgradeText } = require('../clients/wire');

/** @type {[string, any][]} */
const ENGINES = [
  ['engine.io', require('engine.io').Server],
  ['beast.io', Engine],
];

/** @type {(() => unknown)[]} */
const closers = [];

/**
 * An engine in front of a server whose other paths answer "application".
 * @param {any} EngineClass
 * @param {any} [opts]
 * @param {any} [attachOpts]
 */
async function startEngine(EngineClass, opts = {}, attachOpts = {}) {
  const server = http.createServer((_req, res) => res.end('application'));
  const engine = new EngineClass({ ...opts });
  engine.attach(server, attachOpts);
  // The genuine engine waits 30 seconds for polls that do not come, and keeps the process running.
  engine.on('connection', (/** @type {any} */ { transport }) => {
    if (transport.closeTimeout) transport.closeTimeout = 500;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    engine.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { engine, server, port };
}

/**
 * A connection to a port; closed after the test.
 * @param {number} port
 */
async function openWire(port) {
  const wire = await Wire.connect(port);
  closers.push(() => wire.socket.destroy());
  return wire;
}

/**
 * Sends one request on a separate connection and returns all that comes back until its end.
 * @param {number} port
 * @param {string} method
 * @param {string} target
 * @param {Record<string, string>} [headers]
 * @param {string} [body]
 */
async function ask(port, method, target, headers, body) {
  const wire = await openWire(port);
  wire.write(requestText(method, target, { Connection: 'close', ...headers }, body));
  await wire.until(({ ended }) => ended);
  wire.socket.end();
  const [head, ...rest] = wire.text.split('\r\n\r\n');
  const [status, ...lines] = head.split('\r\n');
  return { status, lines: lines.filter((line) => !line.startsWith('Date')), body: rest.join('\n') };
}

const POLLING = '/engine.io/?EIO=4&transport=polling';
const WEBSOCKET = '/engine.io/?EIO=4&transport=websocket';

/**
 * Opens a session over polling.
 * @param {number} port
 * @returns {Promise<string>} its sid
 */
async function openPolling(port) {
  const answer = await ask(port, 'GET', POLLING);
  return JSON.parse(answer.body.slice(1)).sid;
}

/** Resolves when a condition holds that no event tells of. @param {() => unknown} condition */
async function eventually(condition) {
  while (!(await condition())) await new Promise(setImmediate);
}

/**
 * Opens a session over a raw WebSocket, and waits until both sides know it.
 * @param {{ engine: any, port: number }} rig
 * @param {Record<string, string>} [headers]
 */
async function openWebSocket({ engine, port }, headers) {
  const wire = await openWire(port);
  wire.write(upgradeText(WEBSOCKET, headers));
  const [open] = await wire.framesUpTo(1);
  const { sid } = JSON.parse(open.payload.slice(1));
  await eventually(() => engine.clients[sid]);
  return {
    wire,
    sid,
    session: engine.clients[sid],
    say: (/** @type {any} */ data) => wire.write(frame(data)),
  };
}

/** Keeps this thread from doing anything else. @param {number} ms */
const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Closes everything that was opened. */
async function cleanUp() {
  await Promise.all(closers.splice(0).map((close) => close()));
}

/** The session that is opened next, with what it tells. @param {any} engine */
async function nextSession(engine) {
  const [session] = await once(engine, 'connection');
  session.messages = [];
  session.on('message', (/** @type {any} */ data) => session.messages.push(data));
  session.closed = once(session, 'close');
  return session;
}

module.exports = {
  ENGINES,
  Engine,
  POLLING,
  WEBSOCKET,
  ask,
  block,
  cleanUp,
  closers,
  eventually,
  nextSession,
  openPolling,
  openWebSocket,
  openWire,
  startEngine,
};
