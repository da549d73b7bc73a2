/**
 * Middlewares in C++ on namespaces of JavaScript's: they decide first, and JavaScript does not hear of those
 * whom they refuse.
 */
'use strict';

const connectLegacy = require('socket.io-client-2');
const { certificate } = require('../support/servers/doors');
const { EVERYWHERE } = require('../support/rigs/everywhere');
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
 * A server with handlers in C++, of which some say who may enter.
 * @param {{ opts?: object, door?: import('../support/servers/doors').Door, guarded?: string[] }} [how]
 */
function start({ opts, door, guarded = ['/'] } = {}) {
  const io = startServer(opts, door);
  addon.open(io.native, ['/', '/chat']);
  for (const name of guarded) addon.guard(name);
  return io;
}

/**
 * What a namespace of JavaScript's does with clients.
 * @param {any} nsp
 */
function watch(nsp) {
  const seen = jest.fn((_socket, next) => next());
  const entered = jest.fn();
  nsp.use(seen);
  nsp.on('connection', entered);
  return { seen, entered };
}

/**
 * Whether all that a client has sent was handled, those in front of it too.
 * @param {any} client in "/", which is not guarded
 */
async function settle(client) {
  await client.emitWithAck('sum', 1, 1);
}

describe.each(EVERYWHERE)('on %s by %s', (_doorName, _transport, door, transports) => {
  test('a client passes C++, and then JavaScript', async () => {
    const io = start({ door });
    /** @type {any[]} */
    const log = [];
    io.use((socket, next) => {
      log.push(JSON.parse(socket.native.get('auth')), socket.handshake.auth);
      socket.native.set('js', { was: 'here' });
      socket.join('early');
      next();
    });
    const { client, socket } = await connectPair(io, '/', { transports, ...GOOD });
    expect(log).toEqual([GOOD.auth, GOOD.auth]);
    expect(socket.native.get('auth')).toBe(JSON.stringify(GOOD.auth));
    expect(await client.emitWithAck('attribute', 'js')).toBe('{"was":"here"}');
    expect(await client.emitWithAck('count')).toBe(42); // what C++ has attached to the socket
    expect(await client.emitWithAck('id')).toBe(client.id);
    expect((await client.emitWithAck('rooms')).sort()).toEqual([client.id, 'early'].sort());
    const echoed = eventOf(client, 'echoed');
    client.emit('echo', 'x');
    expect(await echoed).toEqual(['x']);
  });

  test.each([
    ['not you', { code: 7 }, 'bad'],
    ['Internal error', undefined, 'forgotten'],
    ['Internal error', undefined, 'failing'],
  ])('a client is refused: "%s"', async (message, data, token) => {
    const io = start({ door });
    io.native.on('error', () => {});
    const { seen, entered } = watch(io);
    const client = openClient(io, '/', { transports, auth: { token } });
    const [error] = await eventOf(client, 'connect_error');
    expect([error.message, error.data]).toEqual([message, data]);
    client.auth = GOOD.auth; // on the same connection
    client.connect();
    await eventOf(client, 'connect');
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
    expect(seen).toHaveBeenCalledTimes(1);
    expect(entered).toHaveBeenCalledTimes(1);
  });

  test.each(['soon', 'from another thread'])('C++ decides %s', async (token) => {
    const io = start({ door });
    const client = openClient(io, '/', { transports, auth: { token } });
    await eventOf(client, 'connect');
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
  });

  test('clients of socket.io 2', async () => {
    const io = start({ door, opts: { allowEIO3: true }, guarded: ['/', '/chat'] });
    const main = watch(io);
    const chat = watch(io.of('/chat'));
    const options = {
      transports,
      ca: certificate().ca,
      forceNew: true,
      reconnection: false,
    };
    const client = connectLegacy(urlOf(io), options); // in "/" it cannot give a token
    expect(await eventOf(client, 'error')).toEqual([{ code: 7 }]);
    client.close();
    expect(main.seen).not.toHaveBeenCalled();

    addon.welcome(true, false);
    const other = connectLegacy(urlOf(io), options);
    const answer = new Promise((resolve) => {
      other.emit('sum', 1, 2, resolve);
    });
    expect(await answer).toBe(3);
    expect(main.seen).toHaveBeenCalledTimes(1);
    other.close();
    addon.welcome(false, false);

    const refused = connectLegacy(urlOf(io, '/chat?token=bad'), options);
    expect(await eventOf(refused, 'error')).toEqual([{ code: 7 }]);
    expect(chat.seen).not.toHaveBeenCalled();
    refused.close();
    const welcome = connectLegacy(urlOf(io, '/chat?token=good'), options);
    await eventOf(welcome, 'connect');
    expect(chat.seen.mock.calls[0][0].handshake.auth).toEqual({ token: 'good' });
    const id = new Promise((resolve) => {
      welcome.emit('id', resolve);
    });
    expect(await id).toBe(welcome.id);
    welcome.close();
  });
});

