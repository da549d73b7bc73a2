/**
 * What a server has emitted arrives, whatever it does next: closes, ends its process, or works for so
 * long that nothing else leaves.
 */
'use strict';

const { once } = require('node:events');
const { io: connect } = require('socket.io-client');
const connectLegacy = require('socket.io-client-2');
const { certificate } = require('../support/servers/doors');
const { startProgram } = require('../support/programs/programs');

/** @type {(() => void)[]} */
const closers = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that prints its port, and ends in the way that the event `end` names. */
const serve = (/** @type {any} */ { require: load, packageName, doorName, ioDriver }) => {
  const { createNodeServer, doorOf, ownPortOptions } = load('./test/support/servers/doors');
  const { Server } = load(packageName);
  const door = doorOf(doorName);
  const options = { allowEIO3: true, ioDriver };
  const io = door.isOwnPort
    ? new Server(0, { ...options, ...ownPortOptions(door) })
    : new Server(createNodeServer(door, {}, () => {}).listen(0), options);

  /** Blocks this thread until the test has seen what it waits for. */
  const awaitTest = () => load('node:fs').readSync(0, Buffer.alloc(1));
  const work = (/** @type {number} */ ms) => {
    const end = Date.now() + ms;
    while (Date.now() < end);
  };
  /** @type {Record<string, (socket: any, done: any) => void>} */
  const endings = {
    'process.exit': (socket) => {
      socket.emit('last', 1);
      process.exit();
    },
    'an acknowledgement and process.exit': (_socket, done) => {
      done(1);
      process.exit();
    },
    'an exit listener': (socket) => {
      process.on('exit', () => socket.emit('last', 1));
      process.exit();
    },
    'an exception': (socket) => {
      socket.emit('last', 1);
      throw new Error('of the test');
    },
    'an exit at the end of a timer': (socket) => {
      setImmediate(() => {
        socket.emit('last', 1);
        process.exit();
      });
    },
    'SIGTERM with a handler': (socket) => {
      process.on('SIGTERM', () => {
        socket.emit('last', 1);
        process.exit(0);
      });
      process.kill(process.pid, 'SIGTERM');
    },
    'disconnectSockets and process.exit': () => {
      io.emit('last', 1);
      io.disconnectSockets(true);
      process.exit();
    },
    'bytes and process.exit': (socket) => {
      socket.emit('last', Buffer.from([1]));
      process.exit();
    },
    'a large text and process.exit': (socket) => {
      socket.emit('last', 'x'.repeat(100_000));
      process.exit();
    },
    'a text that fills two windows, and process.exit': (socket) => {
      socket.emit('last', 'x'.repeat(600_000));
      process.exit();
    },
    'many packets and process.exit': (socket) => {
      for (let i = 0; i < 50; i++) socket.emit('before', i, Buffer.from([i]));
      socket.emit('last', 1);
      process.exit();
    },
    'many packets in an exit listener': (socket) => {
      process.on('exit', () => {
        for (let i = 0; i < 50; i++) socket.emit('before', i);
        socket.emit('last', 1);
      });
      process.exit();
    },
    'io.close': () => {
      io.emit('last', 1);
      io.close();
    },
    'io.close after an await': async () => {
      io.emit('last', 1);
      await null;
      io.close();
    },
    'engine.close': () => {
      io.emit('last', 1);
      io.engine.close();
    },
    'conn.close(true)': (socket) => {
      socket.emit('last', 1);
      socket.conn.close(true);
    },
    'work after an emit': (socket) => {
      socket.emit('last', 1);
      awaitTest();
    },
    'work after an acknowledgement': (_socket, done) => {
      done(1);
      awaitTest();
    },
    'work after a later emit': (socket) => {
      socket.emit('first', 1);
      work(50);
      socket.emit('last', 1);
      awaitTest();
    },
    'work after a later broadcast with bytes': (socket) => {
      socket.emit('first', 1);
      work(50);
      io.emit('last', Buffer.from([1]));
      awaitTest();
    },
  };
  io.on('connection', (/** @type {any} */ socket) => {
    socket.on('end', (/** @type {string} */ how, /** @type {any} */ done) => {
      // Nothing can arrive without a poll that waits, and its request may come behind this one's.
      const isPolling = socket.conn.transport.name === 'polling';
      setTimeout(() => endings[how](socket, done), isPolling ? 200 : 0);
    });
  });
  io.httpServer.on('listening', () => console.log(io.httpServer.address().port));
};

/**
 * @typedef {object} Where
 * @property {string} [packageName]
 * @property {string} doorName
 * @property {string} transport
 * @property {number} [protocol]
 * @property {'auto' | 'threads' | 'javascript'} [ioDriver]
 */
