/**
 * Clients of socket.io 2 and clients on several I/O threads: handlers in C++ serve them as they serve others.
 */
'use strict';

const { once } = require('node:events');
const connectLegacy = require('socket.io-client-2');
const { EVERYWHERE } = require('../support/rigs/everywhere');
const { certificate } = require('../support/servers/doors');
const { connectPair, eventOf, startServer, urlOf } = require('../support/rigs/rig');
const { useAddon } = require('./support/addon');

const addon = useAddon();

describe.each(EVERYWHERE)('on %s by %s', (_doorName, _transport, door, transports) => {
  /** @type {any[]} */
  const clients = [];
  afterEach(() => clients.splice(0).forEach((client) => client.disconnect()));

  /**
   * Both ends of a connection of a client of socket.io 2.
   * @param {any} io
   * @param {string} nsp
   * @param {string} [query] behind the namespace's name
   */
  async function connectLegacyPair(io, nsp, query = '') {
    const { ca } = certificate();
    const options = { transports, ca, forceNew: true, reconnection: false };
    const connected = once(io.of(nsp), 'connection');
    const client = connectLegacy(urlOf(io, nsp + query), options);
    clients.push(client);
    const [[socket]] = await Promise.all([connected, eventOf(client, 'connect')]);
    return { client, socket };
  }

  /**
   * @param {any} client
   * @param {any[]} args
   * @returns {Promise<any[]>} what the acknowledgement says
   */
  const ask = (client, ...args) =>
    new Promise((resolve) => {
      client.emit(...args, (/** @type {any[]} */ ...answer) => resolve(answer));
    });

  test.each([
    ['/', ''],
    ['/chat', '?token=1'],
  ])('a client of socket.io 2 in %s', async (nsp, query) => {
    const io = startServer({ allowEIO3: true }, door);
    addon.open(io.native, [nsp]);
    const one = await connectLegacyPair(io, nsp, query);
    const two = await connectPair(io, nsp, { transports });

    expect(await ask(one.client, 'id')).toEqual([one.socket.id]);
    const bytes = Buffer.from([0, 1, 255]);
    const back = eventOf(one.client, 'bytes back');
    expect(await ask(one.client, 'bytes', bytes)).toEqual([3, bytes]);
    expect(await back).toEqual([bytes]);

    one.socket.on('pass', (/** @type {any} */ given, /** @type {any} */ ack) => ack(given));
    const seen = eventOf(one.client, 'seen in C++');
    expect(await ask(one.client, 'pass', { bytes })).toEqual([{ bytes }]);
    expect(await seen).toEqual([{ bytes }]);

    await ask(one.client, 'join', 'room');
    const said = eventOf(one.client, 'said');
    two.client.emit('say', 'room', 'hello');
    expect(await said).toEqual([two.socket.id, 'hello']);

    one.client.on('question', (/** @type {string} */ text, /** @type {any} */ ack) => ack(text));
    const answered = eventOf(one.client, 'answered');
    one.client.emit('ask me', 'why');
    expect(await answered).toEqual(['why']);

    const ended = once(one.socket, 'disconnect');
    one.client.disconnect();
    expect((await ended)[0]).toBe('client namespace disconnect');
    expect(addon.ends()).toEqual([`${one.socket.id} client namespace disconnect`]);
  });

  test('clients on two I/O threads share rooms', async () => {
    const io = startServer({ ioThreads: 2 }, door);
    addon.open(io.native, ['/']);
    const pairs = [];
    for (let i = 0; i < 4; i += 1) pairs.push(await connectPair(io, '/', { transports }));
    for (const { client } of pairs) await client.emitWithAck('join', 'room');
    const [speaker, ...others] = pairs;
    const said = others.map(({ client }) => eventOf(client, 'said'));
    speaker.client.emit('say', 'room', 'hello');
    for (const heard of said) expect(await heard).toEqual([speaker.socket.id, 'hello']);
    const all = pairs.map(({ client }) => eventOf(client, 'shouted'));
    speaker.client.emit('shout', 'everybody');
    for (const heard of all) expect(await heard).toEqual(['everybody']);
    const members = await io.in('room').fetchSockets();
    expect(new Set(members.map(({ id }) => id))).toEqual(
      new Set(pairs.map(({ socket }) => socket.id)),
    );
  });
});
