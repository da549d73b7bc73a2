'use strict';

/** `drained()`: waits until clients have taken what they were sent so far. */

const { EVERYWHERE } = require('../../../../support/rigs/everywhere');
const { cleanUp, connectPair, startServer } = require('../../../../support/rigs/rig');
const genuineEngine = require('engine.io');
const { LOADS, stall } = require('../../../../support/clients/stall');

afterEach(cleanUp);

/** @param {(event: string, data: any) => void} emit @param {string} [transport] */
function send(emit, transport = 'websocket') {
  const { chunk, count } = LOADS[transport];
  for (let i = 0; i < count; i++) emit('chunk', chunk);
}

/** The ids of an error's sockets. @param {Promise<void>} promise */
async function lateOf(promise) {
  try {
    await promise;
  } catch (error) {
    const { message, sockets } = /** @type {any} */ (error);
    expect(message).toBe('operation has timed out');
    return sockets.map((/** @type {any} */ { id }) => id);
  }
  return [];
}

describe.each(EVERYWHERE)('%s, %s', (_door, transport, door, transports) => {
  test.each([1, 3])(
    'a socket, a room, a server, with a slow reader (%d threads)',
    async (ioThreads) => {
      const io = startServer({ ioThreads }, door);
      const slow = await connectPair(io, '/', { transports });
      const fast = await Promise.all(
        Array.from({ length: 2 }, () => connectPair(io, '/', { transports })),
      );
      for (const { socket } of [slow, ...fast]) socket.join('room');
      const goOn = await stall(slow);
      send((event, data) => io.to('room').emit(event, data), transport);
      await Promise.all(fast.map(({ socket }) => socket.drained()));
      await io.except(slow.socket.id).drained({ timeout: 100_000 });
      const late = [slow.socket.id];
      expect(await lateOf(slow.socket.drained({ timeout: 1 }))).toEqual(late);
      expect(await lateOf(slow.socket.timeout(1).drained())).toEqual(late);
      expect(await lateOf(io.to('room').drained({ timeout: 300 }))).toEqual(late);
      expect(await lateOf(io.timeout(300).to('room').drained())).toEqual(late);
      expect(await lateOf(io.of('/').drained({ timeout: 300 }))).toEqual(late);
      await expect(slow.socket.conn.drained({ timeout: 1 })).rejects.toThrow('timed out');
      let isTold = false;
      const all = io.drained().then(() => (isTold = true));
      await fast[0].socket.drained();
      expect(isTold).toBe(false);
      goOn();
      await all;
      await slow.socket.drained();
    },
  );

  test('who leaves is not waited for', async () => {
    const io = startServer({}, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    const goOn = await stall({ client, socket });
    send((event, data) => socket.emit(event, data), transport);
    const all = Promise.all([socket.drained(), socket.drained(), io.drained()]);
    socket.conn.close(true); // without another poll
    await all;
    await socket.drained();
    goOn();
  });
});

test('it comes after what is watched by a callback and by the write buffer', async () => {
  const { client, socket } = await connectPair(startServer());
  const goOn = await stall({ client, socket });
  const order = [];
  socket.conn.on('drain', () => order.push('drain'));
  send((event, data) => socket.emit(event, data));
  socket.conn.send('2["x"]', () => order.push('callback'));
  const first = socket.drained().then(() => order.push('drained'));
  send((event, data) => socket.emit(event, data));
  socket.conn.send('2["x"]', () => order.push('callback'));
  const second = socket.drained().then(() => order.push('drained'));
  goOn();
  await Promise.all([first, second]);
  const told = order.filter((event) => event !== 'drain');
  expect(told).toEqual(['callback', 'drained', 'callback', 'drained']);
  expect(socket.conn.writeBuffer).toEqual([]);
});

test('it goes on through an upgrade', async () => {
  const io = startServer();
  const { client, socket } = await connectPair(io, '/', { transports: ['polling', 'websocket'] });
  send((event, data) => socket.emit(event, data));
  await socket.drained();
  expect(socket.bufferedAmount).toBe(0);
  expect(client.connected).toBe(true);
});

test('sockets of dynamic namespaces are found by their parent', async () => {
  const io = startServer();
  const parent = io.of(/^\/dynamic-/);
  const { client, socket } = await connectPair(io, '/dynamic-1');
  const goOn = await stall({ client, socket });
  send((event, data) => parent.emit(event, data));
  expect(await lateOf(parent.drained({ timeout: 50 }))).toEqual([socket.id]);
  goOn();
  await parent.drained();
});

test('nobody is nothing to wait for', async () => {
  const io = startServer();
  await io.to('nobody').drained();
  await io.drained({ timeout: 1 });
});

test('another engine does not tell', async () => {
  const io = startServer();
  const engine = new genuineEngine.Server();
  io.bind(engine);
  engine.attach(io.httpServer, { path: '/genuine/' });
  const { socket } = await connectPair(io, '/', { path: '/genuine/' });
  await expect(socket.drained()).rejects.toThrow('needs the engine of beast.io');
  engine.close();
});
