'use strict';

const { once } = require('node:events');
const {
  cleanUp,
  connectPair,
  connectRaw,
  eventOf,
  startServer,
  urlOf,
} = require('../../../support/rigs/rig');

afterEach(cleanUp);

describe('identity and state', () => {
  test('the id is random, told to the client, and not the connection id', async () => {
    const { socket, client } = await connectPair(startServer());
    expect(socket.id).toMatch(/^[\w-]{20}$/);
    expect(client.id).toBe(socket.id);
    expect(socket.conn.id).not.toBe(socket.id);
    expect(socket.client.id).toBe(socket.conn.id);
  });

  test('connected, disconnected, recovered and rooms follow the life of the socket', async () => {
    const { socket, client } = await connectPair(startServer());
    expect(socket).toMatchObject({ connected: true, disconnected: false, recovered: false });
    expect([...socket.rooms]).toEqual([socket.id]);
    const left = once(socket, 'disconnect');
    client.disconnect();
    await left;
    expect(socket).toMatchObject({ connected: false, disconnected: true });
    expect([...socket.rooms]).toEqual([]);
  });

  test('data is an object of the application, which may replace it', async () => {
    const { socket } = await connectPair(startServer());
    expect(socket.data).toEqual({});
    socket.data.user = 'ann';
    expect(socket.data).toEqual({ user: 'ann' });
    socket.data = { replaced: true };
    expect(socket.data).toEqual({ replaced: true });
  });

  test('the socket knows what it belongs to', async () => {
    const io = startServer();
    const { socket } = await connectPair(io, '/chat');
    expect(socket.nsp).toBe(io.of('/chat'));
    expect(socket.server).toBe(io);
    expect(socket.adapter).toBe(io.of('/chat').adapter);
    expect(socket.conn).toBe(socket.client.conn);
    expect(socket.request).toBe(socket.conn.request);
  });

  test('it can be used through a Proxy', async () => {
    const { socket, client } = await connectPair(startServer());
    const proxy = new Proxy(socket, {});
    const got = eventOf(client, 'hello');
    proxy.volatile.emit('hello', 1);
    expect(await got).toEqual([1]);
    proxy.join('room');
    expect(proxy.rooms.has('room')).toBe(true);
  });
});

describe('handshake', () => {
  test('it holds what the client came in with', async () => {
    const io = startServer();
    const before = Date.now();
    const { socket } = await connectPair(io, '/', {
      query: { token: 'q' },
      auth: { secret: 's' },
      extraHeaders: { 'x-test': 'h' },
    });
    const { handshake } = socket;
    expect(handshake.headers['x-test']).toBe('h');
    expect(handshake.query).toMatchObject({ token: 'q', EIO: '4', transport: 'websocket' });
    expect(handshake.auth).toEqual({ secret: 's' });
    expect(handshake.address).toContain('127.0.0.1');
    expect(handshake).toMatchObject({ xdomain: false, secure: urlOf(io).startsWith('https') });
    expect(handshake.issued).toBeGreaterThanOrEqual(before);
    expect(Math.trunc(Date.parse(handshake.time) / 1000)).toBe(Math.trunc(handshake.issued / 1000));
    expect(handshake.url).toContain('/socket.io/?');
    expect(socket.handshake).toBe(handshake);
  });

  test('it tells a request from another origin', async () => {
    const io = startServer();
    const { socket } = await connectPair(io, '/', { extraHeaders: { origin: 'http://other' } });
    expect(socket.handshake.xdomain).toBe(true);
  });

  test('it survives a request that the application has discarded', async () => {
    const io = startServer();
    io.engine.on('connection', (conn) => {
      conn.request = null;
    });
    const { socket } = await connectPair(io);
    expect(socket.handshake).toMatchObject({
      headers: {},
      query: {},
      secure: true,
      xdomain: false,
    });
    expect(socket.handshake.url).toBeUndefined();
  });
});

