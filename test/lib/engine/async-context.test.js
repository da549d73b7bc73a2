/** In which asynchronous context the application's listeners run, and what of ours tools see. */
'use strict';

const { runProgram } = require('../../support/programs/programs');

/** Tells which store handlers see, and what is left of a closed server. */
const program = async (/** @type {any} */ { require: load, packageName, doorName, transport }) => {
  const { AsyncLocalStorage, createHook } = load('node:async_hooks');
  const { once } = load('node:events');
  const { certificate, createNodeServer, doorOf, ownPortOptions } = load(
    './test/support/servers/doors',
  );
  const { Server } = load(packageName);
  const door = doorOf(doorName);
  /** @type {string[]} */
  const types = [];
  createHook({ init: (_id, type) => void types.push(type) }).enable();
  const storage = new AsyncLocalStorage();
  /** @type {any[]} */
  const stores = [];
  const io = storage.run('of the maker', () => {
    const server = door.isOwnPort
      ? new Server(0, ownPortOptions(door))
      : new Server(createNodeServer(door, {}, () => {}).listen(0));
    server.on('connection', (/** @type {any} */ socket) => {
      stores.push(['connection', storage.getStore()]);
      socket.on('event', (/** @type {() => void} */ done) => {
        stores.push(['event', storage.getStore()]);
        storage.enterWith('of a handler');
        done();
      });
    });
    return server;
  });
  if (!io.httpServer.listening) await once(io.httpServer, 'listening');
  const url = `http${door.hasTls ? 's' : ''}://localhost:${io.httpServer.address().port}`;
  const trust = door.hasTls ? { ca: certificate().ca } : {};
  const client = load('socket.io-client').io(url, { transports: [transport], ...trust });
  await client.emitWithAck('event');
  await client.emitWithAck('event');
  client.close();
  io.httpServer.closeAllConnections();
  await io.close();
  console.log(JSON.stringify({ stores, ours: types.filter((type) => /beast/i.test(type)) }));
};

/** The genuine package shows the maker's store elsewhere: it has the sockets of Node. */
const GENUINE = ['socket.io', 'http', 'websocket'];
const OURS = ['http', 'https', 'own port', 'own port with TLS'].flatMap((doorName) =>
  ['websocket', 'polling'].map((transport) => ['./lib', doorName, transport]),
);

test.each([GENUINE, ...OURS])('%s, %s, %s', async (packageName, doorName, transport) => {
  const { stdout, stderr } = await runProgram(program, { packageName, doorName, transport });
  expect([stderr, JSON.parse(stdout)]).toEqual([
    '',
    {
      stores: [
        ['connection', null],
        ['event', null],
        ['event', null],
      ],
      ours: [],
    },
  ]);
});
