/**
 * Connection state recovery over a Redis stream. A client comes back to another server than the one it was
 * on, and gets what it has missed. Each step on the genuine package and on ours.
 */
'use strict';

const { once } = require('node:events');
const { createClient } = require('redis');
const { createAdapter } = require('@socket.io/redis-streams-adapter');
const { io: connect } = require('socket.io-client');
const { startRedis } = require('../support/servers/redis');
const { eventOf, until } = require('./support/scenario');

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/**
 * A server with a stream of this name.
 * @param {any} Server
 * @param {string} streamName
 * @param {object} options
 */
async function startServer(Server, streamName, options) {
  const client = createClient({ url: `redis://127.0.0.1:${redis.port}` });
  await client.connect();
  closers.push(() => client.close());
  const io = new Server(0, {
    adapter: createAdapter(client, { streamName, channelPrefix: streamName, blockTimeInMs: 50 }),
    connectionStateRecovery: { maxDisconnectionDuration: 60_000 },
    ...options,
  });
  closers.push(() => io.close());
  return { io, url: `http://127.0.0.1:${io.httpServer.address().port}` };
}

test.each([
  ['socket.io', 'websocket', {}],
  ['socket.io', 'polling', {}],
  ['../../lib', 'websocket', {}],
  ['../../lib', 'polling', {}],
  ['../../lib', 'websocket', { recoverWithoutLoss: true }],
  ['../../lib', 'polling', { recoverWithoutLoss: true }],
])('%s: a client moves by %s and misses nothing (%j)', async (module, transport, options) => {
  const { Server } = require(module);
  const streamName = `${module} ${transport} ${Object.keys(options)}`;
  const [first, second] = [
    await startServer(Server, streamName, options),
    await startServer(Server, streamName, options),
  ];
  await until(async () => (await first.io.of('/').adapter.serverCount()) === 2);

  // A client that is led to the other server when it comes back.
  const client = connect(first.url, {
    transports: [transport],
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 100,
  });
  closers.push(() => client.disconnect());
  /** @type {any[]} */
  const received = [];
  client.on('m', (...args) => args[0] !== 'begin' && received.push(args));
  const [socket] = await once(first.io, 'connection');
  socket.join('room');
  socket.data = { name: 'ann' };
  const begun = eventOf(client, 'm');
  await until(async () => {
    second.io.to('room').emit('m', 'begin'); // until both servers read the stream
    return Promise.race([
      begun.then(() => true),
      new Promise((resolve) => setTimeout(resolve, 50)),
    ]);
  });
  const { id } = socket;
  client.io.uri = second.url;
  client.io.engine.close();
  await once(socket, 'disconnect');

  received.length = 0;
  first.io.to('room').emit('m', 1, Buffer.from('bytes'));
  second.io.to('elsewhere').emit('m', 'not for it');
  first.io.except('room').emit('m', 'not for it');
  first.io.volatile.emit('m', 2);
  second.io.to(id).emit('m', 3);
  const [moved] = await once(second.io, 'connection');
  await until(async () => client.connected);
  expect(client.recovered).toBe(true);
  expect(moved).toMatchObject({ id, recovered: true, data: { name: 'ann' } });
  expect([...moved.rooms].sort()).toEqual([id, 'room'].sort());

  moved.emit('m', 4);
  await until(async () => received.length >= 4);
  first.io.to('room').emit('m', 5);
  await until(async () => received.length >= 5);
  expect(received.map(([value]) => value)).toEqual([1, 2, 3, 4, 5]);
  expect(Buffer.isBuffer(received[0][1])).toBe(true);
  // Nobody else can come back by the same secret.
  const again = await second.io
    .of('/')
    .adapter.restoreSession(moved.pid, '1-1')
    .catch(() => 'gone');
  expect(again).toBe('gone');
});
