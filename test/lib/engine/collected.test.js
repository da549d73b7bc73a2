/**
 * Engines that nobody needs any more are collected, with their threads and descriptors: suites of
 * applications make a server for each test. Those that serve somebody are not, whoever forgets them.
 */
'use strict';

const { runProgram } = require('../../support/programs/programs');

/** @param {(data: any) => unknown} program @param {Record<string, unknown>} data */
async function outputOf(program, data) {
  const { stdout, ...end } = await runProgram(program, data, ['--expose-gc']);
  expect(end).toEqual({ code: 0, signal: null, stderr: '' });
  return JSON.parse(stdout);
}

/** Opens and closes servers, some of them with a client; prints what they have left open. */
const openAndClose = async (/** @type {any} */ { require: load, doorName }) => {
  const { readdirSync } = load('node:fs');
  const { once } = load('node:events');
  const { Server } = load('./lib');
  const { io: connect } = load('socket.io-client');
  const doors = load('./test/support/servers/doors');
  const door = doors.doorOf(doorName);
  const openFiles = () => readdirSync('/proc/self/fd').length;
  const threads = () => readdirSync('/proc/self/task').length;

  const round = async (/** @type {string[]} */ transports) => {
    let server;
    const io = new Server({ ioThreads: 2 });
    if (door.isOwnPort) {
      io.listen(doors.addressOf(door), doors.ownPortOptions(door));
      server = io.httpServer;
    } else {
      server = doors.createNodeServer(door, {}).listen(doors.addressOf(door));
      io.attach(server);
    }
    await once(server, 'listening');
    if (transports.length > 0) {
      const { port, ca } = doors.placeOf(door, server);
      const url = `http${ca ? 's' : ''}://localhost:${port}`;
      const client = connect(url, { ca, transports, forceNew: true, reconnection: false });
      await new Promise((resolve) => client.once('connect', resolve));
      const left = new Promise((resolve) => client.once('disconnect', resolve));
      await io.close();
      await left;
      client.close();
    } else {
      await io.close();
    }
  };
  const collect = async () => {
    for (let turn = 0; turn < 20; turn++) {
      /** @type {any} */ (globalThis).gc(); // finalizers run in separate turns
      await new Promise(setImmediate);
    }
  };
  const some = async () => {
    for (const transports of [[], ['websocket'], ['polling'], []]) await round(transports);
    await collect();
  };
  await some(); // what Node itself keeps is there
  const before = [openFiles(), threads()];
  for (let i = 0; i < 3; i++) await some();
  const end = Date.now() + 10_000; // Node's agents and threads take their time
  while ((openFiles() > before[0] || threads() > before[1]) && Date.now() < end) await collect();
  console.log(JSON.stringify([openFiles() - before[0], threads() - before[1]]));
  process.exit();
};

test.each(['http', 'https', 'own port', 'own port with TLS'])(
  'a server on %s that was closed leaves no thread and no descriptor',
  async (doorName) => {
    const [openFiles, threads] = await outputOf(openAndClose, { doorName });
    expect(openFiles).toBeLessThanOrEqual(0);
    expect(threads).toBeLessThanOrEqual(0);
  },
);

/** Forgets a server that serves somebody, in several ways, and prints whether it goes on. */
const forget = async (/** @type {any} */ { require: load, how, transport }) => {
  const http = load('node:http');
  const { once } = load('node:events');
  const { Server } = load('./lib');
  const { io: connect } = load('socket.io-client');
  const collect = async () => {
    for (let turn = 0; turn < 20; turn++) {
      /** @type {any} */ (globalThis).gc();
      await new Promise(setImmediate);
    }
  };
  const serve = async () => {
    const isAttached = how === 'attached';
    const io = isAttached ? new Server(http.createServer().listen(0)) : new Server(0);
    io.on('connection', (/** @type {any} */ socket) => {
      socket.on('echo', (/** @type {any} */ value, /** @type {any} */ done) => done(value));
      if (how === 'stops listening') io.httpServer.close();
      if (how === 'ends') socket.on('end', () => io.close().then(() => console.log('["closed"]')));
    });
    if (how === 'unreferenced') io.httpServer.unref();
    if (!io.httpServer.listening) await once(io.httpServer, 'listening');
    return io.httpServer.address().port;
  };
  const port = await serve();
  await collect();
  const options = { transports: [transport], forceNew: true, reconnection: false };
  const client = connect(`http://localhost:${port}`, options);
  await new Promise((resolve) => client.once('connect', resolve));
  await collect();
  const echo = await client.timeout(30_000).emitWithAck('echo', 'still there');
  if (how === 'ends') {
    client.emit('end');
    await new Promise((resolve) => client.once('disconnect', resolve));
    await collect();
  } else {
    console.log(JSON.stringify([echo]));
    process.exit();
  }
};

test.each([
  ['on its own port', 'websocket', 'still there'],
  ['on its own port', 'polling', 'still there'],
  ['attached', 'websocket', 'still there'],
  ['unreferenced', 'websocket', 'still there'],
  ['stops listening', 'websocket', 'still there'],
  ['ends', 'websocket', 'closed'],
  ['ends', 'polling', 'closed'],
])('a server that the application forgets goes on: %s, by %s', async (how, transport, said) => {
  expect(await outputOf(forget, { how, transport })).toEqual([said]);
});
