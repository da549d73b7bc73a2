'use strict';

/** `conn.pause()` and `conn.resume()`: nothing is taken from one client for a while. */

const { once } = require('node:events');
const { EVERYWHERE } = require('../../../../support/rigs/everywhere');
const {
  cleanUp,
  connectPair,
  connectRaw,
  eventOf,
  openRaw,
  startServer,
} = require('../../../../support/rigs/rig');
const engineRig = require('../../../../support/rigs/engine-rig');
const { requestText } = require('../../../../support/clients/wire');

afterEach(cleanUp);
afterEach(engineRig.cleanUp);

/** What comes of a client's event `n`. @param {any} socket */
function collect(socket) {
  /** @type {number[]} */
  const numbers = [];
  socket.on('n', (/** @type {number} */ n) => numbers.push(n));
  return numbers;
}

/** Another client is served, so what was sent before has arrived. @param {any} witness */
async function pass({ client, socket }) {
  for (let i = 0; i < 20; i++) {
    const asked = once(socket, 'ask');
    client.emit('ask', i);
    await asked;
    socket.emit('answer', i);
    await eventOf(client, 'answer');
  }
}

describe.each(EVERYWHERE)('%s, %s', (_door, _transport, door, transports) => {
  test.each([1, 3])('no handler runs until it goes on (%d threads)', async (ioThreads) => {
    const io = startServer({ ioThreads }, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    const witness = await connectPair(io, '/', { transports });
    const numbers = collect(socket);
    const paused = new Promise((resolve) => {
      socket.once('n', () => {
        socket.conn.pause().pause();
        resolve(undefined);
      });
    });
    for (let n = 1; n <= 5; n++) client.emit('n', n); // together
    await paused;
    expect(socket.conn.isPaused).toBe(true);
    for (let n = 6; n <= 8; n++) client.emit('n', n, Buffer.from('attached'));
    const answered = socket.timeout(100_000).emitWithAck('ask');
    client.on('ask', (/** @type {(answer: string) => void} */ ack) => ack('answer'));
    await pass(witness);
    expect(numbers).toEqual([1]);
    socket.conn.resume().resume();
    expect(socket.conn.isPaused).toBe(false);
    expect(numbers).toEqual([1]); // not within the call
    expect(await answered).toBe('answer');
    await engineRig.eventually(() => numbers.length === 8);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('its silence is not judged, and it hears PINGs', async () => {
    const times = { pingInterval: 2000, pingTimeout: 2000 };
    const io = startServer(times, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    const numbers = collect(socket);
    socket.conn.pause();
    client.emit('n', 1);
    for (let i = 0; i < 3; i++) await new Promise((resolve) => client.io.once('ping', resolve));
    expect(numbers).toEqual([]);
    expect(client.connected && socket.connected).toBe(true);
    socket.conn.resume();
    client.emit('n', 2);
    await engineRig.eventually(() => numbers.length === 2);
    await once(socket.conn, 'heartbeat');
    expect(socket.connected).toBe(true);
  });

  test('the server ends a paused client, and drops what was kept', async () => {
    const io = startServer({}, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    const numbers = collect(socket);
    socket.once('n', () => socket.conn.pause());
    client.emit('n', 1);
    client.emit('n', 2);
    await once(socket, 'n');
    const left = once(socket, 'disconnect');
    const gone = eventOf(client, 'disconnect');
    const closed = once(socket.conn, 'close');
    socket.disconnect(true);
    await Promise.all([left, gone, closed]);
    socket.conn.resume();
    expect(socket.conn.isPaused).toBe(false);
    socket.conn.pause();
    expect(socket.conn.isPaused).toBe(false);
    const next = await connectPair(io, '/', { transports });
    const others = collect(next.socket);
    next.client.emit('n', 3);
    await engineRig.eventually(() => others.length === 1);
    expect(numbers).toEqual([1]);
  });
});

const DOORS = EVERYWHERE.filter(([, transport]) => transport === 'websocket');

test.each(DOORS)('%s: what a paused client sends stays in its sockets', async (_name, _t, door) => {
  const io = startServer({ maxHttpBufferSize: 2e6 }, door);
  const witness = await connectPair(io);
  const { raw, socket } = await connectRaw(io);
  const numbers = collect(socket);
  socket.conn.pause();
  const count = 40;
  for (let n = 1; n <= count; n++) raw.ws.send(`42["n",${n},"${'x'.repeat(1e6)}"]`);
  await pass(witness);
  await pass(witness);
  expect(raw.ws.bufferedAmount).toBeGreaterThan(1e6);
  socket.conn.resume();
  await engineRig.eventually(() => numbers.length === count);
  expect(numbers).toEqual(Array.from({ length: count }, (_, i) => i + 1));
});

test('a handler may pause it again while it goes on', async () => {
  const { client, socket } = await connectPair(startServer());
  const numbers = collect(socket);
  socket.on('n', () => socket.conn.pause());
  for (let n = 1; n <= 4; n++) client.emit('n', n);
  for (let n = 1; n <= 4; n++) {
    await engineRig.eventually(() => numbers.length === n);
    expect(numbers).toEqual([1, 2, 3, 4].slice(0, n));
    expect(socket.conn.isPaused).toBe(true);
    socket.conn.resume();
  }
});

test.each([
  ['catch-all listeners', {}, (socket) => socket.onAny(() => {})],
  ['middlewares', {}, (socket) => socket.use((_event, next) => setImmediate(next))],
  ['a parser', { parser: { ...require('socket.io-parser') } }, () => {}],
])('it holds with %s', async (_what, options, observe) => {
  const io = startServer(options);
  const { client, socket } = await connectPair(io);
  const witness = await connectPair(io);
  observe(socket);
  const numbers = collect(socket);
  socket.once('n', () => socket.conn.pause());
  for (let n = 1; n <= 4; n++) client.emit('n', n);
  await engineRig.eventually(() => numbers.length > 0);
  await pass(witness);
  expect(numbers).toEqual([1]);
  socket.conn.resume();
  await engineRig.eventually(() => numbers.length === 4);
  expect(numbers).toEqual([1, 2, 3, 4]);
});

test('messages of engine.io are held, also for listeners that come meanwhile', async () => {
  const rig = await engineRig.startEngine(engineRig.Engine);
  const { session, say } = await engineRig.openWebSocket(rig);
  const witness = await engineRig.openWebSocket(rig);
  /** @type {any[]} */
  const told = [];
  session.pause();
  session.on('message', (/** @type {any} */ data) => told.push(data));
  say('4one');
  say('4two');
  const passed = once(witness.session, 'message');
  witness.say('4well');
  await passed;
  expect(told).toEqual([]);
  session.resume();
  await engineRig.eventually(() => told.length === 2);
  expect(told).toEqual(['one', 'two']);
});

test('a POST waits for its answer', async () => {
  const rig = await engineRig.startEngine(engineRig.Engine);
  const opened = once(rig.engine, 'connection');
  const sid = await engineRig.openPolling(rig.port);
  const [session] = await opened;
  /** @type {any[]} */
  const told = [];
  session.on('message', (/** @type {any} */ data) => told.push(data));
  session.pause();
  const target = `${engineRig.POLLING}&sid=${sid}`;
  const wire = await engineRig.openWire(rig.port);
  wire.write(requestText('POST', target, {}, '4held'));
  await engineRig.ask(rig.port, 'GET', '/'); // the application is served meanwhile
  expect(wire.text).toBe('');
  session.resume();
  expect(await wire.head()).toContain('200 OK');
  await engineRig.eventually(() => told.length === 1);
  session.pause();
  const other = await engineRig.openWire(rig.port);
  other.write(requestText('POST', target, {}, '4dropped'));
  await engineRig.ask(rig.port, 'GET', '/');
  session.close(true);
  await other.until(({ text, ended }) => ended || text.includes('200 OK'));
  expect(told).toEqual(['held']);
});

test('a client that is lost while it is paused is missed by a PING', async () => {
  const rig = await engineRig.startEngine(engineRig.Engine, { pingInterval: 50 });
  const { wire, session } = await engineRig.openWebSocket(rig);
  session.pause();
  const closed = once(session, 'close');
  wire.socket.destroy();
  expect((await closed)[0]).toBe('transport close');
});

test('a client of protocol 3 gets PONGs, although its PINGs are not read', async () => {
  const io = startServer({ allowEIO3: true, pingTimeout: 600 });
  const opened = once(io, 'connection');
  const client = await openRaw(io, 'EIO=3');
  const [{ conn }] = await opened;
  await client.next(); // that it is connected
  conn.pause();
  expect(await client.next()).toBe('3'); // from now on nothing is read
  client.ws.send('2');
  for (let i = 0; i < 4; i++) expect(await client.next()).toBe('3');
  expect(conn.readyState).toBe('open');
  const heartbeat = once(conn, 'heartbeat');
  conn.resume();
  await heartbeat;
});