describe('who waits for C++', () => {
  /**
   * A client in "/", whose connection asks for "/chat" as well, and waits.
   * @param {object} [opts]
   */
  async function startHeld(opts) {
    const io = start({ opts, guarded: ['/chat'] });
    const watched = watch(io.of('/chat'));
    addon.welcome(false, true);
    const { client, socket } = await connectPair(io);
    const chat = client.io.socket('/chat');
    chat.connect();
    await settle(client);
    return { io, client, socket, chat, ...watched };
  }

  test('does not hold up other namespaces', async () => {
    const { client, socket, chat, seen, entered } = await startHeld();
    socket.on('js', (/** @type {any} */ ack) => ack('JavaScript'));
    expect(await client.emitWithAck('js')).toBe('JavaScript');
    expect(seen).not.toHaveBeenCalled();
    const connected = eventOf(chat, 'connect');
    expect(addon.decide('')).toBe(1);
    await connected;
    expect(seen).toHaveBeenCalledTimes(1);
    expect(entered).toHaveBeenCalledTimes(1);
    expect(await chat.emitWithAck('sum', 1, 2)).toBe(3);
  });

  test('may be refused at last', async () => {
    const { chat, seen } = await startHeld();
    const refused = eventOf(chat, 'connect_error');
    addon.decide('too late');
    expect((await refused)[0].message).toBe('too late');
    expect(seen).not.toHaveBeenCalled();
  });

  test('is asked about once, however often it asks', async () => {
    const { client, chat, seen } = await startHeld();
    chat.disconnect().connect();
    await settle(client);
    const connected = eventOf(chat, 'connect');
    expect(addon.decide('')).toBe(1);
    await connected;
    expect(seen).toHaveBeenCalledTimes(1);
  });

  test('does not enter when it has left', async () => {
    const { io, client, socket, seen } = await startHeld();
    const gone = eventOf(socket, 'disconnect');
    client.io.engine.close();
    await gone;
    expect(addon.decide('')).toBe(1);
    addon.welcome(true, false);
    await connectPair(io, '/chat');
    expect(seen).toHaveBeenCalledTimes(1);
  });

  test('ends if it sends an event before it is in', async () => {
    const io = start({ guarded: ['/chat'] });
    addon.welcome(false, true);
    const raw = await openRaw(io);
    raw.send('40/chat,', '42/chat,["sum",1,2]');
    await raw.closed;
    expect(addon.decide('')).toBe(1);
  });

  test('ends after connectTimeout, if it is nowhere else', async () => {
    const io = start({ opts: { connectTimeout: 100 }, guarded: ['/chat'] });
    addon.welcome(false, true);
    const raw = await openRaw(io);
    raw.send('40/chat,');
    await raw.closed;
    expect(addon.decide('')).toBe(1);
  });

  test('is refused when the addon goes, and others are too', async () => {
    const { io, chat } = await startHeld();
    const refused = eventOf(chat, 'connect_error');
    addon.close();
    expect((await refused)[0].message).toBe('Internal error');
    const other = openClient(io, '/chat', GOOD);
    expect((await eventOf(other, 'connect_error'))[0].message).toBe('Internal error');
    await connectPair(io); // "/" was not guarded
    addon.open(io.native, ['/chat']);
    addon.guard('/chat');
    await connectPair(io, '/chat', GOOD);
  });

  test('hears of the end of the server', async () => {
    const { io, client } = await startHeld();
    const ended = eventOf(client, 'disconnect');
    await io.close();
    await ended;
    expect(addon.decide('')).toBe(1);
  });
});

