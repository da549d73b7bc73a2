'use strict';

/** `conn.rtt`: how long a client takes to answer the last PING. */

const { once } = require('node:events');
const { setTimeout: after } = require('node:timers/promises');
const { EVERYWHERE } = require('../../../../support/rigs/everywhere');
const { cleanUp, connectPair, openRaw, startServer } = require('../../../../support/rigs/rig');

afterEach(cleanUp);

describe.each(EVERYWHERE)('%s, %s', (_door, _transport, door, transports) => {
  test.each([1, 3])('it is known after the first answer (%d threads)', async (ioThreads) => {
    const io = startServer({ ioThreads, pingInterval: 50 }, door);
    const { socket } = await connectPair(io, '/', { transports });
    const { conn } = socket;
    const first = once(conn, 'heartbeat');
    await first;
    expect(conn.rtt).toBeGreaterThanOrEqual(0);
    expect(conn.rtt).toBeLessThan(20_000);
    conn.close(true);
    expect(conn.rtt).toBe(undefined);
  });
});

test('it is the time that the client takes', async () => {
  const io = startServer({ pingInterval: 100 });
  const opened = once(io, 'connection');
  const client = await openRaw(io);
  client.ws.send('40');
  const [{ conn }] = await opened;
  await client.next();
  expect(conn.rtt).toBe(undefined);
  expect(await client.next()).toBe('2');
  await after(80);
  const first = once(conn, 'heartbeat');
  client.ws.send('3');
  await first;
  const { rtt } = conn;
  expect(rtt).toBeGreaterThanOrEqual(79);
  const second = once(conn, 'heartbeat');
  client.ws.send('3'); // which answers nothing
  await second;
  expect(conn.rtt).toBe(rtt);
});

test('it is unknown where clients ping', async () => {
  const io = startServer({ pingInterval: 50, allowEIO3: true });
  const opened = once(io, 'connection');
  const client = await openRaw(io, 'EIO=3');
  const [{ conn }] = await opened;
  const heartbeat = once(conn, 'heartbeat');
  client.ws.send('2');
  await heartbeat;
  expect(conn.rtt).toBe(undefined);
});
