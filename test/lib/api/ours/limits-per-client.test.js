'use strict';

/** The options `maxNamespacesPerClient`, `maxRoomsPerSocket` and `maxPendingAcks`: what one client may take of the Socket.IO server. */

const { once } = require('node:events');
const { EVERYWHERE } = require('../../../support/rigs/everywhere');
const { cleanUp, connectPair, startServer } = require('../../../support/rigs/rig');
const { io: createServer } = require('../../../support/subjects/subject');

afterEach(cleanUp);

/** @param {any} socket of a client */
const outcomeOf = (socket) =>
  new Promise((resolve) => {
    socket.once('connect', () => resolve('in'));
    socket.once('connect_error', (/** @type {Error} */ { message }) => resolve(message));
  });

describe.each(EVERYWHERE)('%s, %s', (_door, _transport, door, transports) => {
  test('a client gets into as many namespaces as it may, also if it asks at once', async () => {
    const io = startServer({ maxNamespacesPerClient: 3 }, door);
    io.of(/^\/slow/).use((/** @type {any} */ _socket, /** @type {any} */ next) =>
      setImmediate(next),
    );
    for (const name of ['/a', '/b', '/c']) io.of(name);
    const { client, socket } = await connectPair(io, '/', { transports });
    const { io: manager } = client;
    const outcomes = await Promise.all(
      ['/slow1', '/slow2', '/slow3', '/slow4'].map((name) => outcomeOf(manager.socket(name))),
    );
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome === 'Too many namespaces')).toHaveLength(2);
    expect(await outcomeOf(manager.socket('/a'))).toBe('Too many namespaces');
    expect(io.of('/a').sockets.size).toBe(0);

    socket.disconnect();
    expect(await outcomeOf(manager.socket('/b'))).toBe('in');
    expect(await outcomeOf(manager.socket('/c'))).toBe('Too many namespaces');
  });

  test('a socket joins as many rooms as it may, and is disconnected at one more', async () => {
    const io = startServer({ maxRoomsPerSocket: 3 }, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    const other = await connectPair(io, '/', { transports });
    const { id } = socket.conn;
    socket.join(['a', 'b']);
    socket.join('a');
    socket.join([socket.id, 'c']);
    expect([...socket.rooms]).toEqual([socket.id, 'a', 'b', 'c']);
    socket.leave('c');
    other.socket.join(['a', 'd']);
    io.in('b').socketsJoin('e');
    const told = once(io.engine, 'limit');
    const reason = once(socket, 'disconnect');
    const ended = once(client, 'disconnect');
    socket.join(['f', 'g']);
    expect(await told).toEqual([
      { limit: 'maxRoomsPerSocket', count: 1, address: expect.any(String), id },
    ]);
    expect((await reason)[0]).toBe('server namespace disconnect');
    expect((await ended)[0]).toBe('io server disconnect');
    expect(io.of('/').adapter.rooms.has('f')).toBe(false);
    const word = once(other.client, 'word');
    io.to('a').emit('word', 'still here');
    expect(await word).toEqual(['still here']);
    io.opts.maxRoomsPerSocket = undefined;
    other.socket.join(['h', 'i', 'j']);
    expect(other.socket.rooms.size).toBe(6);
  });

  test('nor does it join more in a middleware, or by a broadcast', async () => {
    const io = startServer({ maxRoomsPerSocket: 2 }, door);
    io.of('/greedy').use((/** @type {any} */ socket, /** @type {any} */ next) => {
      socket.join(['a', 'b', 'c']);
      next();
    });
    const { client } = await connectPair(io, '/', { transports });
    const told = once(io.engine, 'limit');
    const ended = once(client, 'disconnect');
    client.io.socket('/greedy');
    expect((await told)[0].limit).toBe('maxRoomsPerSocket');
    expect((await ended)[0]).toBe('io server disconnect');
    expect(io.of('/greedy').sockets.size).toBe(0);

    const { client: other, socket } = await connectPair(io, '/', { transports });
    const { id } = socket.conn;
    socket.join(['a', 'b']);
    const toldAgain = once(io.engine, 'limit');
    const endedToo = once(other, 'disconnect');
    io.in('a').socketsJoin('c');
    expect((await toldAgain)[0]).toMatchObject({ limit: 'maxRoomsPerSocket', id });
    expect((await endedToo)[0]).toBe('io server disconnect');
    expect(io.of('/').adapter.rooms.has('c')).toBe(false);
  });

  test('a socket owes as many acknowledgements as it may', async () => {
    const io = startServer({ maxPendingAcks: 2 }, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    /** @type {any[]} */
    const asked = [];
    client.on('ask', (n, answer) => asked.push([n, answer]));
    const first = socket.emitWithAck('ask', 1);
    const second = socket.timeout(100_000).emitWithAck('ask', 2);
    const tooMany = { code: 'ERR_BEASTIO_TOO_MANY_ACKS' };
    await expect(socket.emitWithAck('ask', 3)).rejects.toMatchObject(tooMany);
    await expect(socket.timeout(10).emitWithAck('ask', 4)).rejects.toMatchObject(tooMany);
    expect(() => socket.emit('ask', 5, () => {})).toThrow(expect.objectContaining(tooMany));
    socket.emit('end');
    await once(client, 'end');
    expect(asked.map(([n]) => n)).toEqual([1, 2]);

    asked[0][1]('one');
    expect(await first).toBe('one');
    const third = socket.emitWithAck('ask', 6);
    await once(client, 'ask');
    for (const [n, answer] of asked) answer(n);
    expect(await Promise.all([second, third])).toEqual([2, 6]);
  });
});

test('they must make sense', () => {
  for (const name of ['maxNamespacesPerClient', 'maxRoomsPerSocket', 'maxPendingAcks']) {
    for (const value of [-1, 0, 1.5]) {
      expect(() => createServer({ [name]: value })).toThrow(RangeError);
      expect(() => createServer({ [name]: value })).toThrow(name);
    }
    expect(() => createServer({ [name]: '1' })).toThrow(TypeError);
  }
});
