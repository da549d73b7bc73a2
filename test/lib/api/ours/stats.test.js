'use strict';

/** What `io.engine.stats()` tells: each figure moves with what it stands for, and gauges go back to zero. */

const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const { Wire, requestText, upgradeText } = require('../../../support/clients/wire');
const {
  cleanUp,
  connectPair,
  connectRaw,
  eventOf,
  get,
  openRaw,
  startServer,
} = require('../../../support/rigs/rig');
const { DOORS } = require('../../../support/servers/doors');
const { TOP } = require('../../../support/programs/programs');
const { WebTransportClient } = require('../../../support/fakes/webtransport');

const FOUR_DOORS = Object.entries(DOORS).slice(0, 4);
const BIG = 20_000_000; // more than the buffers of sockets hold

afterEach(cleanUp);

/**
 * Looks, between turns of the event loop, until the figures are as they should be.
 * @param {any} io
 * @param {(stats: any) => boolean} condition
 */
async function figures(io, condition) {
  for (;;) {
    const stats = io.engine.stats();
    if (condition(stats)) return stats;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** @param {Record<string, any>} counts */
const total = (counts) =>
  Object.values(counts).reduce(
    (sum, value) => sum + (Object(value) === value ? total(value) : value),
    0,
  );

/** Whether nobody is there any more. @param {any} stats */
const isEmpty = ({ sessions, connections, sendQueueBytes, inboxBytes, heldPostBytes, socketio }) =>
  total(sessions) + connections.open + sendQueueBytes + inboxBytes + heldPostBytes === 0 &&
  socketio.sockets + socketio.rooms === 0;

describe.each(FOUR_DOORS)('on %s', (_name, door) => {
  const { isOwnPort, hasTls } = door;
  const isBridged = !isOwnPort && hasTls;

  test('clients by transport and protocol, and their messages', async () => {
    const io = startServer({ allowEIO3: true, ioThreads: 3 }, door);
    io.of('/other');
    io.on('connection', (/** @type {any} */ socket) => {
      socket.on('echo', (/** @type {any} */ value) => socket.emit('echo', value));
    });
    const webSocket = await connectPair(io);
    const polling = await connectPair(io, '/', { transports: ['polling'] });
    const old = await openRaw(io, 'EIO=3');
    // Each client is told that it is connected.
    const before = await figures(io, ({ messages }) => messages.out === 3);
    const expected = {
      polling: { v3: 0, v4: 1 },
      websocket: { v3: 1, v4: 1 },
      webtransport: { v3: 0, v4: 0 },
    };
    expect(before.sessions).toEqual(expected);
    expect(before.handshakes).toEqual(expected);
    expect(before.socketio).toEqual({ sockets: 3, namespaces: 2, rooms: 3 });
    expect(before.threads).toHaveLength(3);
    expect(before.connections.open).toBeGreaterThanOrEqual(isBridged ? 0 : 2);
    expect(before.connections.accepted >= 3).toBe(isOwnPort);
    expect(before.connections.takenOver).toBe(isOwnPort || hasTls ? 0 : 2);
    expect(before.connections.bridged).toBe(isBridged ? 2 : 0);
    expect(before.connections.tlsHandshakes > 0).toBe(isOwnPort && hasTls);

    for (const { client } of [webSocket, polling]) {
      client.emit('echo', 'x'.repeat(3000));
      await eventOf(client, 'echo');
    }
    const after = await figures(io, ({ messages }) => messages.out === 5);
    expect(after.messages.in - before.messages.in).toBe(2);
    expect(after.bytes.in - before.bytes.in).toBeGreaterThan(6000);
    await figures(io, ({ bytes }) => bytes.out - before.bytes.out > 6000);

    webSocket.client.disconnect();
    polling.client.disconnect();
    old.ws.terminate();
    const end = await figures(io, isEmpty);
    expect(end.handshakes).toEqual(expected);
    expect(total(end.closed)).toBe(3);
  });

  test('an upgrade', async () => {
    const io = startServer({}, door);
    const { client, socket } = await connectPair(io, '/', { transports: ['polling', 'websocket'] });
    if (socket.conn.transport.name === 'polling') await once(socket.conn, 'upgrade');
    const stats = io.engine.stats();
    expect(stats.sessions.polling.v4).toBe(0);
    expect(stats.sessions.websocket.v4).toBe(1);
    expect(stats.handshakes.polling.v4).toBe(1);
    expect(stats.upgrades).toEqual({ websocket: 1, webtransport: 0, abandoned: 0 });
    client.disconnect();
    await figures(io, isEmpty);
  });

  test('refusals, whoever refuses', async () => {
    const allowRequest = (/** @type {any} */ req, /** @type {any} */ fn) =>
      fn(null, !req.url.includes('stranger'));
    const io = startServer({ allowRequest }, door);
    const ask = async (/** @type {string} */ query) =>
      void (await get(io, `/socket.io/?EIO=4&${query}`)).resume();
    await ask('transport=tcp');
    await ask('transport=polling&sid=nobody');
    await ask('transport=polling&stranger=1');
    expect(io.engine.stats().refusals).toMatchObject({
      unknownTransport: 1,
      unknownSid: 1,
      forbidden: 1,
      badRequest: 0,
    });
    io.engine.use((/** @type {any} */ _req, /** @type {any} */ _res, /** @type {any} */ next) =>
      next(new Error('no')),
    );
    await ask('transport=polling');
    expect(io.engine.stats().refusals.badRequest).toBe(1);
    await figures(io, isEmpty);
  });

  test.each([
    ['the client goes', 'transportClose', (/** @type {any} */ { raw }) => raw.ws.terminate()],
    ['the client says goodbye', 'transportClose', ({ raw }) => raw.ws.close()],
    ['the server has it go', 'forcedClose', ({ socket }) => socket.disconnect(true)],
    ['the server ends', 'forcedClose', ({ io }) => io.engine.close()],
    ['it breaks the protocol', 'parseError', ({ raw }) => raw.send('x')],
    ['its message is too large', 'transportError', ({ raw }) => raw.send('4'.repeat(2001))],
  ])('no gauge stays behind when %s', async (_how, reason, leave) => {
    const io = startServer({ maxHttpBufferSize: 2000 }, door);
    const { raw, socket } = await connectRaw(io);
    socket.join(['a', 'b']);
    expect(io.engine.stats().socketio).toEqual({ sockets: 1, namespaces: 1, rooms: 3 });
    leave({ raw, socket, io });
    const stats = await figures(io, isEmpty);
    expect(stats.closed[reason]).toBe(1);
    expect(stats.cut.messageSize).toBe(reason === 'transportError' ? 1 : 0);
  });

  test('a client that takes nothing: what waits, what is dropped, and what cuts it off', async () => {
    const io = startServer({ maxSendQueueBytes: 1e6, hardMaxSendQueueBytes: 3e7 }, door);
    const { raw, socket } = await connectRaw(io);
    raw.ws._socket.pause();
    socket.emit('big', 'x'.repeat(BIG));
    await figures(io, ({ sendQueueBytes }) => sendQueueBytes > 1e6);
    socket.volatile.emit('lost');
    await figures(io, ({ droppedMessages }) => droppedMessages === 1);
    socket.emit('big', 'x'.repeat(BIG));
    await once(socket, 'disconnect');
    expect(io.engine.stats().cut).toEqual({
      sendQueue: 1,
      totalSendQueue: 0,
      sendTimeout: 0,
      pings: 0,
      messageSize: 0,
      rate: 0,
    });
    await figures(io, isEmpty);
  });
});

test('heartbeats, and how long they take', async () => {
  const io = startServer({ pingInterval: 10 });
  await connectPair(io);
  const { roundTrips } = await figures(io, ({ heartbeats }) => heartbeats > 3);
  expect(total(roundTrips.buckets)).toBeGreaterThan(3);
  expect(roundTrips.microseconds).toBeGreaterThan(0);
});

test('WebTransport, whose bytes pass through Node', async () => {
  const io = startServer();
  const client = new WebTransportClient();
  const opened = once(io.engine, 'connection');
  const served = io.engine.onWebTransportSession(client.session);
  client.send('0');
  await Promise.all([opened, served]);
  await client.receive();
  const { sessions, connections, bytes } = io.engine.stats();
  expect(sessions.webtransport).toEqual({ v3: 0, v4: 1 });
  expect(connections.bridged).toBe(1);
  client.send('4hello');
  const after = await figures(io, ({ messages }) => messages.in === 1);
  expect(after.bytes.in - bytes.in).toBe(7); // a length, and the packet
  io.engine.close();
  await figures(io, isEmpty);
});

test('errors of HTTP, on the own port', async () => {
  const io = startServer();
  const wire = await Wire.connect(io.httpServer.address().port);
  wire.write(requestText('GET', '/socket.io/?EIO=4&transport=tcp'));
  await wire.head();
  wire.socket.destroy();
  expect(io.engine.stats().httpErrors).toMatchObject({ 400: 1, 404: 0 });
});

test('TLS that fails, on the own port', async () => {
  const io = startServer({}, DOORS['own port with TLS']);
  await once(io.httpServer, 'listening');
  const wire = await Wire.connect(io.httpServer.address().port);
  wire.write('this is no TLS, and will not be\r\n');
  const { connections } = await figures(io, (stats) => stats.connections.tlsFailures === 1);
  expect(connections.tlsHandshakes).toBe(0);
  wire.socket.destroy();
  await figures(io, isEmpty);
});

test('an upgrade that is given up', async () => {
  const io = startServer();
  const connected = once(io.engine, 'connection');
  void (await get(io, '/socket.io/?EIO=4&transport=polling')).resume();
  const [{ id }] = await connected;
  const wire = await Wire.connect(io.httpServer.address().port);
  wire.write(upgradeText(`/socket.io/?EIO=4&transport=websocket&sid=${id}`));
  await wire.head();
  wire.socket.destroy();
  const stats = await figures(io, ({ upgrades }) => upgrades.abandoned === 1);
  expect(stats.sessions.polling.v4).toBe(1);
});

test('the time in handlers, and what waits for them', async () => {
  const io = startServer();
  const { raw, socket } = await connectRaw(io);
  const { handlers } = io.engine.stats();
  const heard = new Promise((resolve) => {
    socket.on('event', () => {
      const end = performance.now() + 30;
      while (performance.now() < end);
      resolve(io.engine.stats().inboxBytes);
    });
  });
  raw.send('42["event"]');
  expect(await heard).toBeGreaterThan(0);
  const after = await figures(io, ({ inboxBytes }) => inboxBytes === 0);
  expect(after.handlers.slices).toBeGreaterThan(handlers.slices);
  expect(after.handlers.milliseconds - handlers.milliseconds).toBeGreaterThanOrEqual(30);
  expect(after.handlers.longestMilliseconds).toBeGreaterThanOrEqual(30);
});

test.each(FOUR_DOORS)('POSTs that wait for their clients: %s', async (_name, door) => {
  const io = startServer({ ioThreads: 2 }, door);
  const { client, socket } = await connectPair(io, '/', { transports: ['polling'] });
  const received = eventOf(socket, 'event');
  socket.conn.pause();
  client.emit('event', 'x'.repeat(5000));
  const held = await figures(io, ({ heldPostBytes }) => heldPostBytes >= 5000);
  expect(held.heldPostBytes).toBe('42["event",""]'.length + 5000);
  expect(Math.max(...held.threads.map((thread) => thread.heldPostBytes))).toBe(held.heldPostBytes);
  expect(held.inboxBytes).toBe(0);
  socket.conn.resume();
  expect((await received)[0]).toHaveLength(5000);
  await figures(io, ({ heldPostBytes }) => heldPostBytes === 0);

  // One that ends with its session.
  socket.conn.pause();
  client.emit('event', 'y'.repeat(100));
  await figures(io, ({ heldPostBytes }) => heldPostBytes > 0);
  socket.conn.close(true);
  client.disconnect();
  await figures(io, isEmpty);
});

test('how late the event loop comes', async () => {
  const io = startServer();
  let { eventLoopDelay } = io.engine.stats(); // begins to measure
  expect(eventLoopDelay.max).toBe(0);
  while (eventLoopDelay.max < 150) {
    await new Promise((resolve) => setTimeout(resolve, 25)); // its timer has a period of 20
    const end = performance.now() + 200;
    while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve, 1));
    ({ eventLoopDelay } = io.engine.stats());
  }
  expect(eventLoopDelay.mean).toBeLessThanOrEqual(eventLoopDelay.max);
  io.engine.close();
  expect(io.engine.stats().eventLoopDelay).toBeUndefined();
});