describe('what JavaScript decides then', () => {
  test('it refuses, and the client asks again', async () => {
    const io = start();
    let refuses = true;
    io.use((socket, next) => {
      const err = refuses ? Object.assign(new Error('no'), { data: socket.handshake.auth }) : null;
      next(err ?? undefined);
    });
    const client = openClient(io, '/', GOOD);
    const [error] = await eventOf(client, 'connect_error');
    expect([error.message, error.data]).toEqual(['no', GOOD.auth]);
    refuses = false;
    client.connect();
    await eventOf(client, 'connect');
    expect(await client.emitWithAck('count')).toBe(42);
  });

  test('with recovery, whose data pass C++', async () => {
    const io = start({ opts: { connectionStateRecovery: {} } });
    const { client, socket } = await connectPair(io, '/', {
      ...GOOD,
      reconnection: true,
      reconnectionDelay: 10,
    });
    await client.emitWithAck('join', 'room');
    const first = eventOf(client, 'news'); // gives it an offset
    io.emit('news', 1);
    await first;
    const gone = eventOf(socket, 'disconnect');
    const missed = eventOf(client, 'news');
    client.io.engine.close();
    await gone;
    io.to('room').emit('news', 'missed');
    expect((await missed)[0]).toBe('missed');
    expect(client.recovered).toBe(true);
    expect(client.id).toBe(socket.id);
    expect((await client.emitWithAck('rooms')).sort()).toEqual([client.id, 'room'].sort());
  });

  test('of clients that came before C++ was to be asked', async () => {
    const io = start({ guarded: [] });
    const { seen } = watch(io.of('/chat'));
    const { client } = await connectPair(io);
    const raw = await openRaw(io); // in no namespace: C++ has not seen it
    addon.guard('/chat');
    const chat = client.io.socket('/chat', { auth: { token: 'bad' } });
    chat.connect();
    expect((await eventOf(chat, 'connect_error'))[0].message).toBe('not you');
    raw.send('40/chat,{"token":"bad"}');
    expect(await raw.next()).toBe('44/chat,{"message":"not you","data":{"code":7}}');
    expect(seen).not.toHaveBeenCalled();
    raw.send('40/chat,{"token":"good"}');
    expect((await raw.next()).startsWith('40/chat,{"sid":"')).toBe(true);
    expect(seen).toHaveBeenCalledTimes(1);
  });

  test('of a namespace that a pattern makes, and makes no more', async () => {
    const io = start({ opts: { cleanupEmptyChildNamespaces: true }, guarded: [] });
    let isOpen = true;
    const parent = io.of((_name, _auth, next) => next(null, isOpen));
    parent.on('connection', () => {});
    const first = openClient(io, '/made', GOOD);
    await eventOf(first, 'connect');
    addon.guard('/made');
    const refused = openClient(io, '/made', { auth: { token: 'bad' } });
    expect((await eventOf(refused, 'connect_error'))[0].message).toBe('not you');
    const gone = eventOf(io.of('/made').sockets.values().next().value, 'disconnect');
    first.disconnect();
    await gone;
    expect(io._nsps.has('/made')).toBe(false);
    const second = openClient(io, '/made', GOOD);
    await eventOf(second, 'connect');
    expect(io._nsps.has('/made')).toBe(true);
    const left = eventOf(io.of('/made').sockets.values().next().value, 'disconnect');
    second.disconnect();
    await left;
    isOpen = false;
    const { client } = await connectPair(io);
    const denied = client.io.socket('/made', GOOD);
    denied.connect();
    expect((await eventOf(denied, 'connect_error'))[0].message).toBe('Invalid namespace');
    isOpen = true;
    denied.connect();
    await eventOf(denied, 'connect');
  });

  test('of a namespace that is guarded as soon as a client has it made', async () => {
    const io = start({ guarded: [] });
    io.of(/^\/made$/);
    io.on('new_namespace', (nsp) => addon.guard(nsp.name));
    const refused = openClient(io, '/made', { auth: { token: 'bad' } });
    expect((await eventOf(refused, 'connect_error'))[0].message).toBe('not you');
    await connectPair(io, '/made', GOOD);
  });

  test('a namespace function that throws ends the client', async () => {
    const io = start({ guarded: [] });
    let fails = false;
    io.of((_name, _auth, next) => {
      if (fails) throw new Error('on purpose');
      next(null, true);
    });
    const first = openClient(io, '/made', GOOD);
    await eventOf(first, 'connect');
    addon.guard('/made');
    io._nsps.delete('/made');
    fails = true;
    const raw = await openRaw(io);
    raw.send('40/made,{"token":"good"}');
    await raw.closed;
  });

  test('an auth object that is too deep for C++', async () => {
    const io = start();
    const { seen } = watch(io);
    const raw = await openRaw(io);
    const depth = 100_000;
    raw.send(`40${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    expect(await raw.next()).toBe('44{"message":"not you","data":{"code":7}}');
    expect(seen).not.toHaveBeenCalled();
  });
});
