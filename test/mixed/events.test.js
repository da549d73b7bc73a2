/**
 * Events that handlers in C++ take, beside handlers in JavaScript: on every door and transport.
 */
'use strict';

const { EVERYWHERE } = require('../support/rigs/everywhere');
const { connectPair, eventOf, openClient, startServer } = require('../support/rigs/rig');
const { useAddon } = require('./support/addon');

const addon = useAddon();

describe.each(EVERYWHERE)('on %s by %s', (_doorName, _transport, door, transports) => {
  /** @param {string[]} [namespaces] */
  function start(namespaces = ['/']) {
    const io = startServer({}, door);
    addon.open(io.native, namespaces);
    return io;
  }

  test('an event goes to C++, and not to the listeners in JavaScript', async () => {
    const io = start();
    const { client, socket } = await connectPair(io, '/', { transports });
    const heard = jest.fn();
    socket.on('echo', heard);
    client.emit('echo', 'a', 1, { b: [true, null] }, 'ä€😀');
    expect(await eventOf(client, 'echoed')).toEqual(['a', 1, { b: [true, null] }, 'ä€😀']);
    expect(heard).not.toHaveBeenCalled();
  });

  test('other events go to JavaScript', async () => {
    const io = start();
    const { client, socket } = await connectPair(io, '/', { transports });
    const heard = eventOf(socket, 'other');
    client.emit('other', 1, Buffer.from('bytes'));
    expect(await heard).toEqual([1, Buffer.from('bytes')]);
  });

  test('acknowledgements, with typed arguments', async () => {
    const io = start();
    const { client } = await connectPair(io, '/', { transports });
    expect(await client.emitWithAck('sum', 1.5, 2)).toBe(3.5);
    expect(await client.emitWithAck('count')).toBe(1);
    expect(await client.emitWithAck('count')).toBe(2);
  });

  test('attachments both ways', async () => {
    const io = start();
    const { client } = await connectPair(io, '/', { transports });
    const back = eventOf(client, 'bytes back');
    const bytes = Buffer.from([0, 1, 2, 255]);
    const answer = await new Promise((resolve) => {
      client.emit('bytes', bytes, (/** @type {any[]} */ ...args) => resolve(args));
    });
    expect(answer).toEqual([4, bytes]);
    expect(await back).toEqual([bytes]);
  });

  test('an event that is passed on, with attachments and its acknowledgement', async () => {
    const io = start();
    const { client, socket } = await connectPair(io, '/', { transports });
    socket.on('pass', (/** @type {any} */ a, /** @type {any} */ bytes, /** @type {any} */ ack) => {
      ack('JavaScript', a, bytes);
    });
    const seen = eventOf(client, 'seen in C++');
    const answer = await new Promise((resolve) => {
      client.emit('pass', { a: 1 }, Buffer.from('x'), (/** @type {any[]} */ ...args) =>
        resolve(args),
      );
    });
    expect(answer).toEqual(['JavaScript', { a: 1 }, Buffer.from('x')]);
    expect(await seen).toEqual([{ a: 1 }, Buffer.from('x')]);
  });

  test('C++ asks, and the client answers it; JavaScript asks meanwhile', async () => {
    const io = start();
    const { client, socket } = await connectPair(io, '/', { transports });
    client.on('question', (/** @type {string} */ text, /** @type {any} */ ack) => ack(`${text}!`));
    const answered = eventOf(client, 'answered');
    client.emit('ask me', 'why');
    expect(await socket.emitWithAck('question', 'JavaScript')).toBe('JavaScript!');
    expect(await answered).toEqual(['why!']);
  });

  test('a question without an answer is given up', async () => {
    const io = start();
    const { client } = await connectPair(io, '/', { transports });
    client.emit('ask me soon');
    expect(await eventOf(client, 'answered')).toEqual(['the acknowledgement did not come in time']);
  });

  test('in the pool and in an inbox', async () => {
    const io = start();
    const { client, socket } = await connectPair(io, '/', { transports });
    const passed = eventOf(socket, 'inboxed');
    expect(await client.emitWithAck('pooled', 7)).toBe(7);
    expect(await client.emitWithAck('inboxed', 'a')).toBe('a');
    expect((await passed)[0]).toBe('a');
  });

  test('what a client sends with its CONNECT waits for the listeners in JavaScript', async () => {
    const io = start();
    const order = /** @type {string[]} */ ([]);
    io.on('connection', (/** @type {any} */ socket) => {
      order.push('connection');
      socket.emit('welcome');
    });
    const client = openClient(io, '/', { transports });
    client.on('welcome', () => order.push('welcome'));
    client.emit('echo', 1); // leaves right behind CONNECT
    await eventOf(client, 'echoed');
    expect(order).toEqual(['connection', 'welcome']);
  });

  test('in another namespace', async () => {
    const io = start(['/game']);
    const { client } = await connectPair(io, '/game', { transports, auth: { token: 'a' } });
    expect(await client.emitWithAck('auth')).toEqual({ token: 'a' });
    const { client: other, socket } = await connectPair(io, '/', { transports });
    const heard = eventOf(socket, 'echo');
    other.emit('echo', 'main');
    expect(await heard).toEqual(['main']);
  });

  test('a socket that is there before handlers in C++', async () => {
    const io = startServer({}, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    await socket.join('early');
    addon.open(io.native, ['/']);
    expect((await client.emitWithAck('rooms')).sort()).toEqual([socket.id, 'early'].sort());
  });
});

describe('what is emitted', () => {
  test('on a thread of its own', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const { client, socket } = await connectPair(io);
    await client.emitWithAck('count');
    const heard = eventOf(client, 'news');
    expect(addon.emitFrom(socket.id, 'news', 'from a thread')).toBe('');
    expect(await heard).toEqual(['from a thread']);
  });

  test('on the JavaScript thread, among what JavaScript emits', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const { client, socket } = await connectPair(io);
    await client.emitWithAck('count');
    const heard = /** @type {string[]} */ ([]);
    client.on('news', (/** @type {string} */ text) => heard.push(text));
    for (let i = 0; i < 3; i += 1) {
      socket.emit('news', `JavaScript ${i}`);
      addon.emitHere(socket.id, 'news', `C++ ${i}`);
    }
    socket.emit('end');
    await eventOf(client, 'end');
    expect(heard).toEqual([0, 1, 2].flatMap((i) => [`JavaScript ${i}`, `C++ ${i}`]));
  });

  test('reserved names and sockets that have left are refused', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const { client, socket } = await connectPair(io);
    await client.emitWithAck('count');
    expect(addon.emitFrom(socket.id, 'disconnect', '')).toBe("the event's name is reserved");
    const gone = eventOf(socket, 'disconnect');
    client.disconnect();
    await gone;
    addon.emitFrom(socket.id, 'news', 'to nobody'); // does nothing
  });
});

