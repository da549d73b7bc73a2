'use strict';

const { once } = require('node:events');
const { cleanUp, connectPair, eventOf, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

const directions = [
  ['onAny', 'prependAny', 'offAny', 'listenersAny'],
  ['onAnyOutgoing', 'prependAnyOutgoing', 'offAnyOutgoing', 'listenersAnyOutgoing'],
];

test.each(directions)('%s, %s, %s and %s keep one list', async (on, prepend, off, list) => {
  const { socket } = await connectPair(startServer());
  const [a, b, c] = [() => 'a', () => 'b', () => 'c'];
  expect(socket[list]()).toEqual([]);
  expect(socket[off](a)).toBe(socket);
  expect(socket[on](a)[on](b)[on](a)[prepend](c)).toBe(socket);
  expect(socket[list]()).toEqual([c, a, b, a]);
  socket[off](a);
  expect(socket[list]()).toEqual([c, b, a]);
  socket[off](() => {});
  expect(socket[list]()).toEqual([c, b, a]);
  socket[off]();
  expect(socket[list]()).toEqual([]);
});

test('received events reach the catch-all listeners, before the middlewares', async () => {
  const { socket, client } = await connectPair(startServer());
  const log = [];
  socket.use((_event, next) => {
    log.push('middleware');
    next();
  });
  socket.onAny(function listener(...args) {
    log.push(['second', this === socket, ...args]);
  });
  socket.prependAny((...args) => log.push(['first', ...args]));
  const got = once(socket, 'hello');
  client.emit('hello', 1);
  await got;
  expect(log).toEqual([['first', 'hello', 1], ['second', true, 'hello', 1], 'middleware']);
});

test('the acknowledgement is the last argument', async () => {
  const { socket, client } = await connectPair(startServer());
  socket.onAny((event, ack) => ack(`${event}!`));
  expect(await client.emitWithAck('hello')).toBe('hello!');
});

test('sent events reach the outgoing listeners: emits and broadcasts, not acknowledgements', async () => {
  const io = startServer();
  const { socket, client } = await connectPair(io);
  const log = [];
  socket.onAnyOutgoing(function listener(...args) {
    log.push([this === socket, ...args]);
  });
  socket.on('ask', (ack) => ack('answer'));
  await client.emitWithAck('ask');
  socket.emit('direct', 1, () => {});
  io.emit('broadcast', 2);
  const last = eventOf(client, 'room');
  io.to(socket.id).emit('room', Buffer.from('x'));
  await last;
  expect(log).toEqual([
    [true, 'direct', 1],
    [true, 'broadcast', 2],
    [true, 'room', Buffer.from('x')],
  ]);
});

test('a listener may remove itself while it is being called', async () => {
  const { socket } = await connectPair(startServer());
  const log = [];
  const removed = () => {
    log.push('removed');
    socket.offAnyOutgoing(removed);
  };
  socket.onAnyOutgoing(removed);
  socket.onAnyOutgoing(() => log.push('stays'));
  socket.emit('one');
  socket.emit('two');
  expect(log).toEqual(['removed', 'stays', 'stays']);
});
