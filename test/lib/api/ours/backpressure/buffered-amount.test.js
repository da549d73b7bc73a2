'use strict';

/** `bufferedAmount`: what has been sent and not been taken, known at once. */

const { once } = require('node:events');
const { EVERYWHERE } = require('../../../../support/rigs/everywhere');
const { cleanUp, connectPair, eventOf, startServer } = require('../../../../support/rigs/rig');
const engineRig = require('../../../../support/rigs/engine-rig');
const { LOADS, stall } = require('../../../../support/clients/stall');

afterEach(cleanUp);
afterEach(engineRig.cleanUp);

/** What counts for a packet between polls beside its data. */
const PACKET = 40;

describe.each(EVERYWHERE)('%s, %s', (_door, transport, door, transports) => {
  const { chunk, count } = LOADS[transport];
  const most = chunk.length * count;

  test.each([1, 3])('a stalled client fills it (%d threads)', async (ioThreads) => {
    const io = startServer({ ioThreads }, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    const witness = await connectPair(io, '/', { transports });
    expect(socket.bufferedAmount).toBe(0);
    const goOn = await stall({ client, socket });
    let sent = 0;
    let received = 0;
    client.on('chunk', () => received++);
    // Without a turn of the event loop.
    for (; socket.bufferedAmount < most / 4 && sent < 10 * count; sent++)
      socket.emit('chunk', chunk);
    expect(socket.conn.bufferedAmount).toBeGreaterThanOrEqual(most / 4);
    for (; sent < count; sent++) socket.emit('chunk', chunk);
    witness.socket.emit('hello', 1);
    expect(await eventOf(witness.client, 'hello')).toEqual([1]);
    await witness.socket.drained();
    expect(witness.socket.bufferedAmount).toBe(0);
    expect(socket.bufferedAmount).toBeGreaterThan(chunk.length); // the system has taken some
    goOn();
    await engineRig.eventually(() => received === sent);
    await socket.drained();
    expect(socket.bufferedAmount).toBe(0);
  });

  test('broadcasts count, and the end is nothing', async () => {
    const io = startServer({}, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    const goOn = await stall({ client, socket });
    expect(socket.bufferedAmount).toBe(0);
    for (let i = 0; i < count; i++) io.emit('chunk', chunk);
    await engineRig.eventually(() => socket.bufferedAmount > chunk.length);
    const left = once(socket.conn, 'close');
    goOn();
    socket.disconnect(true);
    await left;
    expect(socket.bufferedAmount).toBe(0);
  });
});

test('it is exact between polls', async () => {
  const rig = await engineRig.startEngine(engineRig.Engine);
  const opened = once(rig.engine, 'connection');
  const sid = await engineRig.openPolling(rig.port);
  const [session] = await opened;
  expect(session.bufferedAmount).toBe(0);
  for (let i = 1; i <= 5; i++) {
    session.send('x'.repeat(100));
    expect(session.bufferedAmount).toBeGreaterThanOrEqual(i * 100);
    expect(session.bufferedAmount).toBeLessThanOrEqual(i * (100 + PACKET));
  }
  await engineRig.eventually(() => session.bufferedAmount === 5 * (100 + PACKET));
  session.writeAll(['é', Buffer.alloc(10)]);
  await engineRig.eventually(() => session.bufferedAmount === 5 * (100 + PACKET) + 12 + 2 * PACKET);
  session.writeAll(['dropped'], { volatile: true });
  session.writeShared('shared', { preEncoded: true });
  session.writeString('[', 'quoted', ']');
  const all = 5 * (100 + PACKET) + 12 + 2 * PACKET + 6 + PACKET + 10 + PACKET;
  await engineRig.eventually(() => session.bufferedAmount === all);
  await engineRig.ask(rig.port, 'GET', `${engineRig.POLLING}&sid=${sid}`);
  await engineRig.eventually(() => session.bufferedAmount === 0);
  session.close(true);
  expect(session.bufferedAmount).toBe(0);
});

test('it is not counted for a session that is closed with the first look', async () => {
  const rig = await engineRig.startEngine(engineRig.Engine);
  const { session } = await engineRig.openWebSocket(rig);
  session.on('slow', () => {});
  session.close();
  expect(session.bufferedAmount).toBe(0);
});

test('an application may have a property of this name', async () => {
  const { socket } = await connectPair(startServer());
  socket.bufferedAmount = 'mine';
  expect(socket.bufferedAmount).toBe('mine');
});