describe('handlers that JavaScript sets', () => {
  test('on, off, and a second one', async () => {
    const io = startServer();
    addon.open(io.native, []);
    const { client, socket } = await connectPair(io);
    io.sockets.native.on('double', addon.doubler());
    expect(await client.emitWithAck('double', 21)).toBe(42);
    expect(() => io.sockets.native.on('double', addon.doubler())).toThrow(
      expect.objectContaining({ code: 'ERR_BEASTIO_TAKEN' }),
    );
    socket.on('double', (/** @type {number} */ x, /** @type {any} */ ack) =>
      ack(`JavaScript ${x}`),
    );
    io.sockets.native.off('double');
    expect(await client.emitWithAck('double', 1)).toBe('JavaScript 1');
    io.sockets.native.on('double', addon.doubler());
    expect(await client.emitWithAck('double', 2)).toBe(4);
  });

  test('what is none is refused', () => {
    const io = startServer();
    const wanted = 'handlers of an addon are wanted';
    expect(() => io.sockets.native.on('double', {})).toThrow(wanted);
    expect(() => io.sockets.native.on('double', () => {})).toThrow(wanted);
    expect(() => io.sockets.native.on('', addon.doubler())).toThrow(TypeError);
  });

  test('two of C++ for one event', async () => {
    const io = startServer();
    addon.open(io.native, []);
    io.sockets.native.on('mine', addon.doubler());
    expect(addon.on('/', 'mine')).toBe('the event or the namespace is taken');
    const { client } = await connectPair(io);
    expect(await client.emitWithAck('mine', 4)).toBe(8);
  });
});