describe('emit', () => {
  test('it carries any JSON value, and returns true', async () => {
    const { socket, client } = await connectPair(startServer());
    const values = [null, true, -0, 1.5, 'ünï\u2028"\\', [1, [2]], { a: { b: [] } }];
    const got = eventOf(client, 'values');
    expect(socket.emit('values', ...values)).toBe(true);
    expect(await got).toEqual([null, true, 0, 1.5, 'ünï\u2028"\\', [1, [2]], { a: { b: [] } }]);
  });

  test('what JSON cannot hold becomes null, a toJSON() is asked', async () => {
    const { socket, client } = await connectPair(startServer());
    const got = eventOf(client, 'odd');
    const date = new Date(0);
    socket.emit('odd', undefined, NaN, Symbol('s'), date, new Map([[1, 2]]), { toJSON: () => 7 });
    expect(await got).toEqual([null, null, null, date.toISOString(), {}, 7]);
  });

  test('a single argument takes the same form as several', async () => {
    const { socket, client } = await connectPair(startServer());
    const got = [];
    client.onAny((...args) => got.push(args));
    const keys = [];
    const told = { toJSON: (key) => keys.push(key) };
    for (const value of ['text', 3, null, undefined, NaN, { a: 1 }, [2], new Date(0), told]) {
      socket.emit('one', value);
    }
    const last = eventOf(client, 'none');
    socket.emit('none');
    await last;
    expect(got).toEqual([
      ['one', 'text'],
      ['one', 3],
      ['one', null],
      ['one', null],
      ['one', null],
      ['one', { a: 1 }],
      ['one', [2]],
      ['one', '1970-01-01T00:00:00.000Z'],
      ['one', expect.any(Number)],
      ['none'],
    ]);
    expect(new Set(keys)).toContain('1');
  });

  test('binary data travels at any depth, both ways', async () => {
    const { socket, client } = await connectPair(startServer());
    const toClient = eventOf(client, 'bytes');
    socket.emit('bytes', Buffer.from('ab'), { deep: [new Uint8Array([1, 2])] }, 'text');
    const [first, second, third] = await toClient;
    expect(Buffer.from(first).toString()).toBe('ab');
    expect([...Buffer.from(second.deep[0])]).toEqual([1, 2]);
    expect(third).toBe('text');

    const toServer = once(socket, 'bytes');
    client.emit('bytes', { file: Buffer.from('cd') });
    expect(await toServer).toEqual([{ file: Buffer.from('cd') }]);
  });

  test.each([
    'connect',
    'connect_error',
    'disconnect',
    'disconnecting',
    'newListener',
    'removeListener',
  ])('the name %s is refused', async (name) => {
    const { socket } = await connectPair(startServer());
    expect(() => socket.emit(name)).toThrow(new Error(`"${name}" is a reserved event name`));
  });

  test('a value that JSON refuses throws, and the socket lives on', async () => {
    const { socket, client } = await connectPair(startServer());
    expect(() => socket.emit('big', 1n)).toThrow(TypeError);
    const circular = {};
    circular.self = circular;
    expect(() => socket.emit('circular', circular)).toThrow(RangeError);
    const got = eventOf(client, 'fine');
    socket.emit('fine');
    await got;
  });

  test('send and write emit a message event and can be chained', async () => {
    const { socket, client } = await connectPair(startServer());
    const got = [];
    const second = new Promise((resolve) => {
      client.on('message', (value) => {
        got.push(value);
        if (got.length === 2) resolve(undefined);
      });
    });
    expect(socket.send('a').write('b')).toBe(socket);
    await second;
    expect(got).toEqual(['a', 'b']);
  });

  test('after the connection is closed it is a no-op', async () => {
    const { socket, client } = await connectPair(startServer());
    const left = once(socket, 'disconnect');
    client.disconnect();
    await left;
    expect(socket.emit('late', 1)).toBe(true);
  });

  test('a volatile packet is dropped while the transport is busy', async () => {
    const { raw, socket } = await connectRaw(startServer());
    setImmediate(() => socket.volatile.emit('while idle')); // the genuine package looks from now on
    expect(await raw.next()).toBe('42["while idle"]');
    socket.emit('first');
    socket.volatile.emit('dropped');
    socket.emit('second');
    expect(await raw.next()).toBe('42["first"]');
    expect(await raw.next()).toBe('42["second"]');
  });

  test('flags last for one emit', async () => {
    const { socket } = await connectPair(startServer());
    const options = [];
    socket.conn.on('packetCreate', (packet) => options.push(packet.options));
    socket.compress(false).emit('plain');
    socket.emit('compressed');
    socket.volatile.compress(true).emit('volatile');
    expect(options[0]).toMatchObject({ compress: false });
    expect(options[1]).toEqual({ compress: true });
  });
});

describe('rooms', () => {
  test('join and leave take effect at once', async () => {
    const { socket } = await connectPair(startServer());
    expect(socket.join('a')).toBeUndefined();
    socket.join(['b', 'c']);
    expect([...socket.rooms]).toEqual([socket.id, 'a', 'b', 'c']);
    socket.leave('b');
    expect([...socket.rooms]).toEqual([socket.id, 'a', 'c']);
    socket.leaveAll();
    expect([...socket.rooms]).toEqual([]);
  });

  test('after the disconnection, join does nothing', async () => {
    const io = startServer();
    const { socket } = await connectPair(io);
    socket.disconnect();
    socket.join('late');
    expect(io.sockets.adapter.rooms.size).toBe(0);
  });
});

describe('middlewares', () => {
  test('they see the event, may change it, and run in order', async () => {
    const { socket, client } = await connectPair(startServer());
    const seen = [];
    socket.use((event, next) => {
      seen.push(['first', ...event]);
      event[1] = 'changed';
      next();
    });
    socket.use((event, next) => {
      seen.push(['second', ...event]);
      setImmediate(next);
    });
    const got = once(socket, 'hello');
    client.emit('hello', 'given');
    expect(await got).toEqual(['changed']);
    expect(seen).toEqual([
      ['first', 'hello', 'given'],
      ['second', 'hello', 'changed'],
    ]);
  });

  test('an error goes to the error event and stops the packet', async () => {
    const { socket, client } = await connectPair(startServer());
    const handler = jest.fn();
    socket.on('hello', handler);
    socket.use((_event, next) => next(new Error('no')));
    const failed = once(socket, 'error');
    client.emit('hello');
    expect(await failed).toEqual([new Error('no')]);
    expect(handler).not.toHaveBeenCalled();
  });

  test('an error without listeners does not end the process', async () => {
    const { socket, client } = await connectPair(startServer());
    expect(socket.listenerCount('error')).toBe(1);
    socket.use(([name], next) => next(name === 'bad' ? new Error('no') : undefined));
    const got = new Promise((resolve) => socket.once('good', resolve));
    client.emit('bad');
    client.emit('good');
    await got;
  });
});
