'use strict';

/** What applications and tools may expect of any adapter: its lists, its events, and that it can be
 * another one at any time. */

const { Adapter, SessionAwareAdapter } = require('socket.io-adapter');
const { cleanUp, connectRaw, openRaw, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

const EVENTS = ['create-room', 'join-room', 'leave-room', 'delete-room'];

/**
 * What an adapter tells, with ids of sockets as they are named.
 * @param {any} adapter
 */
function listen(adapter) {
  /** @type {Map<string, string>} */
  const names = new Map();
  const log = [];
  const name = (/** @type {string} */ id) => names.get(id) ?? id;
  for (const event of EVENTS) {
    adapter.on(event, (...args) => log.push([event, ...args.map(name)].join(' ')));
  }
  return { log, names };
}

/**
 * The messages up to one that is sent now.
 * @param {any} raw
 * @param {any} socket
 */
async function messagesOf(raw, socket) {
  socket.emit('end');
  const messages = [];
  for (let text = await raw.next(); text !== '42["end"]'; text = await raw.next()) {
    messages.push(text.slice(2));
  }
  return messages;
}

test('rooms are created, joined, left and deleted, in this order', async () => {
  const io = startServer();
  const { log, names } = listen(io.sockets.adapter);
  const { socket: a } = await connectRaw(io);
  const { socket: b } = await connectRaw(io);
  names.set(a.id, 'a').set(b.id, 'b');
  expect(log.splice(0)).toEqual(
    [a.id, a.id, b.id, b.id].map((id, i) =>
      i % 2 ? `join-room ${id} ${id}` : `create-room ${id}`,
    ),
  );
  expect(a.join(['x', 'y'])).toBeUndefined();
  b.join('x');
  b.join('x');
  a.leave('x');
  a.leave('x');
  b.leave('nowhere');
  expect(log.splice(0)).toEqual([
    'create-room x',
    'join-room x a',
    'create-room y',
    'join-room y a',
    'join-room x b',
    'leave-room x a',
  ]);
  b.disconnect();
  a.leaveAll();
  expect(log.splice(0)).toEqual([
    'leave-room b b',
    'delete-room b',
    'leave-room x b',
    'delete-room x',
    'leave-room a a',
    'delete-room a',
    'leave-room y a',
    'delete-room y',
  ]);
  expect(io.sockets.adapter.rooms.size + io.sockets.adapter.sids.size).toBe(0);
});

test('a listener that broadcasts to the room reaches those who are in it', async () => {
  const io = startServer();
  const { adapter } = io.sockets;
  const all = [await connectRaw(io), await connectRaw(io), await connectRaw(io)];
  const names = new Map(all.map(({ socket }, i) => [socket.id, `${i}`]));
  for (const event of EVENTS) {
    adapter.on(event, (room, id) => {
      if (room === 'x') io.to('x').emit(event, names.get(id) ?? null);
    });
  }
  for (const { socket } of all) socket.join('x');
  for (const { socket } of all) socket.leave('x');
  io.to('x').emit('nobody');
  const received = await Promise.all(all.map(({ raw, socket }) => messagesOf(raw, socket)));
  const [join, leave] = ['join', 'leave'].map((kind) =>
    [0, 1, 2].map((i) => `["${kind}-room","${i}"]`),
  );
  expect(received).toEqual([join, [join[1], join[2], leave[0]], [join[2], leave[0], leave[1]]]);
});

test('a new socket hears what its own arrival makes others send', async () => {
  const io = startServer();
  await connectRaw(io);
  await connectRaw(io);
  io.sockets.adapter.on('create-room', () => io.emit('created'));
  io.sockets.adapter.on('join-room', (room) => {
    io.emit('joined');
    io.to(room).emit('own');
  });
  const raw = await openRaw(io);
  raw.send('40');
  const messages = [];
  while (messages.length < 4) messages.push(await raw.next());
  expect(messages).toEqual([
    '42["created"]',
    '42["joined"]',
    '42["own"]',
    expect.stringMatching(/^40\{"sid"/),
  ]);
});

test('who left its own room, or all rooms, is still reached as far as the lists say', async () => {
  const io = startServer();
  const all = [await connectRaw(io), await connectRaw(io), await connectRaw(io)];
  const [own, every, back] = all.map(({ socket }) => socket);
  own.leave(own.id);
  every.leaveAll();
  back.leaveAll();
  back.join('x');
  own.join('x');
  io.emit('all');
  io.to('x').emit('x');
  io.to(own.id).emit('own');
  const received = await Promise.all(all.map(({ raw, socket }) => messagesOf(raw, socket)));
  expect(received).toEqual([['["all"]', '["x"]'], [], ['["all"]', '["x"]']]);
});

test('rooms joined on the way through the middlewares count from the connection on', async () => {
  const io = startServer();
  const first = await connectRaw(io);
  first.socket.join('x');
  io.use((socket, next) => {
    socket.join(['x', socket.id]);
    io.to('x').emit('early');
    next();
  });
  const second = await connectRaw(io);
  io.to('x').emit('late');
  io.to(second.socket.id).emit('own');
  io.emit('all');
  expect(await messagesOf(first.raw, first.socket)).toEqual(['["early"]', '["late"]', '["all"]']);
  expect(await messagesOf(second.raw, second.socket)).toEqual(['["late"]', '["own"]', '["all"]']);
});

test.each([
  ['the genuine one', Adapter],
  ['another of the same class', undefined],
])('when an adapter is replaced by %s, its sockets keep it', async (_name, replacement) => {
  const io = startServer();
  const all = [await connectRaw(io), await connectRaw(io)];
  const [a, b] = all.map(({ socket }) => socket);
  for (const socket of [a, b]) socket.join('x');
  const { adapter } = io.sockets;
  io.adapter(replacement ?? io.adapter());
  expect(io.sockets.adapter === adapter).toBe(false);
  expect(a.adapter === adapter).toBe(true);
  all.push(await connectRaw(io));
  const { socket: c } = all[2];
  c.join('x');
  a.join('y');
  expect([...a.rooms]).toEqual([a.id, 'x', 'y']);
  expect([...io.sockets.adapter.rooms.keys()]).toEqual([c.id, 'x']);
  io.to('x').emit('new x');
  io.emit('new all');
  b.to('x').emit('old x');
  b.broadcast.emit('old all');
  const received = await Promise.all(all.map(({ raw, socket }) => messagesOf(raw, socket)));
  expect(received).toEqual([['["old x"]', '["old all"]'], [], ['["new x"]', '["new all"]']]);
  a.disconnect();
  expect([...adapter.rooms.keys()]).toEqual([b.id, 'x']);
});

test('an adapter replaced in one namespace while it broadcasts', async () => {
  const io = startServer();
  const { raw, socket } = await connectRaw(io);
  const { adapter } = io.sockets;
  const operator = io.to(socket.id);
  io.sockets.adapter = new Adapter(io.sockets);
  operator.emit('old'); // an operator keeps the adapter it was made with
  io.to(socket.id).emit('new');
  io.sockets.adapter = adapter;
  io.to(socket.id).emit('back');
  expect(await messagesOf(raw, socket)).toEqual(['["old"]', '["back"]']);
});

test('an adapter class that extends what the server uses by default', async () => {
  const io = startServer();
  const calls = [];
  class Watching extends io.adapter() {
    addAll(id, rooms) {
      calls.push(`addAll ${[...rooms].filter((room) => room !== id)}`);
      super.addAll(id, rooms);
      return Promise.resolve('joined');
    }

    broadcast(packet, opts) {
      calls.push(`broadcast ${packet.data[0]}`);
      packet.data.push('seen');
      super.broadcast(packet, opts);
    }
  }
  io.adapter(Watching);
  const { raw, socket } = await connectRaw(io);
  expect(await socket.join('x')).toBe('joined');
  io.to('x').emit('hello');
  expect(await messagesOf(raw, socket)).toEqual(['["hello","seen"]']);
  expect(calls).toEqual(['addAll ', 'addAll x', 'broadcast hello']);
});

test('the genuine session-aware adapter keeps sessions and packets', async () => {
  const io = startServer({ adapter: SessionAwareAdapter, connectionStateRecovery: {} });
  const { adapter } = io.sockets;
  const { raw, socket, answer } = await connectRaw(io);
  const { pid } = JSON.parse(answer.slice(2));
  socket.join('x');
  io.to('x').emit('first');
  const offset = JSON.parse((await raw.next()).slice(2)).at(-1);
  raw.ws.terminate();
  await new Promise((resolve) => socket.once('disconnect', resolve));
  io.to('x').emit('missed');
  io.to('x')
    .timeout(10)
    .emit('asked', () => {});
  io.volatile.emit('volatile');
  expect(adapter.packets.map(({ data }) => data[0])).toEqual(['first', 'missed']);
  expect(adapter.sessions.get(pid)).toMatchObject({ sid: socket.id, rooms: [socket.id, 'x'] });
  expect(adapter.restoreSession('unknown', offset)).toBeNull();
  expect(adapter.restoreSession(pid, 'unknown')).toBeNull();
  const { missedPackets } = await adapter.restoreSession(pid, offset);
  expect(missedPackets).toEqual([['missed', expect.any(String)]]);
});
