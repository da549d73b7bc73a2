'use strict';

/** The option `settleAcksOnDisconnect`: no acknowledgement is awaited from a client that has left. */

const { once } = require('node:events');
const { Adapter } = require('socket.io-adapter');
const { EVERYWHERE } = require('../../../support/rigs/everywhere');
const { cleanUp, connectPair, openClient, startServer } = require('../../../support/rigs/rig');

const LEFT = 'socket has been disconnected';
/** Longer than any test may take. */
const NEVER = 100_000;

afterEach(cleanUp);

/** @param {object} [more] */
const settling = (more) => ({ settleAcksOnDisconnect: true, ...more });

/** The value or the error's message. @param {Promise<any>} promise */
const outcomeOf = (promise) =>
  promise.then(
    (value) => ({ value }),
    ({ message }) => message,
  );

/** Everything in which a socket can wait for an acknowledgement. @param {any} socket */
function ask(socket) {
  /** @type {any[]} */
  const calls = [];
  socket.emit('ask', (/** @type {any[]} */ ...args) => calls.push(args));
  return {
    calls,
    outcomes: Promise.all([
      outcomeOf(socket.emitWithAck('ask')),
      outcomeOf(socket.timeout(NEVER).emitWithAck('ask')),
      new Promise((resolve) => {
        socket.timeout(NEVER).emit('ask', (/** @type {any[]} */ ...args) => {
          resolve(`${args.length} argument: ${args[0].message}`);
        });
      }),
    ]),
  };
}

const ALL_LEFT = [LEFT, LEFT, `1 argument: ${LEFT}`];

describe.each(EVERYWHERE)('%s, %s', (_door, _transport, door, transports) => {
  test.each([
    ['the client disconnects', ({ client }) => client.disconnect()],
    ['the connection is lost', ({ client }) => client.io.engine.close()],
    ['the server disconnects it', ({ socket }) => socket.disconnect()],
    ['the server closes its connection', ({ socket }) => socket.disconnect(true)],
    ['the server closes', ({ io }) => io.close()],
  ])('%s', async (_name, leave) => {
    const io = startServer(settling(), door);
    const pair = await connectPair(io, '/', { transports });
    const { socket } = pair;
    const order = [];
    socket.on('disconnect', () => order.push('disconnect'));
    const { calls, outcomes } = ask(socket);
    leave({ io, ...pair });
    expect(await outcomes.finally(() => order.push('settled'))).toEqual(ALL_LEFT);
    expect(order).toEqual(['disconnect', 'settled']);
    expect(calls).toEqual([]); // a callback without an error is dropped
    expect(socket.acks.size).toBe(0);
  });

  test('a broadcast ends with the answer of the last that stays', async () => {
    const io = startServer(settling(), door);
    const pairs = [];
    while (pairs.length < 3) pairs.push(await connectPair(io, '/', { transports }));
    const answers = pairs.map(
      ({ client }) => new Promise((resolve) => client.on('ask', (answer) => resolve(answer))),
    );
    const result = io.timeout(NEVER).emitWithAck('ask');
    const [first, , last] = await Promise.all(answers);
    first('a');
    pairs[1].client.disconnect();
    await once(pairs[1].socket, 'disconnect');
    last('c');
    expect((await result).sort()).toEqual(['a', 'c']);
  });
});

test('an event to a client that has left settles at once', async () => {
  const { socket } = await connectPair(startServer(settling()));
  socket.disconnect();
  const { calls, outcomes } = ask(socket);
  expect(await outcomes).toEqual(ALL_LEFT);
  expect(calls).toEqual([]);
  expect(socket.acks.size).toBe(0);
});

test('a client that a middleware refuses has left', async () => {
  const io = startServer(settling());
  const asked = new Promise((resolve) => {
    io.use((socket, next) => {
      resolve(ask(socket).outcomes);
      next(new Error('refused'));
    });
  });
  openClient(io);
  expect(await asked).toEqual(ALL_LEFT);
});

test('an answer in time counts', async () => {
  const io = startServer(settling({ connectionStateRecovery: {} }));
  const { client, socket } = await connectPair(io);
  client.on('ask', (answer) => answer('yes'));
  const called = jest.fn();
  socket.timeout(NEVER).emit('ask', called);
  expect(await socket.emitWithAck('ask')).toBe('yes');
  expect(await socket.timeout(NEVER).emitWithAck('ask')).toBe('yes');
  client.disconnect();
  await once(socket, 'disconnect');
  expect(called.mock.calls).toEqual([[null, 'yes']]);
});

test('what one callback throws keeps back no other', async () => {
  const { socket } = await connectPair(startServer(settling()));
  const thrown = new Promise((resolve) => {
    const nextTick = process.nextTick;
    jest.spyOn(process, 'nextTick').mockImplementation((callback, ...args) => {
      nextTick(() => {
        try {
          callback(...args);
        } catch (err) {
          resolve(err.message);
        }
      });
    });
  });
  socket.timeout(NEVER).emit('ask', () => {
    throw new Error('of the application');
  });
  const second = outcomeOf(socket.emitWithAck('ask'));
  socket.disconnect();
  expect(await Promise.all([thrown, second])).toEqual(['of the application', LEFT]);
  jest.restoreAllMocks();
});

describe.each([
  ['natively', {}],
  ['socket by socket', { adapter: Adapter }],
  ['with recovery', { connectionStateRecovery: {} }],
])('a broadcast %s', (_name, opts) => {
  test('is over when all have left, with the answers that came', async () => {
    const io = startServer(settling(opts));
    const pairs = [await connectPair(io), await connectPair(io), await connectPair(io)];
    const result = io.timeout(NEVER).emitWithAck('ask');
    const answer = await new Promise((resolve) => pairs[0].client.on('ask', resolve));
    answer('a');
    for (const { socket } of pairs.slice(1)) socket.disconnect();
    expect(await result).toEqual(['a']);
    const none = io.timeout(NEVER).emitWithAck('ask');
    pairs[0].socket.disconnect();
    expect(await none).toEqual([]);
    expect(io.sockets.awaitedAnswers.size).toBe(0);
  });

  test('who leaves while it is being sent is not waited for', async () => {
    const io = startServer(settling(opts));
    const { socket } = await connectPair(io);
    socket.onAnyOutgoing(() => socket.disconnect());
    expect(await io.timeout(NEVER).emitWithAck('ask')).toEqual([]);
  });

  test('fails if it is for one client, and that one leaves', async () => {
    const io = startServer(settling(opts));
    const { socket } = await connectPair(io);
    const { BroadcastOperator } = require('../../../../lib/api/broadcasts/broadcast-operator');
    const single = new BroadcastOperator(io.sockets.adapter, new Set([socket.id]), new Set(), {
      expectSingleResponse: true,
      timeout: NEVER,
    });
    const result = new Promise((resolve) => single.emit('ask', (...args) => resolve(args)));
    socket.disconnect();
    expect(await result).toEqual([new Error(LEFT), null]);
  });
});

test('without the option the time has to pass', async () => {
  const { socket } = await connectPair(startServer());
  const settled = jest.fn();
  socket.emitWithAck('ask').then(settled, settled);
  const inTime = outcomeOf(socket.timeout(50).emitWithAck('ask'));
  socket.disconnect();
  expect(await inTime).toBe('operation has timed out');
  expect(settled).not.toHaveBeenCalled();
});
