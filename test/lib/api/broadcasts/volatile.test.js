/**
 * Which volatile packets are sent: of those in one tick the first, and none to a client that cannot
 * take more at the moment.
 */
'use strict';

const {
  cleanUp,
  connectPair,
  eventOf,
  openClient,
  startServer,
} = require('../../../support/rigs/rig');
const { isOurs } = require('../../../support/subjects/subject');

afterEach(cleanUp);

/** Names of the events that a client gets up to `end`. @param {any} client */
async function namesUpToEnd(client) {
  /** @type {string[]} */
  const names = [];
  client.onAny((/** @type {string} */ name) => names.push(name));
  await eventOf(client, 'end');
  return names;
}

/** @type {[string, (run: () => void) => void][]} */
const LATER = [
  ['process.nextTick', process.nextTick],
  ['a microtask', (run) => void Promise.resolve().then(run)],
  ['setImmediate', setImmediate],
];

test.each(LATER)('is sent in %s after the connection', async (_name, later) => {
  const io = startServer();
  for (let i = 0; i < 5; i++) {
    const client = openClient(io);
    io.once('connection', (/** @type {any} */ socket) => {
      later(() => {
        socket.volatile.emit('volatile');
        socket.emit('end');
      });
    });
    expect(await namesUpToEnd(client)).toEqual(['volatile', 'end']);
    client.disconnect();
  }
});

test.each(LATER)('is sent in %s after another packet', async (_name, later) => {
  const io = startServer();
  const { client, socket } = await connectPair(io);
  socket.volatile.emit('before'); // whoever uses them has them told apart
  socket.on('go', () => {
    socket.emit('plain');
    later(() => {
      socket.volatile.emit('volatile');
      socket.emit('end');
    });
  });
  client.emit('go');
  expect(await namesUpToEnd(client)).toEqual(expect.arrayContaining(['plain', 'volatile', 'end']));
});

test('is not sent behind another packet of its tick', async () => {
  const io = startServer();
  const { client, socket } = await connectPair(io);
  const names = namesUpToEnd(client);
  await new Promise(setImmediate);
  socket.emit('plain');
  socket.volatile.emit('lost');
  io.volatile.emit('lost as well');
  setImmediate(() => socket.emit('end'));
  expect(await names).toEqual(['plain', 'end']);
});

test('is sent after somebody has looked at the transport', async () => {
  const io = startServer();
  const { client, socket } = await connectPair(io);
  for (let i = 0; i < 20; i++) {
    const names = namesUpToEnd(client);
    void socket.conn.transport.writable;
    await new Promise(setImmediate);
    socket.volatile.emit('volatile');
    await new Promise(setImmediate);
    socket.emit('end');
    expect(await names).toEqual(isOurs ? ['volatile', 'end'] : expect.arrayContaining(['end']));
    client.offAny();
  }
});