test.each([
  ['javascript', 1],
  ['threads', 0],
])('who drives: %s', async (ioDriver, byHost) => {
  const io = startServer({ ioDriver, ioThreads: 1 });
  const { client } = await connectPair(io);
  const { driving } = await figures(io, ({ driving: { byHost: now, hostTurns } }) => {
    client.emit('something to turn for');
    return now === byHost && hostTurns > 0 === (byHost === 1);
  });
  expect(driving.turns).toBeGreaterThan(0);
  expect(driving.handOvers > 0).toBe(byHost === 1);
});

test('clients that a limit turns away', async () => {
  const io = startServer({ maxClients: 1 });
  await connectPair(io);
  void (await get(io, '/socket.io/?EIO=4&transport=polling')).resume();
  const stats = io.engine.stats();
  expect(stats.limited).toEqual({
    maxClients: 1,
    maxClientsPerAddress: 0,
    maxHandshakesPerSecond: 0,
    draining: 0,
    maxMessagesPerSecond: 0,
    maxBytesPerSecond: 0,
    maxConnectionsPerAddress: 0,
  });
  expect(stats.httpErrors[503]).toBe(1);
  expect(total(stats.refusals)).toBe(0);
});

test('a process that has asked for figures ends', () => {
  const program = `const { Server } = require('${TOP}'); const io = new Server();
    const { createEngine } = require('${TOP}/lib/engine'); io.bind(createEngine({}));
    console.log(io.engine.stats().eventLoopDelay.max);`;
  expect(String(execFileSync(process.execPath, ['-e', program]))).toBe('0\n');
});

test('memory, and the namespaces of two servers on one engine', async () => {
  const io = startServer();
  const { Server } = require('../../../..');
  new Server().bind(io.engine).of('/of the second');
  const { memory, socketio } = io.engine.stats();
  expect(memory.rss).toBeGreaterThan(1e6);
  expect(socketio.namespaces).toBe(3);
});
