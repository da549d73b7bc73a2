/**
 * How fast a client may send. Whoever is faster is not read for a while and loses nothing, or is sent away.
 * Others notice nothing.
 */
'use strict';

const { once } = require('node:events');
const { setTimeout } = require('node:timers/promises');
const { io: connect } = require('socket.io-client');
const { connect: connectV2 } = require('socket.io-client-2');
const { Server } = require('../../../../lib');
const { Engine } = require('../../../../lib/engine');
const {
  OUR_DOORS,
  cleanUp,
  closers,
  exchange,
  handshake,
  startOn,
} = require('../../../support/rigs/door-rig');
const { requestText } = require('../../../support/clients/wire');

const RATE = 10;
const COUNT = 5 * RATE;
/** More than the server reads at once. */
const LARGE = 'x'.repeat(70_000);
const CLIENTS = 1000;
const FOUR = '42["n",0]\u001e42["n",1]\u001e42["n",2]\u001e42["n",3]';

afterEach(cleanUp);

/**
 * A client in the namespace "/".
 * @param {import('../../../support/servers/doors').Place} place
 * @param {any} [opts]
 * @param {any} [by]
 */
async function join({ ca, port }, opts, by = connect) {
  const client = by(`http${ca ? 's' : ''}://127.0.0.1:${port}`, {
    ca,
    forceNew: true,
    reconnection: false,
    rejectUnauthorized: false,
    ...opts,
  });
  closers.push(() => client.close());
  await once(client, 'connect');
  return client;
}

/** The numbers that come, as they come. @param {any} io */
function collect(io) {
  /** @type {number[]} */
  const numbers = [];
  io.on('connection', (/** @type {any} */ socket) => {
    socket.on('n', (/** @type {number} */ n) => numbers.push(n));
    socket.on('last', (/** @type {any} */ answer) => answer(numbers.length));
  });
  return numbers;
}

describe.each(OUR_DOORS)('%s on %s', (_name, doorName, Class) => {
  test.each([
    ['WebSocket', { transports: ['websocket'] }, connect],
    ['polling', { transports: ['polling'] }, connect],
    ['a client of version 2', { transports: ['websocket'] }, connectV2],
  ])('who is too fast is held back, and loses nothing: %s', async (_how, opts, by) => {
    const { io, place } = await startOn(Class, doorName, {
      maxMessagesPerSecond: RATE,
      allowEIO3: true,
      pingInterval: 1000,
      pingTimeout: 2000,
    });
    const numbers = collect(io);
    const told = once(io.engine, 'limit');
    const witness = await join(place);
    const flooder = await join(place, opts, by);
    const started = performance.now();
    for (let n = 0; n < COUNT; n += 1) flooder.emit('n', n, LARGE);
    const last = new Promise((resolve) => flooder.emit('last', resolve));
    expect(await told).toEqual([
      {
        limit: 'maxMessagesPerSecond',
        count: 1,
        address: expect.stringContaining('127.0.0.1'),
        id: flooder.io.engine.id,
      },
    ]);
    const asked = await witness.emitWithAck('last');
    expect(await last).toBe(COUNT);
    expect(asked).toBeLessThan(COUNT);
    expect(performance.now() - started).toBeGreaterThan(1000); // four seconds, but for what is read at once
    expect(numbers).toEqual(Array.from({ length: COUNT }, (_, n) => n));
    expect([flooder.connected, witness.connected]).toEqual([true, true]);
  });

  test('who is to be sent away is, and nobody else', async () => {
    const { io, place } = await startOn(Class, doorName, {
      maxMessagesPerSecond: RATE,
      rateLimitPolicy: 'disconnect',
    });
    const numbers = collect(io);
    const witness = await join(place);
    for (const transports of [['websocket'], ['polling']]) {
      const told = once(io.engine, 'limit');
      const flooder = await join(place, { transports });
      const socket = io.sockets.sockets.get(flooder.id);
      const ends = [once(socket, 'disconnect'), once(flooder, 'disconnect')];
      for (let n = 0; n < COUNT; n += 1) flooder.emit('n', n);
      expect((await Promise.all(ends))[0][0]).toBe('transport error');
      expect((await told)[0].id).toBe(socket.conn.id);
      expect(numbers.splice(0).length).toBeLessThan(COUNT);
    }
    expect(await witness.emitWithAck('last')).toBe(0);
    expect(io.engine.stats().cut.rate).toBe(2);
  });

  test('bytes: at the limit nobody is held, beyond it only who sent them', async () => {
    const { io, place } = await startOn(Class, doorName, { maxBytesPerSecond: 200_000 });
    collect(io);
    /** @type {any[]} */
    const limits = [];
    io.engine.on('limit', (/** @type {any} */ limit) => limits.push(limit));
    const witness = await join(place, { transports: ['websocket'] });
    const client = await join(place, { transports: ['websocket'] });
    client.emit('n', 1, 'x'.repeat(90_000));
    expect(await client.emitWithAck('last')).toBe(1);
    expect(limits).toEqual([]);
    const told = once(io.engine, 'limit');
    const started = performance.now();
    client.emit('n', 2, 'x'.repeat(500_000));
    for (let n = 3; n < 13; n += 1) client.emit('n', n, LARGE);
    const last = client.emitWithAck('last');
    expect((await told)[0].limit).toBe('maxBytesPerSecond');
    const asked = await witness.emitWithAck('last');
    expect(await last).toBe(12);
    expect(asked).toBeLessThan(12);
    expect(performance.now() - started).toBeGreaterThan(1000); // 1.2 MB, of which 0.2 may come at once
  });
});

