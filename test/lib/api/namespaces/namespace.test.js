'use strict';

const { once } = require('node:events');
const { cleanUp, connectPair, connectRaw, eventOf } = require('../../../support/rigs/rig');
const { openClient, openRaw, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

describe('coming in', () => {
  test('connect is emitted before connection, with the same socket, already listed', async () => {
    const io = startServer();
    const nsp = io.of('/chat');
    const events = [];
    nsp.on('connect', (socket) => events.push(['connect', socket, nsp.sockets.has(socket.id)]));
    nsp.on('connection', (socket) => events.push(['connection', socket, socket.connected]));
    const { socket } = await connectPair(io, '/chat');
    expect(events).toEqual([
      ['connect', socket, true],
      ['connection', socket, true],
    ]);
    expect(nsp.sockets.get(socket.id)).toBe(socket);
  });

  test('the CONNECT answer precedes what the connection handler sends', async () => {
    const io = startServer();
    io.on('connection', (socket) => socket.emit('welcome'));
    const { raw, socket, answer } = await connectRaw(io);
    expect(answer).toBe(`40{"sid":"${socket.id}"}`);
    expect(await raw.next()).toBe('42["welcome"]');
  });

  test('a client may be in several namespaces over one connection', async () => {
    const io = startServer();
    io.of('/a');
    io.of('/b');
    const { raw, socket } = await connectRaw(io, '/a');
    raw.send('40/b,{"token":1}');
    const [second] = await once(io.of('/b'), 'connection');
    expect(await raw.next()).toBe(`40/b,{"sid":"${second.id}"}`);
    expect(second.client).toBe(socket.client);
    expect(second.handshake.auth).toEqual({ token: 1 });

    const inA = once(socket, 'hello');
    const inB = once(second, 'hello');
    raw.send('42/a,["hello",1]', '42/b,["hello",2]');
    expect(await inA).toEqual([1]);
    expect(await inB).toEqual([2]);

    socket.disconnect();
    expect(await raw.next()).toBe('41/a,');
    second.emit('still', 'there');
    expect(await raw.next()).toBe('42/b,["still","there"]');
    const left = once(second, 'disconnect');
    raw.ws.terminate();
    await left;
  });

  test('an unknown namespace is refused, and the connection stays', async () => {
    const io = startServer();
    const raw = await openRaw(io);
    raw.send('40/nowhere,');
    expect(await raw.next()).toBe('44/nowhere,{"message":"Invalid namespace"}');
    raw.send('40');
    expect(await raw.next()).toMatch(/^40\{"sid":"[\w-]{20}"\}$/);
  });
});

describe('middlewares', () => {
  test('they run in order before the connection', async () => {
    const io = startServer();
    const calls = [];
    io.use((socket, next) => {
      calls.push(['first', socket.connected, io.sockets.sockets.size]);
      setImmediate(next);
    });
    io.use((socket, next) => {
      calls.push(['second', socket.handshake.auth.name]);
      next();
    });
    await connectPair(io, '/', { auth: { name: 'ann' } });
    expect(calls).toEqual([
      ['first', false, 0],
      ['second', 'ann'],
    ]);
  });

  test('an error refuses the client, with its message and data', async () => {
    const io = startServer();
    io.use((socket, next) => {
      socket.join('room');
      next(Object.assign(new Error('not you'), { data: { code: 7 } }));
    });
    io.on('connection', () => {
      throw new Error('must not happen');
    });
    const client = openClient(io);
    const [err] = await eventOf(client, 'connect_error');
    expect(err.message).toBe('not you');
    expect(err.data).toEqual({ code: 7 });
    expect(io.sockets.adapter.sids.size).toBe(0);
    expect(io.sockets._preConnectSockets.size).toBe(0);
  });

  test('a client that left meanwhile does not connect', async () => {
    const io = startServer();
    let letIn;
    const asked = new Promise((resolve) => {
      io.use((socket, next) => {
        letIn = next;
        resolve(socket);
      });
    });
    const raw = await openRaw(io);
    raw.send('40');
    const socket = await asked;
    const closed = once(socket.conn, 'close');
    raw.ws.terminate();
    await closed;
    io.on('connection', () => {
      throw new Error('must not happen');
    });
    letIn();
    await new Promise(setImmediate);
    expect(io.sockets.sockets.size).toBe(0);
    expect(io.sockets._preConnectSockets.size).toBe(0);
  });

  test('use returns the namespace', () => {
    const io = startServer();
    expect(io.of('/a').use(() => {})).toBe(io.of('/a'));
  });
});

describe('broadcasts', () => {
  test('emit reaches everybody in the namespace and nobody else', async () => {
    const io = startServer();
    io.of('/a');
    const first = await connectPair(io, '/a');
    const second = await connectPair(io, '/a');
    const other = await connectPair(io);
    other.client.on('news', () => {
      throw new Error('must not happen');
    });
    const got = Promise.all([eventOf(first.client, 'news'), eventOf(second.client, 'news')]);
    expect(io.of('/a').emit('news', 1, [2])).toBe(true);
    expect(await got).toEqual([
      [1, [2]],
      [1, [2]],
    ]);
  });

  test('send and write emit a message', async () => {
    const io = startServer();
    const { client } = await connectPair(io);
    const got = eventOf(client, 'message');
    expect(io.sockets.send('a')).toBe(io.sockets);
    expect(await got).toEqual(['a']);
    const again = eventOf(client, 'message');
    io.sockets.write('b');
    expect(await again).toEqual(['b']);
  });
});

describe('between servers', () => {
  test.each(['connect', 'connection', 'new_namespace'])('the event %s is reserved', (name) => {
    const io = startServer();
    expect(() => io.serverSideEmit(name)).toThrow(new Error(`"${name}" is a reserved event name`));
  });

  test('serverSideEmit goes to the adapter', () => {
    const io = startServer();
    const sent = jest.spyOn(io.sockets.adapter, 'serverSideEmit').mockImplementation(() => {});
    const ack = () => {};
    expect(io.serverSideEmit('hello', 1, ack)).toBe(true);
    expect(sent).toHaveBeenCalledWith(['hello', 1, ack]);
  });

  test('the in-memory adapter says that it cannot', () => {
    const io = startServer();
    const warned = jest.spyOn(console, 'warn').mockImplementation(() => {});
    io.serverSideEmit('hello');
    expect(warned).toHaveBeenCalledWith(
      'this adapter does not support the serverSideEmit() functionality',
    );
    warned.mockRestore();
  });

  test('serverSideEmitWithAck settles with the responses', async () => {
    const io = startServer();
    const { adapter } = io.sockets;
    adapter.serverSideEmit = ([, callback]) => callback(null, ['one', 'two']);
    expect(await io.serverSideEmitWithAck('hello')).toEqual(['one', 'two']);
    adapter.serverSideEmit = ([, callback]) => callback(new Error('late'), ['one']);
    await expect(io.serverSideEmitWithAck('hello')).rejects.toMatchObject({
      message: 'late',
      responses: ['one'],
    });
  });

  test('what another server sent is emitted locally', () => {
    const io = startServer();
    const handler = jest.fn();
    io.on('hello', handler);
    io.sockets._onServerSideEmit(['hello', 1, 2]);
    expect(handler).toHaveBeenCalledWith(1, 2);
  });
});
