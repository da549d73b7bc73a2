'use strict';

const { once } = require('node:events');
const { cleanUp, connectPair, connectRaw, eventOf } = require('../../../support/rigs/rig');
const { openClient, openRaw, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

test('a pattern creates namespaces when clients ask for them', async () => {
  const io = startServer();
  const created = once(io, 'new_namespace');
  const parent = io.of(/^\/room-\d+$/);
  const client = openClient(io, '/room-1');
  const [child] = await created;
  expect(child.name).toBe('/room-1');
  expect(parent.children.has(child)).toBe(true);
  expect(io._nsps.get('/room-1')).toBe(child);
  await eventOf(client, 'connect');
  expect(child.sockets.size).toBe(1);
});

test('a name that no parent accepts is refused', async () => {
  const io = startServer();
  io.of(/^\/room-\d+$/);
  const raw = await openRaw(io);
  raw.send('40/other,');
  expect(await raw.next()).toBe('44/other,{"message":"Invalid namespace"}');
});

test('a function decides with the authentication data, the first willing one wins', async () => {
  const io = startServer();
  const asked = [];
  io.of((name, auth, next) => {
    asked.push(['first', name, auth]);
    next(new Error('no'), true);
  });
  io.of((name, _auth, next) => {
    asked.push(['second', name]);
    next(null, false);
  });
  const third = io.of((name, _auth, next) => {
    asked.push(['third', name]);
    setImmediate(() => next(null, true));
  });
  io.of(() => {
    throw new Error('must not be asked');
  });
  const client = openClient(io, '/any', { auth: { key: 1 } });
  await eventOf(client, 'connect');
  expect(asked).toEqual([
    ['first', '/any', { key: 1 }],
    ['second', '/any'],
    ['third', '/any'],
  ]);
  expect([...third.children].map((nsp) => nsp.name)).toEqual(['/any']);
});

test('two clients that ask at the same time get the same namespace', async () => {
  const io = startServer();
  io.of((_name, _auth, next) => setImmediate(() => next(null, true)));
  const clients = [openClient(io, '/same'), openClient(io, '/same')];
  await Promise.all(clients.map((client) => eventOf(client, 'connect')));
  expect(io.of('/same').sockets.size).toBe(2);
});

test('children inherit middlewares and connection listeners', async () => {
  const io = startServer();
  const calls = [];
  const parent = io.of(/^\/room/, () => calls.push('connect'));
  parent.use((_socket, next) => {
    calls.push('middleware');
    next();
  });
  parent.on('connection', (socket) => calls.push(socket.nsp.name));
  await connectRaw(io, '/room');
  expect(calls).toEqual(['middleware', 'connect', '/room']);
});

test('a namespace created by hand becomes a child of the pattern that accepts it', () => {
  const io = startServer();
  const parent = io.of(/^\/room-\d+$/);
  const child = io.of('/room-7');
  expect(parent.children.has(child)).toBe(true);
  expect(io.of('/room-7')).toBe(child);
});

test('emit on the parent reaches every child, rooms and flags included', async () => {
  const io = startServer();
  const parent = io.of(/^\/room-\d+$/);
  const { client: one } = await connectPair(io, '/room-1');
  const { client: two, socket } = await connectPair(io, '/room-2');
  const everybody = Promise.all([eventOf(one, 'all'), eventOf(two, 'all')]);
  expect(parent.emit('all', 1)).toBe(true);
  expect(await everybody).toEqual([[1], [1]]);

  socket.join('vip');
  one.on('vip', () => {
    throw new Error('must not happen');
  });
  const vip = eventOf(two, 'vip');
  parent.to('vip').emit('vip', 2);
  expect(await vip).toEqual([2]);
});

test('stateful patterns are refused', () => {
  const io = startServer();
  const error = new Error('stateful regular expressions are not supported');
  expect(() => io.of(/a/g)).toThrow(error);
  expect(() => io.of(/a/y)).toThrow(error);
});

test('a parent has a name of its own and no sockets to fetch', () => {
  const io = startServer();
  const parent = io.of(/a/);
  expect(parent.name).toMatch(/^\/_\d+$/);
  expect(io.of(/b/).name).not.toBe(parent.name);
  expect(() => parent.fetchSockets()).toThrow(
    'fetchSockets() is not supported on parent namespaces',
  );
});

describe('cleanupEmptyChildNamespaces', () => {
  test('removes a child with its last socket', async () => {
    const io = startServer({ cleanupEmptyChildNamespaces: true });
    const parent = io.of(/^\/room/);
    const { client, socket } = await connectPair(io, '/room');
    const closed = jest.spyOn(socket.nsp.adapter, 'close');
    const left = once(socket, 'disconnect');
    client.disconnect();
    await left;
    expect(io._nsps.has('/room')).toBe(false);
    expect(parent.children.size).toBe(0);
    expect(closed).toHaveBeenCalledTimes(1);
    await connectPair(io, '/room');
    expect(parent.children.size).toBe(1);
  });

  test('removes a child whose only client is refused', async () => {
    const io = startServer({ cleanupEmptyChildNamespaces: true });
    const parent = io.of(/^\/room/);
    parent.use((_socket, next) => next(new Error('no')));
    await eventOf(openClient(io, '/room'), 'connect_error');
    expect(io._nsps.has('/room')).toBe(false);
    expect(parent.children.size).toBe(0);
  });

  test('is off by default', async () => {
    const io = startServer();
    const parent = io.of(/^\/room/);
    const { client, socket } = await connectPair(io, '/room');
    const left = once(socket, 'disconnect');
    client.disconnect();
    await left;
    expect(io._nsps.has('/room')).toBe(true);
    expect(parent.children.size).toBe(1);
  });
});
