/**
 * Namespaces that C++ serves alone: it lets clients in, and JavaScript does not know them.
 */
'use strict';

const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const connectLegacy = require('socket.io-client-2');
const { certificate } = require('../support/servers/doors');
const { EVERYWHERE } = require('../support/rigs/everywhere');
const { TOP } = require('../support/programs/programs');
const {
  connectPair,
  eventOf,
  openClient,
  openRaw,
  startServer,
  urlOf,
} = require('../support/rigs/rig');
const { useAddon } = require('./support/addon');

const addon = useAddon();
const GOOD = { auth: { token: 'good' } };

/**
 * @param {object} [opts]
 * @param {import('../support/servers/doors').Door} [door]
 */
function start(opts, door) {
  const io = startServer(opts, door);
  expect(addon.serveAlone(io.native, '/game')).toBe('');
  return io;
}

/**
 * @param {any} io
 * @param {object} [opts]
 */
async function enter(io, opts = GOOD) {
  const client = openClient(io, '/game', opts);
  await eventOf(client, 'connect');
  return client;
}

describe.each(EVERYWHERE)('on %s by %s', (_doorName, _transport, door, transports) => {
  test('a client enters, is served, and leaves', async () => {
    const io = start({}, door);
    const seen = jest.fn();
    io.on('connection', seen);
    io.on('new_namespace', seen);
    const client = await enter(io, { transports, ...GOOD });
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
    expect(await client.emitWithAck('id')).toBe(client.id);
    const bytes = Buffer.from([0, 1, 255]);
    const back = eventOf(client, 'bytes back');
    client.emit('bytes', bytes);
    expect(await back).toEqual([bytes]);
    const shouted = eventOf(client, 'shouted');
    addon.broadcastFrom('/game', '', 'shouted', 'to all');
    expect(await shouted).toEqual(['to all']);

    const other = await enter(io, { transports, ...GOOD });
    await client.emitWithAck('join', 'red');
    const said = eventOf(client, 'said');
    other.emit('say', 'red', 'hello');
    expect(await said).toEqual([other.id, 'hello']);
    expect(seen).not.toHaveBeenCalled();
    expect(io._nsps.has('/game')).toBe(false);
    expect(io.engine.clientsCount).toBe(2);
  });

  test('beside a namespace of JavaScript on the same connection', async () => {
    const io = start({}, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    const game = client.io.socket('/game', GOOD);
    game.connect();
    await eventOf(game, 'connect');
    socket.on('js', (/** @type {any} */ ack) => ack('JavaScript'));
    expect(await client.emitWithAck('js')).toBe('JavaScript');
    expect(await game.emitWithAck('sum', 2, 2)).toBe(4);
    game.emit('go', false);
    expect(await eventOf(game, 'disconnect')).toEqual(['io server disconnect', undefined]);
    expect(await client.emitWithAck('js')).toBe('JavaScript');
    game.connect();
    await eventOf(game, 'connect');
    expect(await game.emitWithAck('sum', 2, 3)).toBe(5);

    const left = eventOf(socket, 'disconnect');
    const ends = Promise.all([eventOf(game, 'disconnect'), eventOf(client, 'disconnect')]);
    game.emit('go', true); // with the connection
    expect((await left)[0]).toBe('server namespace disconnect');
    expect(await ends).toEqual([
      ['io server disconnect', undefined],
      ['io server disconnect', undefined],
    ]);
  });

  test.each([
    ['not you', { code: 7 }, 'bad'],
    ['Internal error', undefined, 'forgotten'],
    ['Internal error', undefined, 'failing'],
  ])('a client is refused: "%s"', async (message, data, token) => {
    const io = start({}, door);
    io.native.on('error', () => {});
    const client = openClient(io, '/game', { transports, auth: { token } });
    const [error] = await eventOf(client, 'connect_error');
    expect([error.message, error.data]).toEqual([message, data]);
    const other = await enter(io, { transports, ...GOOD });
    expect(await other.emitWithAck('sum', 1, 1)).toBe(2);
  });

  test('a client of socket.io 2', async () => {
    const io = start({ allowEIO3: true }, door);
    const { ca } = certificate();
    const options = { transports, ca, forceNew: true, reconnection: false };
    const client = connectLegacy(urlOf(io, '/game?token=good'), options);
    await eventOf(client, 'connect');
    const answer = new Promise((resolve) => {
      client.emit('id', resolve);
    });
    expect(await answer).toBe(client.id);
    client.disconnect();
  });
});

describe('who gets in', () => {
  test.each(['soon', 'from another thread'])('a middleware decides %s', async (token) => {
    const io = start();
    const client = await enter(io, { auth: { token } });
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
  });

  test('a client that came before the namespace', async () => {
    const io = startServer();
    void io.native;
    const { client } = await connectPair(io);
    expect(addon.serveAlone(io.native, '/game')).toBe('');
    const game = client.io.socket('/game', GOOD);
    game.connect();
    await eventOf(game, 'connect');
    expect(await game.emitWithAck('id')).toBe(game.id);
  });

  test('a client that came before the namespace, with an auth object that is too deep', async () => {
    const io = startServer();
    void io.native;
    const raw = await openRaw(io);
    raw.send('40');
    await raw.next();
    expect(addon.serveAlone(io.native, '/game')).toBe('');
    const depth = 100_000;
    raw.send(`40/game,${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    expect((await raw.next()).startsWith('44/game,')).toBe(true); // it has no token
    const client = await enter(io);
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
  });

  test('nobody without middlewares that were taken away, until others are set', async () => {
    const io = start();
    addon.close();
    const refused = openClient(io, '/game', GOOD);
    expect((await eventOf(refused, 'connect_error'))[0].message).toBe('Internal error');
    expect(addon.serveAlone(io.native, '/game')).toBe('');
    const client = await enter(io);
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
  });

  test('clients enter while JavaScript is busy', async () => {
    const io = start();
    const program = `
      const { workerData, parentPort } = require('node:worker_threads');
      const { io } = require('${TOP}/node_modules/socket.io-client');
      const client = io(workerData, { transports: ['websocket'] });
      client.on('connect', () => parentPort.postMessage('connected'));
      parentPort.on('message', async () => {
        let sums = 0;
        for (let i = 0; i < 20; i += 1) {
          const game = client.io.socket('/game', { auth: { token: 'good' } });
          game.connect();
          await new Promise((resolve) => game.once('connect', resolve));
          sums += await game.emitWithAck('sum', i, 1);
          game.disconnect();
        }
        parentPort.postMessage({ sums, at: Date.now() });
        client.disconnect();
        parentPort.close();
      });`;
    const url = `http://localhost:${io.httpServer.address().port}`;
    const worker = new Worker(program, { eval: true, workerData: url });
    await once(worker, 'message');
    const answer = once(worker, 'message');
    worker.postMessage('go');
    const until = performance.now() + 3000;
    while (performance.now() < until);
    const freeAt = Date.now();
    const [{ sums, at }] = await answer;
    expect(sums).toBe(210);
    expect(at).toBeLessThan(freeAt);
  });
});

describe('whose a namespace is', () => {
  test("JavaScript's is refused to C++", () => {
    const io = startServer();
    io.of('/chat');
    expect(addon.serveAlone(io.native, '/chat')).toBe('the event or the namespace is taken');
    expect(addon.serveAlone(io.native, '/')).toBe('the event or the namespace is taken');
  });

  test("C++'s is refused to JavaScript", async () => {
    const io = start();
    io.of(/^\/g/);
    const taken = expect.objectContaining({ code: 'ERR_BEASTIO_TAKEN' });
    expect(() => io.of('/game')).toThrow(taken);
    expect(() => io.of('game')).toThrow(taken);
    const client = await enter(io);
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
    expect(addon.serveAlone(io.native, '/game')).toBe('');
  });
});

describe('ends', () => {
  test('a client that is in stays beyond connectTimeout, one that is nowhere ends', async () => {
    const io = start({ connectTimeout: 200 });
    const client = await enter(io);
    const nowhere = await openRaw(io);
    const waiting = await openRaw(io); // refused, and so nowhere
    waiting.send('40/game,{"token":"bad"}');
    await Promise.all([nowhere.closed, waiting.closed]);
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
  });

  test('C++ hears why a client has left', async () => {
    const io = start();
    const one = await enter(io);
    const { id } = one;
    one.disconnect();
    const two = await enter(io);
    const other = two.id;
    two.io.engine.close();
    const three = await enter(io);
    const last = three.id;
    const ended = eventOf(three, 'disconnect');
    io.disconnectSockets(true); // of JavaScript's namespaces only
    expect(await three.emitWithAck('sum', 1, 2)).toBe(3);
    await io.close();
    await ended;
    expect(addon.ends().sort()).toEqual(
      [
        `${id} client namespace disconnect`,
        `${other} transport close`,
        `${last} server shutting down`,
      ].sort(),
    );
  });

  test.each([
    ['invalid JSON', '42/game,["echo",{bad]'],
    ['no packet', '4/game'],
    ['an event before it is in', '42/game,["echo"]', 'first'],
    [
      'a text amid attachments',
      '451-/game,["bytes",{"_placeholder":true,"num":0}]',
      '42/game,["echo"]',
    ],
  ])('a client that sends %s', async (_what, ...texts) => {
    const io = start();
    io.native.on('error', () => {});
    const beside = await enter(io);
    const raw = await openRaw(io);
    if (texts[1] !== 'first') {
      raw.send('40/game,{"token":"good"}');
      await raw.next();
    }
    raw.send(...texts.filter((text) => text !== 'first'));
    await raw.closed;
    expect(await beside.emitWithAck('sum', 1, 2)).toBe(3);
  });

  test('what is for JavaScript only does nothing', async () => {
    const io = start();
    const client = await enter(io);
    const seen = eventOf(client, 'seen in C++');
    client.emit('pass', 1);
    expect(await seen).toEqual([1]);
    expect(await client.emitWithAck('set attribute', 'a', 'b')).toBe(true);
    expect(await client.emitWithAck('attribute', 'a')).toBe('');
  });
});
