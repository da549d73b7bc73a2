/**
 * Random programs on two servers: one with handlers in JavaScript only, the other with a random half of them
 * in C++. Each client must see the same, step by step. Seeds that are kept run always. BEASTIO_SEEDS=1-500
 * runs others.
 */
'use strict';

const { once } = require('node:events');
const { createAdapter: createRedisAdapter } = require('@socket.io/redis-adapter');
const { Redis } = require('ioredis');
const { createAdapter } = require('../adapters/support/in-process-adapter');
const { Dice } = require('../differential/support/random/dice');
const { startRedis } = require('../support/servers/redis');
const { cleanUp, eventOf, openClient, startServer } = require('../support/rigs/rig');
const { useAddon } = require('./support/addon');

const STEPS = 40;
const CLIENTS = 3;
const EVENTS = ['echo', 'join', 'leave', 'say', 'tell', 'shout', 'ask', 'quit'];
const HEARD = ['echoed', 'said', 'told', 'shouted', 'answered', 'news'];
const ROOMS = ['a', 'b', 'c'];

const addon = useAddon();

/** The handlers in JavaScript; addon.cpp has the same. @type {Record<string, (...args: any[]) => void>} */
const MODEL = {
  echo: (_io, socket, ...args) => socket.emit('echoed', ...args),
  join: (_io, socket, room, ack) => {
    socket.join(room);
    ack(room);
  },
  leave: (_io, socket, room, ack) => {
    socket.leave(room);
    ack(room);
  },
  say: (_io, socket, room, ...args) => socket.to(room).emit('said', room, ...args),
  tell: (io, _socket, room, ...args) =>
    io
      .to(room)
      .except('c')
      .emit('told', room, ...args),
  shout: (io, _socket, ...args) => io.emit('shouted', ...args),
  ask: (_io, socket, ...args) =>
    socket.emit('question', ...args, (answer) => socket.emit('answered', answer)),
  quit: (_io, socket) => socket.disconnect(),
};

/**
 * A program: what each step does.
 * @param {Dice} dice
 * @returns {any[]}
 */
function makeProgram(dice) {
  const value = () =>
    dice.weigh([
      [2, () => dice.number(1000)],
      [2, () => 'text \u00e4\u20ac'],
      [2, () => ({ nested: [null, true, { x: 1.5 }] })],
      [2, () => Buffer.from([dice.number(256), 0, 255])],
      [1, () => ''],
    ]);
  return dice.list(STEPS, STEPS, () => {
    const client = dice.number(CLIENTS);
    const room = dice.pick(ROOMS);
    return dice.weigh([
      [6, () => ({ client, emit: [dice.pick(['echo', 'shout', 'ask']), value()] })],
      [6, () => ({ client, emit: [dice.pick(['say', 'tell']), room, value()] })],
      [5, () => ({ client, call: ['join', room] })],
      [2, () => ({ client, call: ['leave', room] })],
      [3, () => ({ client, server: dice.pick(['join', 'leave', 'news']), room })],
      [1, () => ({ client, emit: ['quit'] })],
    ]);
  });
}

/**
 * Runs a program, and says what each client has seen in each step.
 * @param {any[]} program
 * @param {string[]} inCpp the events that C++ handles
 * @param {{ opts?: object, adapter?: () => any, hook?: (socket: any) => void }} how
 */
async function run(program, inCpp, { opts, adapter, hook }) {
  const io = startServer({ ...opts, ...(adapter && { adapter: adapter() }) });
  if (inCpp.length > 0) addon.serve(io.native, inCpp);
  /** Which client a socket is, by its id. */
  const numbers = new Map();
  io.on('connection', (socket) => {
    hook?.(socket);
    for (const event of EVENTS) socket.on(event, (...args) => MODEL[event](io, socket, ...args));
    socket.on('sync', (ack) => ack());
  });
  const clients = [];
  const sockets = [];
  const seen = [];
  const connect = async (number) => {
    const connected = once(io, 'connection');
    const client = openClient(io);
    const [[socket]] = await Promise.all([connected, eventOf(client, 'connect')]);
    numbers.set(socket.id, number);
    for (const event of HEARD) {
      client.on(event, (...args) => seen.push([number, event, args.map(withoutOffset)]));
    }
    client.on('question', (...args) => args.pop()('an answer'));
    client.on('disconnect', (reason) => seen.push([number, 'disconnect', reason]));
    clients[number] = client;
    sockets[number] = socket;
  };
  for (let number = 0; number < CLIENTS; number += 1) await connect(number);

  const trace = [];
  for (const { client: number, emit, call, server, room } of program) {
    const client = clients[number];
    const socket = sockets[number];
    if (emit) client.emit(...emit);
    if (call) seen.push([number, 'answer', await client.emitWithAck(...call)]);
    if (server === 'join') socket.join(room);
    if (server === 'leave') socket.leave(room);
    if (server === 'news') io.to(room).emit('news', room);
    if (emit?.[0] === 'quit') {
      if (client.connected) await eventOf(client, 'disconnect');
      await connect(number);
    }
    // What comes of one round, such as an answer to a question, is over in the next.
    for (let i = 0; i < 3; i += 1) {
      await Promise.all(clients.map((each) => each.emitWithAck('sync')));
    }
    const rooms = sockets.map((each) => [...each.rooms].filter((name) => name !== each.id).sort());
    trace.push({ seen: byClient(seen.splice(0)), rooms });
  }
  addon.close();
  await cleanUp();
  return trace;
}

/** By which a client says what it has got, with recovery. @param {any} arg */
const withoutOffset = (arg) =>
  typeof arg === 'string' && /^[\w-]{7}(\.\d+)?$/.test(arg) ? 'an offset' : arg;

/** @param {any[]} seen */
function byClient(seen) {
  return Array.from({ length: CLIENTS }, (_, number) =>
    seen.filter(([who]) => who === number).map(([, ...rest]) => rest),
  );
}

/** @returns {number[]} */
function seeds() {
  const range = /^(\d+)-(\d+)$/.exec(process.env.BEASTIO_SEEDS ?? '');
  if (!range) return [1, 2, 3];
  const [from, to] = [Number(range[1]), Number(range[2])];
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis;
/** @type {Redis[]} */
const connections = [];
beforeAll(async () => (redis = await startRedis()));
afterEach(() => Promise.all(connections.splice(0).map((each) => each.quit())));
afterAll(() => redis.stop());

/** An adapter of a cluster over Redis. */
function redisAdapter() {
  const [pub, sub] = [1, 2].map(() => new Redis(redis.port, '127.0.0.1'));
  connections.push(pub, sub);
  return createRedisAdapter(pub, sub, { key: 'random' });
}

const KINDS = {
  'as it is': {},
  'with middlewares': { hook: (socket) => socket.use((_event, next) => next()) },
  'with catch-all listeners': { hook: (socket) => socket.onAny(() => {}) },
  'with recovery': { opts: { connectionStateRecovery: {} } },
  'in a cluster': { adapter: createAdapter },
  'in a cluster over Redis': { adapter: redisAdapter },
};

describe.each(Object.entries(KINDS))('%s', (_kind, how) => {
  test.each(seeds())('seed %d', async (seed) => {
    const dice = new Dice(seed);
    const program = makeProgram(dice);
    const inCpp = EVENTS.filter(() => dice.chance(50));
    const expected = await run(program, [], how);
    expect(await run(program, inCpp, how)).toEqual(expected);
  });
});
