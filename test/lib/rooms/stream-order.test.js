'use strict';

/** Recovery over a stream: each packet once and in order, whatever is read or looked up first. */

const { once } = require('node:events');
const { Stream, createStreamAdapter } = require('../../support/fakes/stream-adapter');
const { cleanUp, connectRaw, openRaw, startServer } = require('../../support/rigs/rig');
const { comeBack, eventIn, lose, offsetOf, pidOf } = require('../../support/rigs/recovery-rig');

afterEach(cleanUp);

/** @param {object} [recovery] */
function startOverStream(recovery = {}) {
  const stream = new Stream();
  const io = startServer({
    adapter: createStreamAdapter(stream),
    connectionStateRecovery: recovery,
    recoverWithoutLoss: true,
  });
  return { stream, io, adapter: io.of('/').adapter };
}

/**
 * A client that has received one event, which its server has read in the stream. From then on the server
 * reads when it is told.
 * @param {ReturnType<typeof startOverStream>} server
 */
async function connectReader({ io, adapter }) {
  const { raw, socket } = await connectRaw(io);
  socket.join('room');
  socket.data.name = 'ann';
  socket.emit('first');
  const offset = offsetOf(await raw.next());
  adapter.isReading = false;
  return { raw, socket, auth: { pid: socket.pid, offset } };
}

/** The names of so many events. @param {any} raw @param {number} count */
async function names(raw, count) {
  const list = [];
  while (list.length < count) list.push(eventIn(await raw.next())[0]);
  return list;
}

/** The names of the events before CONNECT. @param {any} raw */
async function namesOfPast(raw) {
  const list = [];
  for (;;) {
    const message = await raw.next();
    if (message.startsWith('40')) return list;
    list.push(eventIn(message)[0]);
  }
}

/** Until what was written is in the stream. @param {Stream} stream @param {number} count */
async function untilWritten(stream, count) {
  while (stream.entries.length < count) await new Promise(setImmediate);
}

test('own packets come at their place in the stream', async () => {
  const server = startOverStream();
  const { stream, io, adapter } = server;
  const { raw } = await connectReader(server);
  const count = stream.entries.length;
  stream.emit('another');
  io.to('room').emit('own');
  await untilWritten(stream, count + 2);
  adapter.read();
  expect(await names(raw, 2)).toEqual(['another', 'own']);
});

test('so do joins, leaves and disconnections, behind what was sent before', async () => {
  const server = startOverStream();
  const { stream, io, adapter } = server;
  const { raw } = await connectReader(server);
  const count = stream.entries.length;
  io.emit('early');
  io.in('room').socketsJoin('more');
  io.to('more').emit('to more');
  io.in('room').socketsLeave('more');
  io.to('more').emit('not for it');
  io.emit('last');
  io.disconnectSockets();
  await untilWritten(stream, count + 7);
  adapter.read();
  expect(await names(raw, 3)).toEqual(['early', 'to more', 'last']);
  expect(await raw.next()).toBe('41');
});

test('the past ends where the server has read, and the rest comes as it is read', async () => {
  const server = startOverStream();
  const { stream, io, adapter } = server;
  const reader = await connectReader(server);
  await lose(reader);
  stream.emit('read');
  stream.emit('not for it', { rooms: ['elsewhere'] });
  adapter.read();
  stream.emit('looked up'); // before it is read
  const { raw, socket } = await comeBack(io, reader.auth);
  expect(socket).toMatchObject({ recovered: true, data: { name: 'ann' } });
  expect(socket.rooms).toEqual(new Set([socket.id, 'room']));
  expect(await namesOfPast(raw)).toEqual(['read']);
  adapter.read();
  expect(await names(raw, 1)).toEqual(['looked up']);
});

test('what is read while the past is looked up is part of it', async () => {
  const server = startOverStream();
  const { stream, io, adapter } = server;
  const reader = await connectReader(server);
  await lose(reader);
  stream.emit('before');
  adapter.onLookUp = async (when) => {
    if (when === 'before') {
      adapter.read();
      return;
    }
    stream.emit('after', { rooms: ['room'] });
    stream.emit('not for it', { rooms: ['elsewhere'] });
    stream.emit('not for it', { except: ['room'] });
    stream.emit('volatile', { flags: { volatile: true } });
    stream.emit('asks', { id: 7 });
    io.to('room').emit('own');
    await untilWritten(stream, stream.entries.length + 1);
    adapter.read();
    stream.emit('unread');
  };
  const { raw } = await comeBack(io, reader.auth);
  expect(await namesOfPast(raw)).toEqual(['before', 'after', 'own']);
  adapter.read();
  expect(await names(raw, 1)).toEqual(['unread']);
});

