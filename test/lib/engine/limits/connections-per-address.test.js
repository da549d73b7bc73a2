/**
 * The limit of connections of one address to the own port. A connection beyond it is closed before anything is
 * read from it. Those of other addresses, and those who are there, notice nothing.
 */
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const tls = require('node:tls');
const { once } = require('node:events');
const { Server } = require('../../../../lib');
const { Engine } = require('../../../../lib/engine');
const { cleanUp, closers, startOn } = require('../../../support/rigs/door-rig');
const { requestText, upgradeText } = require('../../../support/clients/wire');

const POLLING = requestText('GET', '/socket.io/?EIO=4&transport=polling');
const WEBSOCKET = upgradeText('/socket.io/?EIO=4&transport=websocket');
const OTHER = requestText('GET', '/other');

afterEach(cleanUp);

/**
 * A server that closes no connection for its silence, however busy the machine is.
 * @param {string} doorName
 * @param {object} [options]
 * @param {(io: any) => void} [prepare]
 */
async function start(doorName, options, prepare) {
  const started = await startOn(Server, doorName, options, prepare);
  started.io.httpServer.keepAliveTimeout = 120_000;
  return started;
}

/**
 * Connects and asks. Resolves with the status, or with `closed`.
 * @param {import('../../../support/servers/doors').Place} place
 * @param {{ localAddress?: string, text?: string }} [how]
 */
async function ask({ ca, ...place }, { localAddress, text = POLLING } = {}) {
  const options = { ...place, localAddress };
  const socket = ca
    ? tls.connect({ ...options, ca, servername: 'localhost' })
    : net.connect(options);
  closers.push(() => socket.destroy());
  socket.on('error', () => {}); // of those that are closed, here and there
  socket.write(text);
  const status = await new Promise((resolve) => {
    socket.once('data', (data) => resolve(Number(String(data).slice(9, 12))));
    socket.once('close', () => resolve('closed'));
  });
  return { socket, status };
}

/**
 * The statuses of so many connections, which stay open.
 * @param {import('../../../support/servers/doors').Place} place
 * @param {number} count
 * @param {{ localAddress?: string, text?: string }} [how]
 */
async function connect(place, count, how) {
  const statuses = [];
  for (let i = 0; i < count; i += 1) statuses.push((await ask(place, how)).status);
  return statuses;
}

/**
 * Asks again on a connection. Resolves with the status.
 * @param {import('node:net').Socket} socket
 * @param {string} text
 */
async function askAgain(socket, text) {
  socket.write(text);
  const [data] = await once(socket, 'data');
  return Number(String(data).slice(9, 12));
}

/**
 * Looks, between turns of the event loop, until the server has so many connections.
 * @param {any} io
 * @param {number} count
 */
async function connectionsLeft(io, count) {
  while (io.httpServer._connections !== count) await new Promise(setImmediate);
}

/** @param {any} io */
const connectionsOf = (io) => io.engine.stats().connections.open;

