'use strict';

/** The events `slow` and `drained` of `socket.conn` and of the engine. */

const { once } = require('node:events');
const { EVERYWHERE } = require('../../../../support/rigs/everywhere');
const { cleanUp, connectPair, startServer } = require('../../../../support/rigs/rig');
const { LOADS, stall } = require('../../../../support/clients/stall');

afterEach(cleanUp);

const CHUNK = 'x'.repeat(50_000);

/** @param {any} emitter @returns {any[][]} what it tells, as it comes */
function listen(emitter) {
  /** @type {any[][]} */
  const told = [];
  for (const event of ['slow', 'drained']) {
    emitter.on(event, (/** @type {any[]} */ ...args) => told.push([event, ...args]));
  }
  return told;
}

describe.each(EVERYWHERE)('%s, %s', (_door, transport, door, transports) => {
  const { chunk, count } = LOADS[transport];

  test.each([1, 3])('one event for each crossing (%d threads)', async (ioThreads) => {
    const io = startServer({ ioThreads, sendHighWaterMark: 200_000 }, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    const witness = await connectPair(io, '/', { transports });
    const told = listen(socket.conn);
    const toldOfWitness = listen(witness.socket.conn);
    const toldOfAll = listen(io.engine);
    for (let round = 0; round < 2; round++) {
      const goOn = await stall({ client, socket });
      const slow = once(socket.conn, 'slow');
      for (let i = 0; i < count; i++) socket.emit('chunk', chunk);
      await slow;
      for (let i = 0; i < 3; i++) socket.emit('chunk', CHUNK);
      witness.socket.emit('chunk', CHUNK);
      await witness.socket.drained();
      const drained = once(socket.conn, 'drained');
      goOn();
      await drained;
      await socket.drained();
    }
    expect(told.map(([event]) => event)).toEqual(['slow', 'drained', 'slow', 'drained']);
    for (const [event, bytes] of told) {
      if (event === 'slow') expect(bytes).toBeGreaterThan(200_000);
    }
    expect(toldOfWitness).toEqual([]);
    expect(toldOfAll).toEqual(told.map(([event, bytes]) => [event, socket.conn, bytes]));
  });
});

test('the mark of one client may be another, and change', async () => {
  const io = startServer({ sendHighWaterMark: 1e9 });
  const { client, socket } = await connectPair(io, '/', { transports: ['polling'] });
  const told = listen(socket.conn);
  const goOn = await stall({ client, socket });
  for (let i = 0; i < 5; i++) socket.emit('chunk', CHUNK);
  expect(socket.conn.sendHighWaterMark).toBe(1e9);
  const slow = once(socket.conn, 'slow');
  socket.conn.sendHighWaterMark = 1000;
  socket.emit('chunk', CHUNK);
  await slow;
  const drained = once(socket.conn, 'drained');
  goOn();
  await drained;
  expect(told.map(([event]) => event)).toEqual(['slow', 'drained']);
  expect(() => (socket.conn.sendHighWaterMark = 0)).toThrow(RangeError);
  expect(() => (socket.conn.sendHighWaterMark = 'much')).toThrow(TypeError);
});

test('the engine tells of clients that came before its listener', async () => {
  const io = startServer({ sendHighWaterMark: 1000 });
  const { client, socket } = await connectPair(io, '/', { transports: ['polling'] });
  const told = listen(io.engine);
  const goOn = await stall({ client, socket });
  const slow = once(io.engine, 'slow');
  for (let i = 0; i < 5; i++) socket.emit('chunk', CHUNK);
  const [conn, bytes] = await slow;
  expect(conn).toBe(socket.conn);
  expect(bytes).toBeGreaterThan(1000);
  goOn();
  await socket.drained();
  expect(told.length).toBe(2);
});

test('events of clients that have these names are events of clients', async () => {
  const io = startServer({ sendHighWaterMark: 1000 });
  const { client, socket } = await connectPair(io, '/', { transports: ['polling'] });
  listen(socket.conn);
  const heard = jest.fn();
  socket.on('slow', heard);
  const slow = once(socket.conn, 'slow');
  const goOn = await stall({ client, socket });
  for (let i = 0; i < 5; i++) socket.emit('chunk', CHUNK);
  await slow;
  expect(heard).not.toHaveBeenCalled();
  const asked = once(socket, 'slow');
  client.emit('slow', 'mine');
  expect(await asked).toEqual(['mine']);
  goOn();
});
