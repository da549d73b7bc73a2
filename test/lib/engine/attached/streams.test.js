/**
 * Connections that are no TCP connections of the HTTP server: Unix sockets, and streams that the application
 * accepted and gave to the server (`httpServer.emit('connection', stream)`).
 */
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { duplexPair } = require('node:stream');
const { WebSocket } = require('ws');
const {
  ENGINES,
  POLLING,
  WEBSOCKET,
  cleanUp,
  closers,
} = require('../../../support/rigs/engine-rig');
const { Wire, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

/** @typedef {() => import('node:stream').Duplex} Dial Opens one connection to the server. */
/**
 * @typedef {object} Rig
 * @property {any} engine
 * @property {import('node:http').Server} server
 * @property {Dial} dial
 * @property {string} [socketPath]
 */

/** An engine whose sessions echo. @param {any} EngineClass @param {any} [attachOpts] */
function startEngine(EngineClass, attachOpts) {
  const server = http.createServer((_req, res) => res.end('application'));
  const engine = new EngineClass({ maxHttpBufferSize: 2e6 });
  engine.attach(server, attachOpts);
  engine.on('connection', (/** @type {any} */ session) => {
    if (session.transport.closeTimeout) session.transport.closeTimeout = 500;
    session.on('message', (/** @type {any} */ data) => session.send(data));
  });
  closers.push(() => engine.close());
  return { engine, server };
}

/** The server listens on a path. @param {any} EngineClass @returns {Promise<Rig>} */
async function onUnixSocket(EngineClass) {
  const { engine, server } = startEngine(EngineClass);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-unix-'));
  const socketPath = path.join(folder, 'server.sock');
  server.listen(socketPath);
  await once(server, 'listening');
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
    () => fs.rmSync(folder, { recursive: true }),
  );
  return { engine, server, socketPath, dial: () => net.connect(socketPath) };
}

/** The server never listens: each connection is a pair in memory. @param {any} EngineClass @returns {Rig} */
function onDuplexPairs(EngineClass) {
  const { engine, server } = startEngine(EngineClass);
  return { engine, server, dial: () => dialPair(server) };
}

/** @param {import('node:http').Server} server */
function dialPair(server) {
  const [near, far] = duplexPair();
  closers.push(
    () => near.destroy(),
    () => far.destroy(),
  );
  server.emit('connection', near);
  return far;
}

