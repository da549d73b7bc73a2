'use strict';

/** What becomes of slow clients: `slowClientPolicy` of the server and of one client. */

const http = require('node:http');
const { once } = require('node:events');
const connectLegacy = require('socket.io-client-2');
const { Server } = require('../../../../../lib');
const { EVERYWHERE } = require('../../../../support/rigs/everywhere');
const {
  cleanUp,
  connectPair,
  eventOf,
  startServer,
  urlOf,
} = require('../../../../support/rigs/rig');
const { LOADS, stall } = require('../../../../support/clients/stall');

/** @type {any[]} */
const legacy = [];

afterEach(() => legacy.splice(0).forEach((client) => client.disconnect()));
afterEach(cleanUp);

/** More than the bounds here, and than LOADS brings. */
const ENDLESS = 1e9;

/**
 * Numbered chunks for a client that takes none, and what it got of them when it went on.
 * @param {{ client: any, socket: any }} pair
 * @param {{ chunk: string, count: number }} load
 * @param {(goOn: () => void) => Promise<unknown>} [meanwhile] while nothing is taken
 * @returns {Promise<number[]>} the numbers
 */
async function numbersOf({ client, socket }, { chunk, count }, meanwhile) {
  /** @type {number[]} */
  const numbers = [];
  client.on('chunk', (/** @type {number} */ number) => numbers.push(number));
  const goOn = await stall({ client, socket });
  for (let i = 0; i < count; i++) {
    socket.emit('chunk', i, chunk);
    // What one turn sends is bound, too. The system is to have what it takes.
    await new Promise(setImmediate);
  }
  await meanwhile?.(goOn);
  const last = once(client, 'last');
  socket.emit('last');
  goOn();
  await last;
  return numbers;
}

/** @param {number[]} numbers @param {number} count */
function expectNewest(numbers, count) {
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers.length).toBeLessThan(count);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(numbers.at(-1)).toBe(count - 1);
}

describe.each(EVERYWHERE)('%s, %s', (_door, transport, door, transports) => {
  const load = LOADS[transport];
  const maxSendQueueBytes = 3 * load.chunk.length;

  test.each([1, 3])('drop-oldest keeps the newest (%d threads)', async (ioThreads) => {
    const options = { ioThreads, maxSendQueueBytes, slowClientPolicy: 'drop-oldest' };
    const io = startServer({ ...options, sendTimeout: 500 }, door);
    const pair = await connectPair(io, '/', { transports });
    const witness = await connectPair(io, '/', { transports });
    const { client, socket } = pair;
    const before = io.engine.stats().droppedMessages;
    let asked = 0;
    client.on('question', (/** @type {(answer: number) => void} */ answer) => answer(++asked));
    /** @type {Promise<unknown>[]} */
    const answers = [];
    const numbers = await numbersOf(pair, load, async () => {
      for (let i = 0; i < 5; i++) answers.push(socket.emitWithAck('question'));
      for (let i = 0; i < 3; i++) socket.emit('chunk', load.count + i, Buffer.from(load.chunk));
      await new Promise((resolve) => setTimeout(resolve, 1000)); // longer than sendTimeout
      const heard = once(witness.client, 'news');
      io.emit('news');
      await heard;
    });
    expectNewest(numbers, load.count + 3);
    expect(await Promise.all(answers)).toEqual([1, 2, 3, 4, 5]);
    const dropped = io.engine.stats().droppedMessages - before;
    // An event with a Buffer is two messages, and "news" is an event as well.
    expect(dropped).toBeGreaterThanOrEqual(load.count - numbers.length);
    expect(dropped).toBeLessThanOrEqual(load.count + 6 + 1);
    expect(socket.connected && client.connected).toBe(true);
  });

  test('drop-volatile drops nothing else, and disconnects nobody for the time', async () => {
    const io = startServer(
      {
        maxSendQueueBytes,
        hardMaxSendQueueBytes: ENDLESS,
        sendTimeout: 300,
        slowClientPolicy: 'drop-volatile',
      },
      door,
    );
    const pair = await connectPair(io, '/', { transports });
    const numbers = await numbersOf(pair, load, async () => {
      for (let i = 0; i < 9; i++) pair.socket.volatile.emit('chunk', -1);
      await new Promise((resolve) => setTimeout(resolve, 900));
    });
    expect(numbers).toEqual([...Array(load.count).keys()]);
    expect(io.engine.stats().droppedMessages).toBe(9);
  });

  test('one client may have another policy and bound', async () => {
    const io = startServer({ sendTimeout: 300, maxSendQueueBytes }, door);
    const one = await connectPair(io, '/', { transports });
    const other = await connectPair(io, '/', { transports });
    one.socket.conn.slowClientPolicy = 'drop-oldest';
    one.socket.conn.maxSendQueueBytes = 5 * load.chunk.length;
    const gone = once(other.socket, 'disconnect');
    await stall(other);
    const numbers = await numbersOf(one, load, async () => {
      for (let i = 0; i < load.count; i++) io.to(other.socket.id).emit('chunk', load.chunk);
      await gone;
    });
    expectNewest(numbers, load.count);
    expect((await gone)[0]).toBe('transport error');
  });

  test('what is held back is sent before the end', async () => {
    const io = startServer({ maxSendQueueBytes: ENDLESS, slowClientPolicy: 'drop-oldest' }, door);
    const pair = await connectPair(io, '/', { transports });
    /** @type {number[]} */
    const numbers = [];
    pair.client.on('chunk', (/** @type {number} */ number) => numbers.push(number));
    const goOn = await stall(pair);
    for (let i = 0; i < load.count; i++) pair.socket.emit('chunk', i, load.chunk);
    pair.socket.disconnect(true);
    const ended = once(pair.client, 'disconnect');
    goOn();
    await ended;
    expect(numbers).toEqual([...Array(load.count).keys()]);
  });
});

