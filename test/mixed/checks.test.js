/**
 * No event skips a check of JavaScript's, and no emit of C++ skips an adapter.
 */
'use strict';

const { Adapter } = require('socket.io-adapter');
const { connectPair, eventOf, openClient, startServer } = require('../support/rigs/rig');
const { useAddon } = require('./support/addon');

const addon = useAddon();

/** @param {object} [opts] */
function start(opts = {}) {
  const io = startServer(opts);
  addon.open(io.native, ['/']);
  return io;
}

describe('checks of a socket', () => {
  test('a middleware sees each event, and may refuse it', async () => {
    const io = start();
    const seen = /** @type {any[]} */ ([]);
    io.on('connection', (/** @type {any} */ socket) => {
      socket.use((/** @type {any[]} */ event, /** @type {any} */ next) => {
        seen.push(event[0]);
        next(event[1] === 'bad' ? new Error('refused') : undefined);
      });
    });
    const client = openClient(io);
    client.emit('echo', 'first'); // as early as can be
    expect(await eventOf(client, 'echoed')).toEqual(['first']);
    client.emit('echo', 'bad');
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
    client.emit('echo', 'good', Buffer.from('x'));
    expect(await eventOf(client, 'echoed')).toEqual(['good', Buffer.from('x')]);
    expect(seen).toEqual(['echo', 'echo', 'sum', 'echo']);
  });

  test('a middleware that changes an event', async () => {
    const io = start();
    const { client, socket } = await connectPair(io);
    socket.use((/** @type {any[]} */ event, /** @type {any} */ next) => {
      event[1] = 'changed';
      next();
    });
    await new Promise((resolve) => setImmediate(resolve));
    client.emit('echo', 'given');
    expect(await eventOf(client, 'echoed')).toEqual(['changed']);
  });

  test('catch-all listeners hear of events for C++', async () => {
    const io = start();
    const { client, socket } = await connectPair(io);
    const any = jest.fn();
    socket.onAny(any);
    await new Promise((resolve) => setImmediate(resolve));
    client.emit('echo', 1);
    expect(await eventOf(client, 'echoed')).toEqual([1]);
    expect(any).toHaveBeenCalledWith('echo', 1);
  });

  test('a replaced onevent hears of events for C++', async () => {
    const io = start();
    const { client, socket } = await connectPair(io);
    const names = /** @type {string[]} */ ([]);
    const { onevent } = socket;
    socket.onevent = function (/** @type {any} */ packet) {
      names.push(packet.data[0]);
      onevent.call(this, packet);
    };
    await new Promise((resolve) => setImmediate(resolve));
    client.emit('echo', 1);
    expect(await eventOf(client, 'echoed')).toEqual([1]);
    expect(names).toEqual(['echo']);
  });

  test('events for JavaScript still come, and what C++ passes on comes once', async () => {
    const io = start();
    const { client, socket } = await connectPair(io);
    const any = jest.fn();
    socket.onAny(any);
    await new Promise((resolve) => setImmediate(resolve));
    const heard = jest.fn();
    socket.on('pass', heard);
    const passed = eventOf(socket, 'pass');
    socket.on('other', (/** @type {any} */ x, /** @type {any} */ ack) => ack(x));
    client.emit('pass', 1);
    expect(await client.emitWithAck('other', 2)).toBe(2);
    await passed;
    expect(heard.mock.calls).toEqual([[1]]);
    expect(any).toHaveBeenCalledTimes(2);
  });

  test('what comes right before the end still reaches the listeners in JavaScript', async () => {
    const io = start();
    const { client, socket } = await connectPair(io);
    socket.use((/** @type {any} */ _event, /** @type {any} */ next) => next());
    await new Promise((resolve) => setImmediate(resolve));
    const heard = eventOf(socket, 'save');
    client.emit('save', 1);
    client.io.engine.close();
    expect(await heard).toEqual([1]);
  });

  test('what middlewares make of an event reaches listeners in JavaScript as it is', async () => {
    const io = start();
    const { client, socket } = await connectPair(io);
    const made = { method: () => 'made', big: 1n };
    socket.use((/** @type {any[]} */ event, /** @type {any} */ next) => {
      event.push(made);
      next();
    });
    await new Promise((resolve) => setImmediate(resolve));
    const heard = eventOf(socket, 'other');
    client.emit('other', 1);
    const args = await heard;
    expect(args[1]).toBe(made);
    const failed = eventOf(socket, 'error');
    client.emit('echo', 1); // JSON cannot hold what C++ would get
    expect((await failed)[0]).toBeInstanceOf(Error);
  });

  test('an event with attachments behind one that is held', async () => {
    const io = start();
    io.on('connection', (/** @type {any} */ socket) => {
      socket.use((/** @type {any} */ _event, /** @type {any} */ next) => next());
      socket.on('image', (/** @type {Buffer} */ bytes, /** @type {any} */ ack) =>
        ack(bytes.length),
      );
      const until = performance.now() + 50;
      while (performance.now() < until);
    });
    const client = openClient(io);
    client.emit('echo', 1);
    const size = client.emitWithAck('image', Buffer.alloc(300_000));
    expect(await eventOf(client, 'echoed')).toEqual([1]);
    expect(await size).toBe(300_000);
  });

  test('many events before the listeners are all handled, in order', async () => {
    const io = start();
    io.on('connection', () => {
      const until = performance.now() + 100;
      while (performance.now() < until);
    });
    const client = openClient(io);
    const echoed = /** @type {number[]} */ ([]);
    client.on('echoed', (/** @type {number} */ i) => echoed.push(i));
    for (let i = 0; i < 2000; i += 1) client.emit('echo', i, 'x'.repeat(300)); // half a megabyte
    await client.emitWithAck('count');
    expect(echoed).toEqual(Array.from({ length: 2000 }, (_, i) => i));
  });
});

