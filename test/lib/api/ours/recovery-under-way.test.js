'use strict';

/** What is sent while a client comes back: after its session was looked up, before it is connected. */

const { EVERYWHERE } = require('../../../support/rigs/everywhere');
const { cleanUp, connectRaw, openRaw, startServer } = require('../../../support/rigs/rig');
const { comeBack, eventIn, lose, offsetOf } = require('../../../support/rigs/recovery-rig');

afterEach(cleanUp);

/**
 * A client that has got one event and has lost its connection; what it comes back with.
 * @param {any} io
 */
async function connectAndLose(io) {
  const { raw, socket } = await connectRaw(io);
  socket.join('room');
  socket.emit('first');
  const offset = offsetOf(await raw.next());
  await lose({ raw, socket });
  return { pid: socket.pid, offset };
}

/** The names of the events up to one. @param {any} raw @param {string} last */
async function namesUntil(raw, last) {
  const names = [];
  while (names.at(-1) !== last) {
    const message = await raw.next();
    if (message.startsWith('42')) names.push(eventIn(message)[0]);
  }
  return names;
}

/** @param {any} io */
function emitToAllKinds(io) {
  io.to('room').emit('to its room');
  io.to('elsewhere').emit('not for it');
  io.except('room').emit('not for it');
  io.emit('to all');
}

const DOORS = [...new Map(EVERYWHERE.map(([name, , door]) => [name, door]))];

describe.each([{}, { recoverWithoutOffset: true }])('%j', (more) => {
  test.each(DOORS)('%s: while middlewares decide', async (_name, door) => {
    const io = startServer({ connectionStateRecovery: { skipMiddlewares: false }, ...more }, door);
    const auth = await connectAndLose(io);
    io.emit('missed');
    /** @type {Promise<() => void>} */
    const asked = new Promise((resolve) => io.use((_socket, next) => resolve(next)));
    const raw = await openRaw(io);
    raw.send(`40${JSON.stringify(auth)}`);
    const next = await asked;
    emitToAllKinds(io);
    io.once('connection', (/** @type {any} */ socket) => socket.emit('last'));
    next();
    expect(await namesUntil(raw, 'last')).toEqual(['missed', 'to its room', 'to all', 'last']);
  });

  test('between the look-up and the connection', async () => {
    const io = startServer({ connectionStateRecovery: {}, ...more });
    const auth = await connectAndLose(io);
    io.emit('missed');
    const { adapter } = io.of('/');
    const { restoreSession } = adapter;
    adapter.restoreSession = function (/** @type {any[]} */ ...args) {
      queueMicrotask(() => emitToAllKinds(io)); // before the namespace has what is returned
      return restoreSession.apply(this, args);
    };
    io.once('connection', (/** @type {any} */ socket) => socket.emit('last'));
    const { raw, socket } = await comeBack(io, auth);
    expect(socket.recovered).toBe(true);
    expect(await namesUntil(raw, 'last')).toEqual(['missed', 'to its room', 'to all', 'last']);
  });
});

test('packets that are dropped meanwhile do no harm', async () => {
  const io = startServer({ connectionStateRecovery: { skipMiddlewares: false } });
  const auth = await connectAndLose(io);
  io.emit('missed');
  /** @type {Promise<() => void>} */
  const asked = new Promise((resolve) => io.use((_socket, next) => resolve(next)));
  const raw = await openRaw(io);
  raw.send(`40${JSON.stringify(auth)}`);
  const next = await asked;
  const { packets } = io.of('/').adapter;
  packets.splice(0); // as the adapter does with those that are too old
  io.emit('later');
  io.once('connection', (/** @type {any} */ socket) => socket.emit('last'));
  next();
  expect(await namesUntil(raw, 'last')).toEqual(['missed', 'later', 'last']);
});