/** Another server accepts and reads a little before it decides. @param {any} EngineClass @returns {Promise<Rig>} */
async function behindAnotherServer(EngineClass) {
  const { engine, server } = startEngine(EngineClass);
  const front = net.createServer((socket) => {
    socket.once('data', (first) => {
      server.emit('connection', socket);
      socket.unshift(first);
    });
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  closers.push(() => front.close());
  const { port } = /** @type {net.AddressInfo} */ (front.address());
  return { engine, server, dial: () => net.connect(port, '127.0.0.1') };
}

/**
 * One HTTP request on a separate connection.
 * @param {Rig} rig
 * @param {string} method
 * @param {string} target
 * @param {string} [body]
 * @returns {Promise<string>} the body of the answer
 */
function ask({ dial }, method, target, body) {
  return new Promise((resolve, reject) => {
    const createConnection = /** @type {any} */ (dial);
    const req = http.request({ method, path: target, createConnection }, async (res) => {
      let text = '';
      for await (const chunk of res) text += chunk;
      resolve(text);
    });
    req.on('error', reject);
    req.end(body);
  });
}

/**
 * A WebSocket and its messages, to be read one by one.
 * @param {Rig} rig
 * @param {string} target
 */
async function openWebSocket({ dial }, target) {
  const ws = new WebSocket(
    `ws://localhost${target}`,
    /** @type {any} */ ({
      createConnection: dial,
    }),
  );
  closers.push(() => ws.terminate());
  /** @type {any[]} */
  const messages = [];
  let wake = () => {};
  ws.on('message', (data, isBinary) => {
    messages.push(isBinary ? data : String(data));
    wake();
  });
  const next = async () => {
    while (messages.length === 0) await new Promise((resolve) => (wake = () => resolve(undefined)));
    return messages.shift();
  };
  await once(ws, 'open');
  return { ws, next };
}

/** @type {[string, (EngineClass: any) => Rig | Promise<Rig>][]} */
const KINDS = [
  ['a Unix socket', onUnixSocket],
  ['a pair of streams', onDuplexPairs],
  ['a socket that another server has accepted', behindAnotherServer],
];

describe.each(ENGINES)('%s', (name, EngineClass) => {
  describe.each(KINDS)('%s', (_kind, start) => {
    test('carries polling, and its upgrade', async () => {
      const rig = await start(EngineClass);
      const { engine } = rig;
      expect(await ask(rig, 'GET', '/other')).toBe('application');
      const opened = once(engine, 'connection');
      const { sid } = JSON.parse((await ask(rig, 'GET', POLLING)).slice(1));
      const [session] = await opened;
      const target = `${POLLING}&sid=${sid}`;
      const poll = ask(rig, 'GET', target);
      expect(await ask(rig, 'POST', target, '4hello')).toBe('ok');
      expect(await poll).toBe('4hello');

      const { ws, next } = await openWebSocket(rig, `${WEBSOCKET}&sid=${sid}`);
      ws.send('2probe');
      expect(await next()).toBe('3probe');
      const upgraded = once(session, 'upgrade');
      ws.send('5');
      await upgraded;
      expect(session.transport.name).toBe('websocket');
      ws.send('4moved');
      expect(await next()).toBe('4moved');
      const gone = once(ws, 'close');
      session.close();
      expect((await gone)[0]).toBe(1005);
      expect(engine.clientsCount).toBe(0);
    });

    test('carries a WebSocket from the start, large messages too', async () => {
      const rig = await start(EngineClass);
      const opened = once(rig.engine, 'connection');
      const { ws, next } = await openWebSocket(rig, WEBSOCKET);
      const [session] = await opened;
      expect(JSON.parse((await next()).slice(1)).sid).toBe(session.id);
      const large = Buffer.alloc(1_500_000, 'beast');
      ws.send(large);
      ws.send('4after');
      expect(large.equals(await next())).toBe(true);
      expect(await next()).toBe('4after');
      const gone = once(ws, 'close');
      session.close();
      expect((await gone)[0]).toBe(1005);
      expect(rig.engine.clientsCount).toBe(0);
    });

    test('refuses upgrades', async () => {
      const rig = await start(EngineClass);
      const wire = new Wire(/** @type {any} */ (rig.dial()));
      wire.write(upgradeText('/engine.io/?EIO=4&transport=none'));
      await wire.until(({ text }) => text.endsWith('\r\n\r\nTransport unknown'));
      expect(wire.text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      wire.socket.destroy();
    });
  });

  test('the URL of a Unix socket that ws knows', async () => {
    const { engine, socketPath } = await onUnixSocket(EngineClass);
    const opened = once(engine, 'connection');
    const ws = new WebSocket(`ws+unix:${socketPath}:${WEBSOCKET}`);
    closers.push(() => ws.terminate());
    const [[session]] = await Promise.all([opened, once(ws, 'open')]);
    expect(session.remoteAddress).toBeUndefined();
    expect(session.request.headers.host).toBe('localhost');
  });

  test('a Unix socket counts as a connection of its server', async () => {
    const rig = await onUnixSocket(EngineClass);
    const { ws } = await openWebSocket(rig, WEBSOCKET);
    const count = await new Promise((resolve, reject) => {
      rig.server.getConnections((err, connections) => (err ? reject(err) : resolve(connections)));
    });
    expect(count).toBe(1);
    const drained = once(rig.server, 'close');
    rig.server.close();
    ws.close();
    await drained;
  });

  test('a stream that does not count its bytes is left to the engine that took it', async () => {
    const { engine, server } = startEngine(EngineClass, { destroyUpgradeTimeout: 1 });
    const second = new EngineClass();
    second.attach(server, { path: '/second', destroyUpgradeTimeout: 1 });
    closers.push(() => second.close());
    const rig = { engine, server, dial: () => dialPair(server) };
    const { ws, next } = await openWebSocket(rig, WEBSOCKET);
    await next();
    await new Promise((resolve) => setTimeout(resolve, 20)); // the second's time out is over
    ws.send('4still there');
    expect(await next()).toBe('4still there');
    expect(second.clientsCount).toBe(0);
  });

  test('the connection of a Unix socket outlives the one of Node', async () => {
    const rig = await onUnixSocket(EngineClass);
    const upgraded = once(rig.server, 'upgrade');
    const { ws, next } = await openWebSocket(rig, WEBSOCKET);
    const [, socket] = await upgraded;
    await next();
    // Handed over by its descriptor; the socket is kept for the listener of `upgrade`.
    expect(socket._handle.fd === -1).toBe(name === 'beast.io');
    ws.send('4alive');
    expect(await next()).toBe('4alive');
  });
});