describe('adapters', () => {
  /** Notes what it is asked to do. */
  class NotingAdapter extends Adapter {
    /** @type {any[]} */
    static notes = [];

    broadcast(/** @type {any} */ packet, /** @type {any} */ opts) {
      NotingAdapter.notes.push(['broadcast', packet.data, [...opts.rooms], [...opts.except]]);
      super.broadcast(packet, opts);
    }

    addSockets(/** @type {any} */ opts, /** @type {string[]} */ rooms) {
      NotingAdapter.notes.push(['addSockets', rooms]);
      super.addSockets(opts, rooms);
    }
  }

  beforeEach(() => {
    NotingAdapter.notes = [];
  });

  test('broadcasts of C++ go by the adapter, unless they are local', async () => {
    const io = start({ adapter: NotingAdapter });
    const one = await connectPair(io);
    const two = await connectPair(io);
    await two.client.emitWithAck('join', 'room');
    const said = eventOf(two.client, 'said');
    one.client.emit('say', 'room', 'hello');
    expect(await said).toEqual([one.socket.id, 'hello']);
    expect(NotingAdapter.notes).toEqual([
      ['broadcast', ['said', one.socket.id, 'hello'], ['room'], [one.socket.id]],
    ]);
    const local = eventOf(two.client, 'news');
    addon.broadcastFrom('/', 'room', 'news', 'local', true);
    expect(await local).toEqual(['local']);
    expect(NotingAdapter.notes).toHaveLength(1);
    const all = eventOf(two.client, 'news');
    addon.broadcastFrom('/', '', 'news', 'all', false);
    expect(await all).toEqual(['all']);
    expect(NotingAdapter.notes).toHaveLength(2);
  });

  test('with recovery a client gets what C++ has sent while it was away', async () => {
    const io = start({ connectionStateRecovery: {} });
    const { client, socket } = await connectPair(io, '/', {
      reconnection: true,
      reconnectionDelay: 10,
    });
    await client.emitWithAck('join', 'room');
    const first = eventOf(client, 'echoed'); // gives it an offset
    client.emit('echo', 1);
    await first;
    const gone = eventOf(socket, 'disconnect');
    const missed = eventOf(client, 'news');
    client.io.engine.close();
    await gone;
    addon.broadcastFrom('/', 'room', 'news', 'missed', false);
    expect((await missed)[0]).toBe('missed');
    expect(client.recovered).toBe(true);
    expect(await client.emitWithAck('rooms')).toContain('room');
  });
});