describe.each([
  ['own port', 1],
  ['own port', 3],
  ['own port with TLS', 1],
])('on the %s with %d threads', (doorName, ioThreads) => {
  test('one connection more is closed, and told of', async () => {
    const options = { maxConnectionsPerAddress: 3, ioThreads };
    const { io, place } = await start(doorName, options);
    const told = once(io.engine, 'limit');
    expect(await connect(place, 2)).toEqual([200, 200]);
    const { socket: client, status } = await ask(place, { text: WEBSOCKET });
    expect(status).toBe(101);
    expect(await connect(place, 1)).toEqual(['closed']);
    expect(await told).toEqual([
      { limit: 'maxConnectionsPerAddress', count: 1, address: '::ffff:127.0.0.1', id: undefined },
    ]);
    expect(await connect(place, 1, { text: WEBSOCKET })).toEqual(['closed']);
    expect(io.engine.stats().limited.maxConnectionsPerAddress).toBe(2);
    expect(connectionsOf(io)).toBe(3);

    // Another address has its own count.
    expect(await connect(place, 4, { localAddress: '127.0.0.2' })).toEqual([
      200,
      200,
      200,
      'closed',
    ]);

    // A WebSocket counts until it is gone.
    const [sid] = Object.keys(io.engine.clients).slice(2);
    const gone = once(io.engine.clients[sid], 'close');
    client.destroy();
    await gone;
    expect(await connect(place, 2)).toEqual([200, 'closed']);
  });

  test('connections that Node serves count until they end', async () => {
    const { io, place } = await start(doorName, {
      maxConnectionsPerAddress: 2,
      ioThreads,
    });
    const { socket: first, status } = await ask(place, { text: OTHER });
    expect(status).toBe(404);
    const { socket: second } = await ask(place, { text: OTHER });
    expect(await connect(place, 2)).toEqual(['closed', 'closed']);
    expect(await connect(place, 1, { localAddress: '127.0.0.2', text: OTHER })).toEqual([404]);

    first.destroy();
    await connectionsLeft(io, 2);
    expect(await connect(place, 2, { text: OTHER })).toEqual([404, 'closed']);

    // A WebSocket on such a connection is taken back by an I/O thread.
    const opened = once(io.engine, 'connection');
    expect(await askAgain(second, WEBSOCKET)).toBe(101);
    const [conn] = await opened;
    expect(await connect(place, 1)).toEqual(['closed']);
    const gone = once(conn, 'close');
    second.destroy();
    await gone;
    await connectionsLeft(io, 2);
    expect(await connect(place, 2)).toEqual([200, 'closed']);
  });

  test('nor are they forgotten where somebody looks at all of them', async () => {
    const { io, place } = await start(
      doorName,
      { maxConnectionsPerAddress: 2, ioThreads },
      ({ httpServer }) => httpServer.on('connection', () => {}),
    );
    expect(await connect(place, 1)).toEqual([200]);
    const opened = once(io.engine, 'connection');
    const { socket, status } = await ask(place, { text: WEBSOCKET });
    expect(status).toBe(101);
    const [conn] = await opened;
    expect(await connect(place, 1)).toEqual(['closed']);
    const gone = once(conn, 'close');
    socket.destroy();
    await gone;
    await connectionsLeft(io, 1);
    expect(await connect(place, 2)).toEqual([200, 'closed']);
  });

  test('a thousand of them harm nobody', async () => {
    const { io, place } = await start(doorName, {
      maxConnectionsPerAddress: 2,
      ioThreads,
    });
    expect(await connect(place, 2)).toEqual([200, 200]);
    for (let i = 0; i < 20; i += 1) {
      const fifty = Array.from({ length: 50 }, () => ask(place));
      for (const { status } of await Promise.all(fifty)) expect(status).toBe('closed');
    }
    expect(await connect(place, 1, { localAddress: '127.0.0.3' })).toEqual([200]);
    expect(io.engine.stats().limited.maxConnectionsPerAddress).toBe(1000);
    expect(connectionsOf(io)).toBe(3);
  });
});

test('a connection that changes its thread goes on counting', async () => {
  const { io, place } = await start('own port', {
    maxConnectionsPerAddress: 3,
    ioThreads: 3,
  });
  const opened = once(io.engine, 'connection');
  expect(await connect(place, 1)).toEqual([200]);
  const [{ id }] = await opened;
  const text = requestText('POST', `/socket.io/?EIO=4&transport=polling&sid=${id}`, {}, '3');
  expect(await connect(place, 2, { text })).toEqual([200, 200]);
  expect(await connect(place, 1)).toEqual(['closed']);
});

test('a trusted proxy may have more', async () => {
  const { place } = await start('own port', {
    maxConnectionsPerAddress: 1,
    trustedProxies: ['127.0.0.2'],
  });
  expect(await connect(place, 3, { localAddress: '127.0.0.2' })).toEqual([200, 200, 200]);
  expect(await connect(place, 2)).toEqual([200, 'closed']);
});

test('a unix socket has no address, and no limit', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-'));
  closers.push(() => fs.rmSync(folder, { recursive: true }));
  const place = { path: path.join(folder, 'socket') };
  const io = new Server({ maxConnectionsPerAddress: 1 });
  closers.push(() => io.close());
  io.listen(place);
  await once(io.httpServer, 'listening');
  expect(await connect(place, 3)).toEqual([200, 200, 200]);
});

test('it is changed while the server runs: those who came before count for nothing', async () => {
  const { io, place } = await start('own port');
  expect(await connect(place, 3)).toEqual([200, 200, 200]);
  io.engine.opts.maxConnectionsPerAddress = 2;
  expect(await connect(place, 3)).toEqual([200, 200, 'closed']);
  io.engine.opts.maxConnectionsPerAddress = undefined;
  expect(await connect(place, 2)).toEqual([200, 200]);
});

test('it must make sense', () => {
  for (const value of [-1, 0, 1.5]) {
    const make = () => new Engine({ maxConnectionsPerAddress: value });
    expect(make).toThrow(RangeError);
    expect(make).toThrow('maxConnectionsPerAddress');
  }
  expect(() => new Engine({ maxConnectionsPerAddress: '2' })).toThrow(TypeError);
});
