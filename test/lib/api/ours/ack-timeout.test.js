'use strict';

/** The option `ackTimeout`, which is to the server what the option of this name is to the client. */

const { EVERYWHERE } = require('../../../support/rigs/everywhere');
const { cleanUp, connectPair, startServer } = require('../../../support/rigs/rig');
const { io: createServer } = require('../../../support/subjects/subject');

const TIMED_OUT = 'operation has timed out';
/** Longer than any test may take. */
const NEVER = 100_000;

afterEach(cleanUp);

/** The value or the error's message. @param {Promise<any>} promise */
const outcomeOf = (promise) =>
  promise.then(
    (value) => ({ value }),
    ({ message }) => message,
  );

/**
 * What a callback is called with.
 * @param {any} emitter
 * @param {string} event
 */
const argumentsOf = (emitter, event) =>
  new Promise((resolve) => emitter.emit(event, (/** @type {any[]} */ ...args) => resolve(args)));

describe.each(EVERYWHERE)('%s, %s', (_door, _transport, door, transports) => {
  test('both ends call back alike: an answer', async () => {
    const io = startServer({ ackTimeout: NEVER }, door);
    const { client, socket } = await connectPair(io, '/', { transports, ackTimeout: NEVER });
    for (const end of [client, socket]) end.on('ask', (answer) => answer('yes', 'more'));
    for (const end of [client, socket]) {
      expect(await argumentsOf(end, 'ask')).toEqual([null, 'yes', 'more']);
      expect(await end.emitWithAck('ask')).toBe('yes');
    }
  });

  test('both ends call back alike: the end of the time', async () => {
    const io = startServer({ ackTimeout: 30 }, door);
    const { client, socket } = await connectPair(io, '/', { transports, ackTimeout: 30 });
    for (const end of [client, socket]) {
      expect(await argumentsOf(end, 'ask')).toEqual([new Error(TIMED_OUT)]);
      expect(await outcomeOf(end.emitWithAck('ask'))).toBe(TIMED_OUT);
    }
  });

  test('a broadcast needs no timeout()', async () => {
    const io = startServer({ ackTimeout: NEVER }, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    socket.join('room');
    client.on('ask', (answer) => answer('yes'));
    expect(await io.emitWithAck('ask')).toEqual(['yes']);
    expect(await io.of('/').emitWithAck('ask')).toEqual(['yes']);
    expect(await io.to('room').emitWithAck('ask')).toEqual(['yes']);
    expect(await argumentsOf(io, 'ask')).toEqual([null, ['yes']]);
    expect(await argumentsOf(io.to('room'), 'ask')).toEqual([null, ['yes']]);
  });
});

test('timeout() goes before it', async () => {
  const io = startServer({ ackTimeout: 20 });
  const { client, socket } = await connectPair(io);
  client.on('ask', (answer) => setTimeout(answer, 100, 'late'));
  expect(await outcomeOf(socket.emitWithAck('ask'))).toBe(TIMED_OUT);
  expect(await socket.timeout(NEVER).emitWithAck('ask')).toBe('late');
  expect(await io.timeout(NEVER).emitWithAck('ask')).toEqual(['late']);
});

test('a broadcast that nobody answers fails with the responses that came', async () => {
  const io = startServer({ ackTimeout: 500 });
  const { client } = await connectPair(io);
  await connectPair(io);
  client.on('ask', (answer) => answer('yes'));
  await expect(io.emitWithAck('ask')).rejects.toMatchObject({
    message: TIMED_OUT,
    responses: ['yes'],
  });
});

test('an adapter is told how long is waited', async () => {
  const io = startServer({ ackTimeout: NEVER });
  const broadcast = jest.spyOn(io.sockets.adapter, 'broadcastWithAck');
  await io.to('nobody').emitWithAck('ask');
  await io.to('nobody').timeout(7).emitWithAck('ask');
  expect(broadcast.mock.calls.map(([, { flags }]) => flags.timeout)).toEqual([NEVER, 7]);
});

test('without it a callback gets the answer first', async () => {
  const { client, socket } = await connectPair(startServer());
  client.on('ask', (answer) => answer('yes'));
  expect(await argumentsOf(socket, 'ask')).toEqual(['yes']);
});

test('a parent of namespaces collects no acknowledgements', async () => {
  const parent = createServer().of(/^\/dynamic-/);
  await expect(parent.emitWithAck('ask')).rejects.toThrow('not supported on parent namespaces');
});

test.each([
  ['100', new TypeError('option "ackTimeout" must be a number')],
  [0, new RangeError('option "ackTimeout" must be from 1 to 2147483647, not 0')],
  [NaN, new RangeError('option "ackTimeout" must be from 1 to 2147483647, not NaN')],
  [2 ** 31, new RangeError(`option "ackTimeout" must be from 1 to 2147483647, not ${2 ** 31}`)],
])('%p is refused', (ackTimeout, error) => {
  expect(() => createServer({ ackTimeout })).toThrow(error);
});