test('what is read while middlewares decide comes before the client is let in', async () => {
  const server = startOverStream({ skipMiddlewares: false });
  const { stream, io, adapter } = server;
  const reader = await connectReader(server);
  await lose(reader);
  stream.emit('unread');
  /** @type {Promise<() => void>} */
  const asked = new Promise((resolve) => io.use((_socket, next) => resolve(next)));
  const raw = await openRaw(io);
  raw.send(`40${JSON.stringify(reader.auth)}`);
  const next = await asked;
  stream.emit('meanwhile');
  adapter.read();
  next();
  expect(await namesOfPast(raw)).toEqual(['unread', 'meanwhile']);
  stream.emit('live');
  adapter.read();
  expect(await names(raw, 1)).toEqual(['live']);
});

test('a client that leaves while middlewares decide finds its session the next time', async () => {
  const server = startOverStream({ skipMiddlewares: false });
  const { stream, io } = server;
  const reader = await connectReader(server);
  await lose(reader);
  /** @type {(() => void)[]} */
  const waiting = [];
  const asked = new Promise((resolve) =>
    io.use((_socket, next) => resolve(waiting.length === 0 ? waiting.push(next) : next())),
  );
  const engineSocket = once(io.engine, 'connection');
  const raw = await openRaw(io);
  raw.send(`40${JSON.stringify(reader.auth)}`);
  await asked;
  const [conn] = await engineSocket;
  const closed = once(conn, 'close');
  raw.ws.terminate();
  await closed;
  expect(stream.sessions.size).toBe(0);
  waiting[0]();
  while (stream.sessions.size === 0) await new Promise(setImmediate);
  const { socket } = await comeBack(io, reader.auth);
  expect(socket).toMatchObject({ recovered: true, id: reader.socket.id, data: { name: 'ann' } });
});

test('a session is looked up once the stream is read', async () => {
  const server = startOverStream();
  const reader = await connectReader(server);
  await lose(reader);
  const late = startServer({
    adapter: createStreamAdapter(server.stream),
    connectionStateRecovery: {},
    recoverWithoutLoss: true,
  });
  const { adapter } = late.of('/');
  adapter.isReading = false;
  /** @type {string[]} */
  const steps = [];
  adapter.onLookUp = async (when) => void steps.push(when);
  const raw = await openRaw(late);
  const connected = once(late, 'connection');
  raw.send(`40${JSON.stringify(reader.auth)}`);
  const { length } = server.stream.entries;
  await untilWritten(server.stream, length + 1); // it writes again, for nothing was read
  expect(steps).toEqual([]);
  adapter.read();
  const [socket] = await connected;
  expect(steps).toEqual(['before', 'after']);
  expect(socket.recovered).toBe(true);
});

test('what cannot be written is given to the own sockets', async () => {
  const server = startOverStream();
  const { stream, io } = server;
  const { raw } = await connectReader(server);
  stream.failure = new Error('no connection');
  io.to('room').emit('own');
  expect(JSON.parse((await raw.next()).slice(2))).toEqual(['own']);
  io.local.emit('local');
  expect(JSON.parse((await raw.next()).slice(2))).toEqual(['local']);
});

test('who finds no session starts anew', async () => {
  const server = startOverStream();
  const { io } = server;
  await connectReader(server);
  const { raw, socket } = await comeBack(io, { pid: 'unknown', offset: '1-0' });
  expect(socket.recovered).toBe(false);
  expect(pidOf(await raw.next())).toBe(socket.pid);
});

test.each([
  {},
  { recoverWithoutLoss: true },
  { connectionStateRecovery: {} },
  { connectionStateRecovery: {}, recoverWithoutLoss: false },
])('the adapter is as it was made with %j', (options) => {
  const io = startServer({ adapter: createStreamAdapter(new Stream()), ...options });
  const { adapter } = io.of('/');
  expect(Object.keys(adapter)).not.toContain('onMessage');
  expect(Object.keys(startOverStream().adapter)).toContain('onMessage');
});
