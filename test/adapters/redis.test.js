/**
 * The adapters of socket.io's makers over a real Redis, with both client libraries: two servers of
 * ours behave as two genuine ones do.
 */
'use strict';

const { Redis } = require('ioredis');
const { createClient } = require('redis');
const { createAdapter, createShardedAdapter } = require('@socket.io/redis-adapter');
const { createAdapter: createStreamsAdapter } = require('@socket.io/redis-streams-adapter');
const { Emitter } = require('@socket.io/redis-emitter');
const { startRedis } = require('../support/servers/redis');
const { createMember } = require('./support/member');
const { eventOf, openClient, play, until, untilTimersEnd } = require('./support/scenario');

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => Promise.all([redis.stop(), untilTimersEnd()]));

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const SUBJECTS = ['socket.io', '../../lib'];

/** Connections to Redis, by the library they are made with. */
const CONNECT = {
  async redis() {
    const client = createClient({ url: `redis://127.0.0.1:${redis.port}` });
    client.on('error', () => {}); // when Redis ends before it
    await client.connect();
    closers.push(() => client.close());
    return client;
  },
  async ioredis() {
    const client = new Redis(redis.port, '127.0.0.1');
    closers.push(() => client.quit());
    return client;
  },
};

/** Adapters, from connections to Redis and a prefix for all names in it. */
const CREATE = {
  'redis-adapter': (pub, sub, prefix) => createAdapter(pub, sub, { key: prefix }),
  'sharded redis-adapter': (pub, sub, prefix) =>
    createShardedAdapter(pub, sub, { channelPrefix: prefix }),
  'redis-streams-adapter': (pub, _sub, prefix) =>
    createStreamsAdapter(pub, { streamName: prefix, channelPrefix: prefix, blockTimeInMs: 50 }),
};

let clusters = 0;

/**
 * Two servers that share an adapter.
 * @param {string} module
 * @param {keyof typeof CREATE} kind
 * @param {keyof typeof CONNECT} library
 */
async function startCluster(module, kind, library) {
  const { Server } = require(module);
  const prefix = `cluster${++clusters}`;
  const urls = {};
  const members = {};
  for (const name of ['A', 'B']) {
    const [pub, sub] = [await CONNECT[library](), await CONNECT[library]()];
    const io = new Server(0, { adapter: CREATE[kind](pub, sub, prefix) });
    closers.push(() => io.close());
    urls[name] = `http://127.0.0.1:${io.httpServer.address().port}`;
    members[name] = createMember(io, name);
  }
  return {
    prefix,
    urls,
    run: async (name, action, ...args) => members[name].actions[action](...args),
  };
}

test.each([
  ['redis-adapter', 'redis'],
  ['redis-adapter', 'ioredis'],
  ['sharded redis-adapter', 'redis'],
  ['sharded redis-adapter', 'ioredis'],
  ['redis-streams-adapter', 'redis'],
  ['redis-streams-adapter', 'ioredis'],
])('%s with %s', async (kind, library) => {
  const [genuine, ours] = await Promise.all(
    SUBJECTS.map(async (module) => play(await startCluster(module, kind, library))),
  );
  expect(genuine.length).toBeGreaterThan(50);
  expect(ours).toEqual(genuine);
});

/**
 * What the clients of two servers get from a process that is none.
 * @param {string} module
 */
async function playEmitter(module) {
  const cluster = await startCluster(module, 'redis-adapter', 'redis');
  const { prefix, run } = cluster;
  const emitter = new Emitter(await CONNECT.redis(), { key: prefix }).of('/n');
  await until(async () => (await run('A', 'serverCount')) === 2);
  const received = {};
  const clients = {};
  for (const [as, home] of [
    ['a', 'A'],
    ['b', 'B'],
  ]) {
    received[as] = [];
    clients[as] = await openClient(cluster, home, as, 'websocket');
    clients[as].on('m', (...args) => received[as].push(args));
  }
  const settle = async () => {
    const all = Promise.all(Object.values(clients).map((client) => eventOf(client, 'settle')));
    emitter.emit('settle');
    await all;
  };
  emitter.emit('m', 'all', Buffer.from('bytes'));
  emitter.serverSideEmit('hello', 'from outside');
  emitter.socketsJoin(['red', 'blue']);
  await settle();
  emitter.to('red').emit('m', 'red');
  emitter.to(['red', 'blue']).emit('m', 'once');
  emitter.except('red').emit('m', 'not for red');
  emitter.in('blue').socketsLeave('red');
  await settle();
  emitter.to('red').emit('m', 'nobody');
  emitter.compress(false).emit('m', 'uncompressed');
  await settle();
  const left = Promise.all(Object.values(clients).map((client) => eventOf(client, 'disconnect')));
  emitter.disconnectSockets(true);
  return { received, heard: [await run('A', 'heard'), await run('B', 'heard')], left: await left };
}

test('redis-emitter', async () => {
  const [genuine, ours] = await Promise.all(SUBJECTS.map(playEmitter));
  expect(genuine.received.a.map(([text]) => text)).toEqual(['all', 'red', 'once', 'uncompressed']);
  expect(ours).toEqual(genuine);
});
