'use strict';

/** `io.close({ drain })`: clients leave one after the other, nobody new gets in, and nothing is lost. */

const { once } = require('node:events');
const { io: connect } = require('socket.io-client');
const {
  OUR_DOORS,
  cleanUp,
  closers,
  handshake,
  startOn,
} = require('../../../support/rigs/door-rig');
const { runProgram } = require('../../../support/programs/programs');
const { io: createServer } = require('../../../support/subjects/subject');

const CLIENTS = 20;
const DRAIN_MS = 2000;
/** In which all of them are sent away. */
const GOODBYES_MS = 0.8 * DRAIN_MS;

afterEach(cleanUp);

/**
 * Clients in two namespaces each, and what becomes of them.
 * @param {any} io
 * @param {any} place
 * @param {object} [options]
 */
async function connectClients(io, place, options) {
  /** @type {number[]} */
  const left = [];
  /** @type {string[][]} */
  const ends = [];
  io.of('/other').on('connection', () => {});
  io.on('connection', (/** @type {any} */ socket) =>
    socket.on('disconnect', (/** @type {string} */ reason) => ends.push([reason])),
  );
  const url = `http${place.ca ? 's' : ''}://127.0.0.1:${place.port}`;
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = connect(url, {
        ca: place.ca,
        rejectUnauthorized: false,
        forceNew: true,
        reconnection: false,
        ...options,
      });
      closers.push(() => client.close());
      const other = client.io.socket('/other');
      await Promise.all([client, other].map((each) => once(/** @type {any} */ (each), 'connect')));
      client.on('disconnect', (reason) => {
        left.push(performance.now());
        ends.push([`client: ${reason}`]);
      });
      return client;
    }),
  );
  return { clients, left, ends };
}

describe.each(OUR_DOORS)('%s on %s', (_name, doorName, Class) => {
  test.each(['polling', 'websocket'])(
    'clients of %s leave one after the other',
    async (transport) => {
      const { io, place } = await startOn(Class, doorName);
      const { clients, left, ends } = await connectClients(io, place, { transports: [transport] });
      /** @type {string[]} */
      const last = [];
      for (const client of clients) client.on('last', (word) => last.push(word));
      const begin = performance.now();
      /** @type {any[]} */
      const told = [];
      io.emit('last', 'word');
      const closed = io.close({ drain: DRAIN_MS }, (/** @type {any} */ err) => told.push(err));
      expect((await handshake(place, 'polling')).status).toMatch(/ 503 /);
      await closed;
      const end = performance.now();
      expect(end - begin).toBeLessThan(10_000);
      expect(told).toEqual([undefined]);
      expect(last).toHaveLength(CLIENTS);
      while (left.length < CLIENTS) await new Promise(setImmediate);
      expect(ends.filter(([reason]) => reason === 'server shutting down')).toHaveLength(CLIENTS);
      expect(ends.filter(([reason]) => reason === 'client: transport close')).toHaveLength(CLIENTS);
      // Evenly: none of them before its time, however late the machine is.
      const early = left
        .sort((x, y) => x - y)
        .filter((time, k) => time - begin < (GOODBYES_MS * k) / CLIENTS);
      expect(early).toEqual([]);
    },
  );
});

test('nobody new is let in, those who are there may go on, and a second call ends it', async () => {
  const { io, place } = await startOn(OUR_DOORS[0][2], 'http');
  io.on('connection', (/** @type {any} */ socket) =>
    socket.on('ask', (/** @type {any} */ answer) => answer('yes')),
  );
  const { clients } = await connectClients(io, place, { transports: ['websocket'] });
  let isOver = false;
  const closed = io.close({ drain: 1e6 }).then(() => (isOver = true));
  expect((await handshake(place, 'polling')).body).toContain('Server is closing');
  expect(await clients.at(-1)?.emitWithAck('ask')).toBe('yes');
  expect(isOver).toBe(false);
  await io.close();
  await closed;
  expect(io.engine.clientsCount).toBe(0);
});

test('a client that enters its first namespace meanwhile is sent away like the others', async () => {
  const { io, place } = await startOn(OUR_DOORS[0][2], 'http');
  const [early, late] = [1, 2].map(() =>
    connect(`http://127.0.0.1:${place.port}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      autoConnect: false,
    }),
  );
  closers.push(() => [early, late].forEach((client) => client.close()));
  for (const client of [early, late]) {
    client.io.open();
    await once(/** @type {any} */ (client.io), 'open'); // the last one to come is the last one to leave
  }
  const closed = io.close({ drain: 6000 });
  const connected = once(io, 'connection');
  late.connect();
  const [socket] = await connected;
  // What is kept of it is kept before its client hears of the end.
  expect(await once(socket, 'disconnect')).toEqual(['server shutting down', undefined]);
  await closed;
});

test('a server that listens again lets clients in again', async () => {
  const io = createServer(0);
  closers.push(() => io.close());
  await once(io.httpServer, 'listening');
  await io.close({ drain: 50 });
  io.httpServer.listen(0);
  await once(io.httpServer, 'listening');
  const { port } = io.httpServer.address();
  const { status } = await handshake({ host: '127.0.0.1', port }, 'polling');
  expect(status).toMatch(/ 200 /);
});

test('a process whose clients are gone early ends early', async () => {
  const begin = performance.now();
  const { stdout } = await runProgram((/** @type {any} */ { require: load }) => {
    const io = new (load('./lib').Server)(0);
    io.httpServer.once('listening', () =>
      io.close({ drain: 100_000 }).then(() => console.log('closed')),
    );
  });
  expect(stdout).toBe('closed\n');
  expect(performance.now() - begin).toBeLessThan(90_000);
});

test.each([-1, NaN, 2 ** 31])('%p is no time', async (drain) => {
  await expect(createServer().close({ drain })).rejects.toThrow(RangeError);
});

test('nor is a text, and options may be empty', async () => {
  await expect(createServer().close({ drain: '5' })).rejects.toThrow(TypeError);
  await createServer().close({});
});
