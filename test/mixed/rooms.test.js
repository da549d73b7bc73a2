/**
 * Rooms, ends and attributes of sockets that JavaScript and C++ see both.
 */
'use strict';

const { once } = require('node:events');
const { EVERYWHERE } = require('../support/rigs/everywhere');
const { connectPair, eventOf, startServer } = require('../support/rigs/rig');
const { useAddon } = require('./support/addon');

const addon = useAddon();

describe.each(EVERYWHERE)('on %s by %s', (_doorName, _transport, door, transports) => {
  function start() {
    const io = startServer({}, door);
    addon.open(io.native, ['/']);
    return io;
  }

  test('C++ joins and leaves: JavaScript hears of it', async () => {
    const io = start();
    const { client, socket } = await connectPair(io, '/', { transports });
    const { adapter } = io.sockets;
    const joined = once(adapter, 'join-room');
    await client.emitWithAck('join', 'a');
    expect(await joined).toEqual(['a', socket.id]);
    expect(socket.rooms).toEqual(new Set([socket.id, 'a']));
    const left = once(adapter, 'leave-room');
    await client.emitWithAck('leave', 'a');
    expect(await left).toEqual(['a', socket.id]);
    expect(socket.rooms).toEqual(new Set([socket.id]));
  });

  test('JavaScript joins and leaves: C++ knows it', async () => {
    const io = start();
    const { client, socket } = await connectPair(io, '/', { transports });
    socket.on('sync', (/** @type {any} */ ack) => ack());
    await socket.join(['a', 'b']);
    await client.emitWithAck('sync'); // stands behind what JavaScript has told
    expect((await client.emitWithAck('rooms')).sort()).toEqual(['a', 'b', socket.id].sort());
    socket.leave('a');
    await client.emitWithAck('sync');
    expect((await client.emitWithAck('rooms')).sort()).toEqual(['b', socket.id].sort());
  });

  test('broadcasts of both reach members that the other has made', async () => {
    const io = start();
    const one = await connectPair(io, '/', { transports });
    const two = await connectPair(io, '/', { transports });
    await one.client.emitWithAck('join', 'room');
    await two.socket.join('room');
    two.socket.on('sync', (/** @type {any} */ ack) => ack());
    await two.client.emitWithAck('sync');
    const said = eventOf(two.client, 'said');
    one.client.emit('say', 'room', 'hello');
    expect(await said).toEqual([one.socket.id, 'hello']);

    const both = [one, two].map(({ client }) => eventOf(client, 'news'));
    io.to('room').emit('news', 1);
    expect(await Promise.all(both)).toEqual([[1], [1]]);

    const again = [one, two].map(({ client }) => eventOf(client, 'from a thread'));
    addon.broadcastFrom('/', 'room', 'from a thread', 'x', false);
    expect(await Promise.all(again)).toEqual([['x'], ['x']]);

    const own = eventOf(two.client, 'to you');
    addon.broadcastFrom('/', two.socket.id, 'to you', 'y', false);
    expect(await own).toEqual(['y']);
  });

  test('C++ has a socket leave', async () => {
    const io = start();
    const { client, socket } = await connectPair(io, '/', { transports });
    const ended = once(socket, 'disconnect');
    const told = eventOf(client, 'disconnect');
    client.emit('go', false);
    expect((await ended)[0]).toBe('server namespace disconnect');
    expect((await told)[0]).toBe('io server disconnect');
    expect(io.sockets.sockets.size).toBe(0);
  });

  test('both hear why a socket has left', async () => {
    const io = start();
    const { client, socket } = await connectPair(io, '/', { transports });
    await client.emitWithAck('count');
    const ended = once(socket, 'disconnect');
    client.disconnect();
    const [reason] = await ended;
    expect(reason).toBe('client namespace disconnect');
    expect(addon.ends()).toEqual([`${socket.id} client namespace disconnect`]);
    expect(addon.connections()).toBe(1);
  });

  test('attributes', async () => {
    const io = start();
    const { client, socket } = await connectPair(io, '/', { transports });
    socket.native.set('team', { name: 'red' });
    socket.on('sync', (/** @type {any} */ ack) => ack());
    await client.emitWithAck('sync');
    expect(JSON.parse(await client.emitWithAck('attribute', 'team'))).toEqual({ name: 'red' });
    expect(await client.emitWithAck('attribute', 'none')).toBe('');
    await client.emitWithAck('set attribute', 'level', 'seven');
    const passed = eventOf(socket, 'pass');
    client.emit('pass');
    await passed;
    expect(socket.native.get('level')).toBe('seven');
    expect(socket.native.get('none')).toBe(undefined);
    expect(() => socket.native.set('team', 1n)).toThrow(TypeError); // JSON has no such numbers
    expect(socket.native.get('team')).toEqual({ name: 'red' });
  });
});

test('joins and leaves of both at once end alike', async () => {
  const io = startServer();
  addon.open(io.native, ['/']);
  const { client, socket } = await connectPair(io);
  for (let i = 0; i < 200; i += 1) {
    client.emit(i % 3 === 0 ? 'leave' : 'join', 'contested', () => {});
    if (i % 2 === 0) socket.leave('contested');
    else void socket.join('contested');
    if (i % 7 === 0) await client.emitWithAck('count');
  }
  // Whatever was in flight has been told by now, and its echoes too.
  for (let i = 0; i < 3; i += 1) {
    const passed = eventOf(socket, 'pass');
    client.emit('pass');
    await passed;
  }
  const rooms = await client.emitWithAck('rooms');
  expect(new Set(rooms)).toEqual(socket.rooms);
});

test('many sockets at once, from C++ and from JavaScript', async () => {
  const io = startServer();
  addon.open(io.native, ['/']);
  const pairs = await Promise.all(Array.from({ length: 20 }, () => connectPair(io)));
  await Promise.all(pairs.map(({ client }) => client.emitWithAck('join', 'all')));
  const news = pairs.map(({ client }) => eventOf(client, 'shouted'));
  pairs[0]?.client.emit('shout', 'x');
  expect(await Promise.all(news)).toEqual(pairs.map(() => ['x']));
  const fetched = await io.in('all').fetchSockets();
  expect(fetched).toHaveLength(20);
  io.in('all').disconnectSockets();
  await Promise.all(pairs.map(({ client }) => eventOf(client, 'disconnect')));
  expect(addon.ends()).toHaveLength(20);
});
