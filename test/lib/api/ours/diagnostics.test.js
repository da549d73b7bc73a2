'use strict';

/** What `node:diagnostics_channel` tells of clients that come and go, and of handlers that are slow. */

const { execFileSync } = require('node:child_process');
const channels = require('node:diagnostics_channel');
const { once } = require('node:events');
const path = require('node:path');
const { TOP } = require('../../../support/programs/programs');
const { cleanUp, connectPair, eventOf, startServer } = require('../../../support/rigs/rig');
const { EVERYWHERE } = require('../../../support/rigs/everywhere');

/** @type {(() => void)[]} */
const subscriptions = [];

afterEach(async () => {
  for (const end of subscriptions.splice(0)) end();
  await cleanUp();
});

/**
 * What a channel tells from now on.
 * @param {string} name
 * @param {(message: any) => void} [hook]
 */
function subscribe(name, hook = () => {}) {
  /** @type {any[]} */
  const told = [];
  const listener = (/** @type {any} */ message) => {
    told.push(message);
    hook(message);
  };
  channels.subscribe(name, listener);
  subscriptions.push(() => channels.unsubscribe(name, listener));
  return told;
}

/** @param {number} ms */
function compute(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe.each(EVERYWHERE)('%s, %s', (_door, _transport, door, transports) => {
  test('clients that come and go', async () => {
    const io = startServer({}, door);
    const order = /** @type {string[]} */ ([]);
    const connects = subscribe('beast.io:connect', () => order.push('channel'));
    const disconnects = subscribe('beast.io:disconnect');
    io.of('/chat').on('connection', () => order.push('listener'));
    const { client, socket } = await connectPair(io, '/chat', { transports });
    expect(connects).toEqual([{ server: io, socket }]);
    expect(order).toEqual(['channel', 'listener']);
    const left = once(socket, 'disconnect');
    client.disconnect();
    const [reason, details] = await left;
    expect(disconnects).toEqual([{ server: io, socket, reason, details }]);
    expect(reason).toBe('client namespace disconnect');
  });
});

test('slow handlers, and not quick ones', async () => {
  const io = startServer();
  const told = subscribe('beast.io:slow-handler');
  const { client, socket } = await connectPair(io);
  socket.on('quick', () => {});
  socket.on('slow', (/** @type {any} */ _value, /** @type {any} */ done) => {
    compute(30);
    done();
  });
  client.emit('quick');
  await client.emitWithAck('slow', 1);
  await client.emitWithAck('slow', 2);
  const slow = told.filter(({ event }) => event === 'slow');
  expect(slow).toHaveLength(2);
  expect(slow[0]).toMatchObject({ server: io, socket, kind: 'handler' });
  expect(slow[0].duration).toBeGreaterThanOrEqual(30);
});

test('slow listeners of connections', async () => {
  const io = startServer();
  const told = subscribe('beast.io:slow-handler');
  io.on('connection', () => compute(20));
  const { socket } = await connectPair(io);
  expect(told).toMatchObject([{ socket, event: 'connection' }]);
});

test('slow middlewares and acknowledgements, each with its own time', async () => {
  const io = startServer();
  const told = subscribe('beast.io:slow-handler');
  io.use((_socket, next) => {
    compute(20);
    next();
  });
  io.use((_socket, next) => next());
  io.use((_socket, next) => setImmediate(next));
  const { client, socket } = await connectPair(io);
  socket.use((/** @type {any} */ _event, /** @type {any} */ next) => next());
  socket.use((/** @type {any} */ _event, /** @type {any} */ next) => {
    compute(30);
    next();
  });
  socket.on('quick', (/** @type {any} */ done) => done());
  await client.emitWithAck('quick');
  client.on('ask', (/** @type {any} */ answer) => answer('yes'));
  const answered = new Promise((resolve) => {
    socket.emit('ask', (/** @type {any} */ answer) => {
      compute(40);
      resolve(answer);
    });
  });
  expect(await answered).toBe('yes');
  expect(told).toEqual([
    { server: io, socket, kind: 'middleware', event: 'connection', duration: expect.any(Number) },
    { server: io, socket, kind: 'middleware', event: 'quick', duration: expect.any(Number) },
    { server: io, socket, kind: 'acknowledgement', event: undefined, duration: expect.any(Number) },
  ]);
  [20, 30, 40].forEach((least, i) => expect(told[i].duration).toBeGreaterThanOrEqual(least));
});

test('without a subscriber nothing is measured', async () => {
  const io = startServer();
  const { client, socket } = await connectPair(io);
  const publish = jest.spyOn(channels.channel('beast.io:slow-handler'), 'publish');
  socket.on('slow', (/** @type {any} */ done) => {
    compute(20);
    done();
  });
  client.emit('slow', () => socket.emit('end'));
  await eventOf(client, 'end');
  expect(publish).not.toHaveBeenCalled();
  publish.mockRestore();
});

test('what handlers and subscribers throw is an uncaught exception, and hurts nobody', () => {
  const program = `
    const { subscribe } = require('node:diagnostics_channel');
    const { Server } = require(${JSON.stringify(TOP)});
    const { io: connect } = require(${JSON.stringify(path.join(TOP, 'node_modules/socket.io-client'))});
    process.on('uncaughtException', ({ message }) => console.log(message));
    subscribe('beast.io:slow-handler', ({ event }) => console.log('slow', event));
    subscribe('beast.io:connect', () => {
      throw new Error('from the subscriber');
    });
    const io = new Server(0);
    io.on('connection', (socket) => {
      socket.on('bad', () => {
        for (const end = performance.now() + 20; performance.now() < end; );
        throw new Error('from the handler');
      });
      socket.on('end', () => io.close());
    });
    io.httpServer.once('listening', () => {
      const client = connect('http://localhost:' + io.httpServer.address().port, { reconnection: false });
      client.emit('bad').emit('end');
    });
  `;
  const output = String(execFileSync(process.execPath, ['-e', program]))
    .trim()
    .split('\n');
  expect(output).toEqual(
    expect.arrayContaining(['from the handler', 'from the subscriber', 'slow bad']),
  );
});
