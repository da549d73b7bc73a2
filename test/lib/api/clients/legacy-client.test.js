'use strict';

/** Clients of the third Engine.IO revision, those of Socket.IO v2. */

const { once } = require('node:events');
const { cleanUp, openRaw, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

/**
 * A client in the main namespace: it need not ask.
 * @param {any} io
 */
async function connectLegacy(io) {
  const connected = once(io, 'connection');
  const raw = await openRaw(io, 'EIO=3');
  const [socket] = await connected;
  return { raw, socket, answer: await raw.next() };
}

test('it is in the main namespace at once, with the id of its connection', async () => {
  const { socket, answer } = await connectLegacy(startServer({ allowEIO3: true }));
  expect(answer).toBe('40');
  expect(socket.id).toBe(socket.conn.id);
  expect(socket.handshake.auth).toEqual({});
});

test('the query of a namespace is its authentication data', async () => {
  const io = startServer({ allowEIO3: true });
  const nsp = io.of('/chat');
  const { raw } = await connectLegacy(io);
  const connected = once(nsp, 'connection');
  raw.send('40/chat?token=a%20b&__proto__=1');
  const [socket] = await connected;
  expect(await raw.next()).toBe('40/chat,');
  expect(socket.id).toBe(`/chat#${socket.conn.id}`);
  expect(Object.getPrototypeOf(socket.handshake.auth)).toBeNull();
  expect({ ...socket.handshake.auth }).toMatchObject({ token: 'a b' });

  const got = once(socket, 'hello');
  raw.send('42/chat,["hello",1]');
  expect(await got).toEqual([1]);
  const asked = once(socket, 'ask');
  raw.send('42/chat?token=a,7["ask"]');
  const [ack] = await asked;
  ack('yes');
  expect(await raw.next()).toBe('43/chat,7["yes"]');
});

test('events, acknowledgements and binary data', async () => {
  const { raw, socket } = await connectLegacy(startServer({ allowEIO3: true }));
  socket.on('ask', (value, ack) => ack(value + 1));
  raw.send('421["ask",1]');
  expect(await raw.next()).toBe('431[2]');
  socket.emit('bytes', Buffer.from([1, 2]));
  expect(await raw.next()).toBe('451-["bytes",{"_placeholder":true,"num":0}]');
  expect(await raw.next()).toEqual(Buffer.from([4, 1, 2]));
  const left = once(socket, 'disconnect');
  raw.send('41');
  expect((await left)[0]).toBe('client namespace disconnect');
});

test('a refusal is the data of the error, or its message', async () => {
  const io = startServer({ allowEIO3: true });
  io.of('/data').use((_socket, next) => next(Object.assign(new Error('no'), { data: { why: 1 } })));
  io.of('/message').use((_socket, next) => next(new Error('no')));
  const { raw } = await connectLegacy(io);
  raw.send('40/data');
  expect(await raw.next()).toBe('44/data,{"why":1}');
  raw.send('40/message');
  expect(await raw.next()).toBe('44/message,"no"');
  raw.send('40/unknown');
  expect(await raw.next()).toBe('44/unknown,{"message":"Invalid namespace"}');
});

test('a namespace that is no path closes the connection', async () => {
  const { raw, socket } = await connectLegacy(startServer({ allowEIO3: true }));
  const failed = new Promise((resolve) => socket.on('error', resolve));
  raw.send('42//[,["x"]');
  expect((await failed).message).toBe('Invalid URL');
  await raw.closed;
});
