/** In which asynchronous context the application's listeners run, and what of ours tools see. */
'use strict';

const { runProgram } = require('../../support/programs');

/** Tells which store handlers see that run for a WebSocket, and what is left of a closed server. */
const program = async (/** @type {any} */ { require: load, packageName, ownPort }) => {
  const { AsyncLocalStorage, createHook } = load('node:async_hooks');
  const { once } = load('node:events');
  const { Server } = load(packageName);
  /** @type {string[]} */
  const types = [];
  createHook({ init: (_id, type) => void types.push(type) }).enable();
  const storage = new AsyncLocalStorage();
  /** @type {any[]} */
  const stores = [];
  const io = storage.run('of the maker', () => {
    const http = load('node:http').createServer();
    const server = ownPort ? new Server(0) : new Server(http.listen(0));
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
  const client = load('socket.io-client').io(`http://localhost:${io.httpServer.address().port}`, {
    transports: ['websocket'],
  });
  await client.emitWithAck('event');
  await client.emitWithAck('event');
  client.close();
  await io.close();
  console.log(JSON.stringify({ stores, ours: types.filter((type) => /beast/i.test(type)) }));
};

test.each([
  ['socket.io', false],
  ['./lib', false],
  ['./lib', true],
])('%s, own port: %s', async (packageName, ownPort) => {
  const { stdout, stderr } = await runProgram(program, { packageName, ownPort });
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