test('a thousand who are too fast are told in a few words, and all they have sent arrives', async () => {
  const { io, place } = await startOn(Server, 'own port', {
    maxMessagesPerSecond: 3,
    ioThreads: 2,
  });
  const numbers = collect(io);
  /** @type {any[]} */
  const limits = [];
  io.engine.on('limit', (/** @type {any} */ limit) => limits.push(limit));
  const witness = await join(place);
  const started = performance.now();
  for (let i = 0; i < CLIENTS; i += 50) {
    await Promise.all(Array.from({ length: 50 }, () => postFourEvents(place)));
  }
  expect(await witness.emitWithAck('last')).toBeLessThanOrEqual(4 * CLIENTS);
  while (sum(limits) < CLIENTS) await once(io.engine, 'limit');
  while (numbers.length < 4 * CLIENTS) await setTimeout(10);
  const seconds = (performance.now() - started) / 1000;
  expect(sum(limits)).toBeGreaterThanOrEqual(CLIENTS);
  expect(limits.length).toBeLessThanOrEqual(2 * (1 + Math.ceil(seconds)));
  expect(io.engine.stats().limited.maxMessagesPerSecond).toBe(sum(limits));
  expect(io.engine.clientsCount).toBe(CLIENTS + 1);
});

// Found: the I/O thread called the client's timer for ever, and served nobody.
test('a paused client of version 2 that is sent away holds nobody up', async () => {
  const { io, place } = await startOn(Server, 'own port', {
    allowEIO3: true,
    ioThreads: 1,
    pingInterval: 200,
    pingTimeout: 200,
  });
  collect(io);
  const opened = once(io, 'connection');
  await handshake(place, 'polling', {}, 3); // it never polls, so its goodbye waits
  const [socket] = await opened;
  socket.conn.pause();
  socket.disconnect(true);
  await setTimeout(500); // PONGs would be due
  const witness = await join(place, { transports: ['websocket'] });
  expect(await witness.emitWithAck('last')).toBe(0);
});

test('limits of the rate change while the server runs', async () => {
  const { io, place } = await startOn(Server, 'own port');
  collect(io);
  const client = await join(place, { transports: ['websocket'] });
  for (let n = 0; n < 100; n += 1) client.emit('n', n);
  expect(await client.emitWithAck('last')).toBe(100);
  io.engine.opts.maxMessagesPerSecond = 10;
  const told = once(io.engine, 'limit');
  for (let n = 0; n < 100; n += 1) client.emit('n', n);
  await told;
  io.engine.opts.rateLimitPolicy = 'disconnect';
  io.engine.opts.maxMessagesPerSecond = 1;
  const other = await join(place, { transports: ['polling'] });
  const left = once(other, 'disconnect');
  for (let n = 0; n < 10; n += 1) other.emit('n', n);
  await left;
  io.engine.opts.maxMessagesPerSecond = undefined;
  const third = await join(place, { transports: ['websocket'] });
  for (let n = 0; n < 100; n += 1) third.emit('n', n);
  expect(await third.emitWithAck('last')).toBeGreaterThan(200);
});

test.each([
  ['maxMessagesPerSecond', [-1, 0, 1.5, NaN], ['5', {}]],
  ['maxBytesPerSecond', [-1, 0, NaN], ['1mb', []]],
  ['rateLimitPolicy', [], ['drop', true, 1]],
])('%s must make sense', (name, outOfRange, wrong) => {
  for (const value of outOfRange) {
    expect(() => new Engine({ [name]: value })).toThrow(RangeError);
  }
  for (const value of [...outOfRange, ...wrong]) {
    expect(() => new Engine({ [name]: value })).toThrow(name);
  }
});

/** @param {any[]} limits */
const sum = (limits) => limits.reduce((total, { count }) => total + count, 0);

/**
 * A client that polls enters, and posts one event more than it may.
 * @param {import('../../../support/servers/doors').Place} place
 */
async function postFourEvents(place) {
  const { sid } = JSON.parse((await handshake(place, 'polling')).body.match(/\{.*\}/)?.[0] ?? '');
  const target = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
  for (const body of ['40', FOUR]) {
    const request = requestText('POST', target, { Connection: 'close' }, body);
    expect((await exchange(place, request)).status).toBe('HTTP/1.1 200 OK');
  }
}
