/**
 * What C++ asks of many sockets in a cluster: those of the other server, which has handlers in JavaScript only,
 * answer as well.
 */
'use strict';

const { createAdapter: createRedisAdapter } = require('@socket.io/redis-adapter');
const { Redis } = require('ioredis');
const { createAdapter } = require('../adapters/support/in-process-adapter');
const { startRedis } = require('../support/servers/redis');
const { cleanUp, connectPair, eventOf, openClient, startServer } = require('../support/rigs/rig');
const { useAddon } = require('./support/addon');

const addon = useAddon();

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis;
/** @type {Redis[]} */
const connections = [];
beforeAll(async () => (redis = await startRedis()));
afterEach(async () => {
  await cleanUp(); // the servers first
  await Promise.all(connections.splice(0).map((each) => each.quit()));
});
afterAll(() => redis.stop());

/** @type {[name: string, adapters: () => any[]][]} */
const ADAPTERS = [
  [
    'an adapter of the application',
    () => {
      const shared = createAdapter();
      return [shared, shared];
    },
  ],
  [
    'Redis',
    () =>
      [1, 2].map(() => {
        const [pub, sub] = [1, 2].map(() => new Redis(redis.port, '127.0.0.1'));
        connections.push(pub, sub);
        return createRedisAdapter(pub, sub, { key: 'mixed', requestsTimeout: 1000 });
      }),
  ],
];

describe.each(ADAPTERS)('with %s', (_name, adapters) => {
  /** Two servers, the first with handlers in C++, and a client of each. */
  async function start() {
    const [ours, others] = adapters();
    const io = startServer({ adapter: ours });
    const other = startServer({ adapter: others });
    addon.open(io.native, ['/']);
    const here = await connectPair(io);
    const there = await connectPair(other);
    // Until each knows the other.
    while ((await io.fetchSockets().catch(() => [])).length < 2);
    return { io, other, here, there };
  }

  /** @param {any} client @param {string} text */
  const answering = (client, text) =>
    client.on('question', (/** @type {string} */ asked, /** @type {any} */ ack) =>
      ack(`${text}: ${asked}`),
    );

  test('a broadcast for acknowledgements', async () => {
    const { here, there } = await start();
    answering(here.client, 'here');
    answering(there.client, 'there');
    const answered = eventOf(here.client, 'answered');
    here.client.emit('ask all', 'why');
    const [values, expected, error] = await answered;
    expect(values.sort()).toEqual(['here: why', 'there: why']);
    expect([expected, error]).toEqual([2, '']);
  });

  test('one that is not answered by all', async () => {
    const { here } = await start();
    answering(here.client, 'here');
    const answered = eventOf(here.client, 'answered');
    here.client.emit('ask all', 'why');
    expect(await answered).toEqual([['here: why'], 2, 'the acknowledgement did not come in time']);
  });

  test('who is there, and in which rooms', async () => {
    const { here, there } = await start();
    await here.client.emitWithAck('join', 'red');
    await there.socket.join('red');
    await there.socket.join('blue');
    expect(await here.client.emitWithAck('who', '')).toEqual({
      [here.socket.id]: [here.socket.id, 'red'],
      [there.socket.id]: [there.socket.id, 'red', 'blue'],
    });
    expect(Object.keys(await here.client.emitWithAck('who', 'blue'))).toEqual([there.socket.id]);
  });

  test('JavaScript, which has to answer, must not wait for it', async () => {
    await start();
    expect(addon.waitFor('/')).toBe('a thread of the server must not wait');
  });
});

test('a question about a namespace that is gone in JavaScript is answered for nobody', async () => {
  const io = startServer({ adapter: createAdapter(), cleanupEmptyChildNamespaces: true });
  io.of(/^\/made$/);
  const made = openClient(io, '/made');
  await eventOf(made, 'connect');
  addon.open(io.native, ['/', '/made']);
  const { client } = await connectPair(io);
  expect(await client.emitWithAck('who else', '/made')).toBe('1');
  const [socket] = io.of('/made').sockets.values();
  const gone = eventOf(socket, 'disconnect');
  made.disconnect();
  await gone;
  expect(io._nsps.has('/made')).toBe(false);
  expect(await client.emitWithAck('who else', '/made')).toBe('0');
  const answers = await new Promise((resolve) => {
    client.emit('ask others', '/made', (/** @type {any[]} */ ...args) => resolve(args));
  });
  expect(answers).toEqual([[], 0, '']);
});

test('without a cluster JavaScript may wait', async () => {
  const io = startServer();
  addon.open(io.native, ['/']);
  await connectPair(io);
  expect(addon.waitFor('/')).toBe(1);
});
