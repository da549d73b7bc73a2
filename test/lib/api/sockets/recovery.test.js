'use strict';

/** Connection state recovery: across socket, namespace and the session-aware adapter. */

const { once } = require('node:events');
const { cleanUp, connectPair, connectRaw, eventOf } = require('../../../support/rigs/rig');
const { openRaw, startServer } = require('../../../support/rigs/rig');

const recovery = { connectionStateRecovery: {} };

afterEach(cleanUp);

/**
 * A client that has received one event and then lost its connection.
 * @param {any} io
 */
async function loseConnection(io) {
  const { raw, socket, answer } = await connectRaw(io);
  const { pid } = JSON.parse(answer.slice(2));
  socket.join('room');
  socket.data.name = 'ann';
  socket.emit('first');
  const offset = JSON.parse((await raw.next()).slice(2)).at(-1);
  const left = once(socket, 'disconnect');
  raw.ws.terminate();
  await left;
  return { pid, offset, socket };
}

/**
 * Comes back with what the client remembers; gives the new socket and a reader of messages.
 * @param {any} io
 * @param {object} auth
 */
async function comeBack(io, auth) {
  const raw = await openRaw(io);
  const connected = once(io, 'connection');
  raw.send(`40${JSON.stringify(auth)}`);
  const [socket] = await connected;
  return { raw, socket };
}

test('the options are completed in place', () => {
  const opts = { connectionStateRecovery: { skipMiddlewares: false } };
  const io = startServer(opts);
  expect(io.opts.connectionStateRecovery).toEqual({
    maxDisconnectionDuration: 120000,
    skipMiddlewares: false,
  });
  expect(io._opts.connectionStateRecovery).toBe(opts.connectionStateRecovery);
});

test('the client is told a private id, and an offset with each event', async () => {
  const { raw, socket, answer } = await connectRaw(startServer(recovery));
  expect(JSON.parse(answer.slice(2))).toEqual({ sid: socket.id, pid: socket.pid });
  socket.emit('hello', 1);
  expect(JSON.parse((await raw.next()).slice(2))).toEqual(['hello', 1, expect.any(String)]);
  socket.emit('ask', 2, () => {});
  expect(await raw.next()).toBe('420["ask",2]');
  socket.volatile.emit('volatile', 3);
  expect(await raw.next()).toBe('42["volatile",3]');
});

test('a session goes on with its id, rooms, data and missed packets', async () => {
  const io = startServer(recovery);
  const { pid, offset, socket: lost } = await loseConnection(io);
  io.to('room').emit('missed', 1);
  io.to('elsewhere').emit('not for it');
  io.except('room').emit('not for it either');
  io.emit('missed', 2);

  const { raw, socket } = await comeBack(io, { pid, offset });
  expect(socket).not.toBe(lost);
  expect(socket).toMatchObject({ recovered: true, id: lost.id, pid, data: { name: 'ann' } });
  expect([...socket.rooms].sort()).toEqual([lost.id, 'room'].sort());
  expect(JSON.parse((await raw.next()).slice(2)).slice(0, 2)).toEqual(['missed', 1]);
  expect(JSON.parse((await raw.next()).slice(2)).slice(0, 2)).toEqual(['missed', 2]);
  expect(await raw.next()).toBe(`40{"sid":"${lost.id}","pid":"${pid}"}`);
});

test('it skips the middlewares, unless told otherwise', async () => {
  for (const [skipMiddlewares, calls] of [
    [true, 1],
    [false, 2],
  ]) {
    const io = startServer({ connectionStateRecovery: { skipMiddlewares } });
    const middleware = jest.fn((_socket, next) => next());
    io.use(middleware);
    const { pid, offset } = await loseConnection(io);
    const { socket } = await comeBack(io, { pid, offset });
    expect(socket.recovered).toBe(true);
    expect(middleware).toHaveBeenCalledTimes(calls);
  }
});

test.each([
  ['an unknown private id', { pid: 'unknown' }],
  ['an unknown offset', { offset: 'unknown' }],
  ['no offset', { offset: undefined }],
  ['an offset that is no string', { offset: 7 }],
])('%s starts a new session', async (_name, change) => {
  const io = startServer(recovery);
  const { pid, offset, socket: lost } = await loseConnection(io);
  const { socket } = await comeBack(io, { pid, offset, ...change });
  expect(socket.recovered).toBe(false);
  expect(socket.id).not.toBe(lost.id);
  expect(socket.pid).not.toBe(pid);
  expect(socket.data).toEqual({});
});

test('a session that the adapter fails to restore starts anew', async () => {
  const io = startServer(recovery);
  const { pid, offset } = await loseConnection(io);
  io.sockets.adapter.restoreSession = () => Promise.reject(new Error('must be caught'));
  expect((await comeBack(io, { pid, offset })).socket.recovered).toBe(false);
});

test('a client that left on purpose cannot come back to its session', async () => {
  const io = startServer(recovery);
  const persisted = jest.spyOn(io.sockets.adapter, 'persistSession');
  const { client, socket } = await connectPair(io);
  const left = once(socket, 'disconnect');
  client.disconnect();
  await left;
  const second = await connectPair(io);
  second.socket.disconnect();
  expect(persisted).not.toHaveBeenCalled();
});

test('the official client recovers', async () => {
  const io = startServer(recovery);
  const { client, socket } = await connectPair(io, '/', {
    reconnection: true,
    reconnectionDelay: 10,
    reconnectionDelayMax: 10,
  });
  const first = eventOf(client, 'hello');
  socket.emit('hello');
  await first;
  const left = once(socket, 'disconnect');
  const back = eventOf(client, 'connect');
  client.io.engine.close();
  await left;
  const missed = eventOf(client, 'missed');
  io.emit('missed', 7);
  await back;
  expect(client.recovered).toBe(true);
  expect((await missed)[0]).toBe(7);
});

test('without the option there is no private id', async () => {
  const { answer, socket } = await connectRaw(startServer());
  expect(socket.pid).toBeUndefined();
  expect(answer).toBe(`40{"sid":"${socket.id}"}`);
});