/**
 * Both ends of a connection of a client of socket.io 2.
 * @param {any} io
 * @param {object} options
 */
async function connectLegacyPair(io, options) {
  const connected = once(io, 'connection');
  const client = connectLegacy(urlOf(io), { forceNew: true, reconnection: false, ...options });
  legacy.push(client);
  const [[socket]] = await Promise.all([connected, eventOf(client, 'connect')]);
  return { client, socket };
}

test.each([
  ['4', connectPair],
  ['2', (/** @type {any} */ io) => connectLegacyPair(io, { transports: ['websocket'] })],
])('compressed events are dropped whole, for clients of version %s', async (_version, connect) => {
  const io = startServer({
    allowEIO3: true,
    perMessageDeflate: { threshold: 0 },
    maxSendQueueBytes: 3_000_000,
    slowClientPolicy: 'drop-oldest',
  });
  const pair = await connect(io);
  const noise = Array.from({ length: 150_000 }, () => Math.random().toString(36)).join('');
  const chunk = noise.slice(0, 1_000_000);
  expectNewest(await numbersOf(pair, { chunk, count: 24 }), 24);
});

test('a client that reads misses nothing, also if it is sent much in one turn', async () => {
  const io = startServer({ maxSendQueueBytes: 1_000_000, slowClientPolicy: 'drop-oldest' });
  const { client, socket } = await connectPair(io, '/', { transports: ['websocket'] });
  /** @type {number[]} */
  const numbers = [];
  client.on('chunk', (/** @type {number} */ number) => numbers.push(number));
  const last = once(client, 'last');
  for (let i = 0; i < 900; i++) socket.emit('chunk', i, 'x'.repeat(900));
  socket.emit('last');
  await last;
  expect(numbers).toEqual([...Array(900).keys()]);
});

test('what is drained may have been dropped', async () => {
  const io = startServer({ maxSendQueueBytes: 200_000, slowClientPolicy: 'drop-oldest' });
  const pair = await connectPair(io, '/', { transports: ['websocket'] });
  const goOn = await stall(pair);
  for (let i = 0; i < 30; i++) pair.socket.emit('chunk', i, 'x'.repeat(1_000_000));
  const drained = pair.socket.drained();
  expect(pair.socket.bufferedAmount).toBeGreaterThan(0);
  goOn();
  await drained;
  expect(pair.socket.bufferedAmount).toBe(0);
});

test('other values are refused by name', async () => {
  const slowClientPolicy = /** @type {any} */ ('cut');
  expect(() => new Server(http.createServer(), { slowClientPolicy })).toThrow(RangeError);
  const parser = require('socket.io-msgpack-parser');
  expect(() => new Server({ parser, slowClientPolicy: 'drop-oldest' })).toThrow(
    'option "slowClientPolicy" must not be "drop-oldest" with the option "parser"',
  );
  const { socket } = await connectPair(startServer(), '/', { transports: ['websocket'] });
  const { conn } = socket;
  expect(() => (conn.slowClientPolicy = 'drop')).toThrow(RangeError);
  expect(() => (conn.maxSendQueueBytes = -1)).toThrow(RangeError);
  expect([conn.slowClientPolicy, conn.maxSendQueueBytes]).toEqual(['disconnect', 64 * 1024 * 1024]);
  conn.slowClientPolicy = 'drop-volatile';
  expect(conn.slowClientPolicy).toBe('drop-volatile');
});