/**
 * Has a server end, and waits for its last word. Fails by the time limit of the test if none comes.
 * @param {Where} where
 * @param {string} how
 */
async function endOf(where, how) {
  const { packageName = './lib', doorName, transport, protocol = 4, ioDriver } = where;
  const run = startProgram(serve, { packageName, doorName, ioDriver });
  closers.push(() => run.child.kill('SIGKILL'));
  while (!run.stdout.includes('\n')) await once(run.child.stdout, 'data');
  const scheme = doorName.endsWith('TLS') || doorName === 'https' ? 'https' : 'http';
  const load = /** @type {any} */ (protocol === 3 ? connectLegacy : connect);
  const client = load(`${scheme}://localhost:${Number(run.stdout)}`, {
    transports: [transport],
    forceNew: true,
    reconnection: false,
    ca: scheme === 'https' ? certificate().ca : undefined,
    // The programs make certificates themselves.
    rejectUnauthorized: false,
  });
  closers.push(() => client.close());
  await new Promise((resolve, reject) => {
    client.on('connect', resolve);
    client.on('connect_error', reject);
  });
  await new Promise((resolve, reject) => {
    client.on('last', resolve);
    client.on('disconnect', () => setImmediate(reject, new Error('nothing arrived')));
    client.emit('end', how, resolve);
  });
  run.child.stdin.on('error', () => {}).write('.'); // unless it has ended
}

const EXITS = [
  'process.exit',
  'an acknowledgement and process.exit',
  'an exit listener',
  'an exception',
  'an exit at the end of a timer',
  'SIGTERM with a handler',
  'disconnectSockets and process.exit',
  'bytes and process.exit',
  'a large text and process.exit',
  'a text that fills two windows, and process.exit',
];
const CLOSES = ['io.close', 'io.close after an await', 'engine.close', 'conn.close(true)'];
const WORKS = [
  'work after an emit',
  'work after an acknowledgement',
  'work after a later emit',
  'work after a later broadcast with bytes',
];

const DOORS = ['http', 'https', 'own port', 'own port with TLS'];
const PLACES = DOORS.flatMap((doorName) =>
  ['websocket', 'polling'].map((transport) => ({ doorName, transport })),
);
/** What leaves while the loop is JavaScript's, and before the next poll can come. */
const FIRST_WORKS = WORKS.slice(0, 2);
/** Where no bytes pass through sockets of Node, which the JavaScript thread drives. */
const NATIVE_PLACES = PLACES.filter(
  ({ doorName, transport }) =>
    doorName.startsWith('own port') || (doorName === 'http' && transport === 'websocket'),
);

describe.each(PLACES)('$transport on $doorName', (place) => {
  test.each(EXITS)('arrives before the end of the process: %s', (how) => endOf(place, how), 15_000);
  test.each(CLOSES)('arrives before a close: %s', (how) => endOf(place, how), 15_000);
});

describe.each(NATIVE_PLACES)('$transport on $doorName', (place) => {
  // A poll takes one answer.
  if (place.transport === 'websocket') {
    test.each(['many packets and process.exit', 'many packets in an exit listener'])(
      'all arrive before the end of the process: %s',
      (how) => endOf(place, how),
      15_000,
    );
  }

  describe.each(/** @type {const} */ (['threads', 'javascript']))('driven by %s', (ioDriver) => {
    const driven = { ...place, ioDriver };
    test.each(WORKS)('arrives before the thread has time: %s', (how) => endOf(driven, how), 15_000);
  });
});

const OTHER_PLACES = PLACES.filter((place) => !NATIVE_PLACES.includes(place));

describe.each(OTHER_PLACES)('$transport on $doorName', (place) => {
  describe.each(/** @type {const} */ (['auto', 'javascript']))('driver: %s', (ioDriver) => {
    test.each(FIRST_WORKS)(
      'arrives before the thread has time: %s',
      (how) => endOf({ ...place, ioDriver }, how),
      15_000,
    );
  });
});

describe.each(['websocket', 'polling'])('a client of protocol 3, %s', (transport) => {
  const place = { doorName: 'own port', transport, protocol: 3 };
  test.each(['process.exit', 'io.close', 'work after an emit'])(
    'arrives: %s',
    (how) => endOf(place, how),
    15_000,
  );
});

test('the genuine package does the same with one message', async () => {
  const place = { packageName: 'socket.io', doorName: 'http', transport: 'websocket' };
  const ways = ['process.exit', 'an exit listener', 'an exception', 'SIGTERM with a handler'];
  for (const how of [...ways, 'work after an emit']) await endOf(place, how);
}, 30_000);
