'use strict';

const { once } = require('node:events');
const { cleanUp, connectRaw, openRaw, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

/** Resolves with the error and the disconnect reason of a socket that its client offends. */
function fate(socket) {
  return new Promise((resolve) => {
    let error;
    socket.on('error', (err) => {
      error = err.message;
    });
    socket.on('disconnect', (reason) => resolve({ error, reason }));
  });
}

describe('violations of the protocol', () => {
  test.each([
    ['an unknown packet type', ['49'], 'unknown packet type 9'],
    ['a type that is no digit', ['4x'], 'unknown packet type NaN'],
    ['broken JSON', ['42["a"'], 'invalid payload'],
    ['an event that is no array', ['42{"a":1}'], 'invalid payload'],
    ['an event without a name', ['42[]'], 'invalid payload'],
    ['an event whose name is an object', ['42[{}]'], 'invalid payload'],
    ['a reserved event', ['42["disconnect"]'], 'invalid payload'],
    ['an acknowledgement that is no array', ['431{}'], 'invalid payload'],
    ['a DISCONNECT with a payload', ['41{}'], 'invalid payload'],
    ['a CONNECT whose payload is an array', ['40[]'], 'invalid payload'],
    ['no attachment count', ['45["a"]'], 'Illegal attachments'],
    ['an attachment count that is no number', ['45x-["a"]'], 'Illegal attachments'],
    ['no attachments', ['450-["a"]'], 'Illegal attachments'],
    ['eleven attachments', ['4511-["a"]'], 'too many attachments'],
    [
      'a placeholder out of range',
      ['451-["a",{"_placeholder":true,"num":1}]', Buffer.from('x')],
      'illegal attachments',
    ],
    [
      'text instead of an attachment',
      ['451-["a",{"_placeholder":true,"num":0}]', '42["b"]'],
      'got plaintext data when reconstructing a packet',
    ],
    [
      'bytes out of the blue',
      [Buffer.from('x')],
      'got binary data when not reconstructing a packet',
    ],
  ])('%s', async (_name, messages, error) => {
    const { raw, socket } = await connectRaw(startServer());
    const outcome = fate(socket);
    raw.send(...messages);
    expect(await outcome).toEqual({ error, reason: 'forced close' });
    await raw.closed;
  });

  test.each([
    ['an event to a namespace that was not joined', '42/other,["a"]'],
    ['a second CONNECT', '40'],
    ['a CONNECT_ERROR', '44{"message":"x"}'],
  ])('%s closes the connection without an error', async (_name, message) => {
    const io = startServer();
    io.of('/other');
    const { raw, socket } = await connectRaw(io);
    const outcome = fate(socket);
    raw.send(message);
    expect(await outcome).toEqual({ error: undefined, reason: 'forced close' });
    await raw.closed;
  });

  test('an event before CONNECT closes the connection', async () => {
    const raw = await openRaw(startServer());
    raw.send('42["early"]');
    await raw.closed;
  });

  test('an event after DISCONNECT closes the connection', async () => {
    const { raw, socket } = await connectRaw(startServer());
    const left = once(socket, 'disconnect');
    raw.send('41');
    await left;
    raw.send('42["late"]');
    await raw.closed;
  });
});

describe('unusual but legal packets', () => {
  test.each([
    ['a name that is a number', ['42[7,"x"]'], 7, ['x']],
    ['a namespace written out', ['42/,["hello",1]'], 'hello', [1]],
    ['spaces in the JSON text', ['42[ "hello" , 1 ]'], 'hello', [1]],
    [
      'a placeholder in a text event',
      ['42["hello",{"_placeholder":true,"num":0}]'],
      'hello',
      [{ _placeholder: true, num: 0 }],
    ],
    [
      'attachments in any order',
      [
        '452-["hello",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]',
        Buffer.from('a'),
        Buffer.from('b'),
      ],
      'hello',
      [Buffer.from('b'), Buffer.from('a')],
    ],
  ])('%s', async (_name, messages, event, args) => {
    const { raw, socket } = await connectRaw(startServer());
    const got = new Promise((resolve) => socket.on(event, (...values) => resolve(values)));
    raw.send(...messages);
    expect(await got).toEqual(args);
  });

  test('an event without any payload is dispatched without a name', async () => {
    const { raw, socket } = await connectRaw(startServer());
    const seen = [];
    socket.onAny((...args) => seen.push(args));
    raw.send('42', '42["end"]');
    await once(socket, 'end');
    expect(seen).toEqual([[], ['end']]);
  });
});

describe('order', () => {
  test('events of one read are handled in order, each before what it deferred', async () => {
    const { raw, socket } = await connectRaw(startServer());
    const log = [];
    socket.on('e', (n) => {
      log.push(`event ${n}`);
      process.nextTick(() => log.push(`tick ${n}`));
      Promise.resolve().then(() => log.push(`microtask ${n}`));
    });
    raw.send('42["e",1]', '42["e",2]', '42["end"]');
    await once(socket, 'end');
    await new Promise(setImmediate);
    expect(log).toEqual(['event 1', 'event 2', 'tick 1', 'tick 2', 'microtask 1', 'microtask 2']);
  });

  test('acknowledgements of one read come before its events', async () => {
    const { raw, socket } = await connectRaw(startServer());
    const log = [];
    socket.emit('ask', () => log.push('ack'));
    await raw.next();
    socket.on('e', () => log.push('event'));
    raw.send('42["e"]', '430[]', '42["end"]');
    await once(socket, 'end');
    expect(log).toEqual(['ack', 'event']);
  });

  test('events that come together with the DISCONNECT are ignored', async () => {
    const { raw, socket } = await connectRaw(startServer());
    const log = [];
    socket.on('e', () => log.push('event'));
    socket.on('disconnect', (reason) => log.push(reason));
    raw.send('42["e"]', '41', '42["e"]');
    await once(socket, 'disconnect');
    await new Promise(setImmediate);
    expect(log).toEqual(['client namespace disconnect']);
  });

  test('catch-all listeners and middlewares come first, for all events of one read', async () => {
    const { raw, socket } = await connectRaw(startServer());
    const log = [];
    socket.onAny((event) => log.push(`any ${event}`));
    socket.use(([event], next) => {
      log.push(`use ${event}`);
      next();
    });
    socket.on('a', () => log.push('a'));
    socket.on('b', () => log.push('b'));
    raw.send('42["a"]', '42["b"]');
    await once(socket, 'b');
    expect(log).toEqual(['any a', 'use a', 'any b', 'use b', 'a', 'b']);
  });
});

describe('connectTimeout', () => {
  test('a client that joins nothing is closed', async () => {
    const raw = await openRaw(startServer({ connectTimeout: 10 }));
    await raw.closed;
  });

  test('a client that has joined stays, longer than one that came after it', async () => {
    const io = startServer({ connectTimeout: 1000 });
    const { raw, socket } = await connectRaw(io);
    const idle = await openRaw(io);
    await idle.closed;
    expect(socket.connected).toBe(true);
    expect(raw.ws.readyState).toBe(raw.ws.OPEN);
  });
});

describe('what adapters and tools use', () => {
  test('writeToEngine takes one message or several', async () => {
    const { raw, socket } = await connectRaw(startServer());
    socket.client.writeToEngine('2["one"]', { preEncoded: true });
    socket.client.writeToEngine(['2["two"]', '2["three"]'], { preEncoded: true });
    expect(await raw.next()).toBe('42["one"]');
    expect(await raw.next()).toBe('42["two"]');
    expect(await raw.next()).toBe('42["three"]');
  });

  test('writeToEngine drops volatile packets while the transport is busy', async () => {
    const { raw, socket } = await connectRaw(startServer());
    socket.client.writeToEngine('2["one"]', { preEncoded: true, volatile: true });
    socket.client.writeToEngine('2["two"]', { preEncoded: true, volatile: true });
    socket.client.writeToEngine('2["three"]', { preEncoded: true });
    expect(await raw.next()).toBe('42["one"]');
    expect(await raw.next()).toBe('42["three"]');
  });

  test('a packet may be sent encoded', async () => {
    const { raw, socket } = await connectRaw(startServer());
    socket.client._packet(['2["given"]'], { preEncoded: true });
    expect(await raw.next()).toBe('42["given"]');
  });

  test('ondata refuses what is no message', async () => {
    const { socket } = await connectRaw(startServer());
    const outcome = fate(socket);
    socket.client.ondata(null);
    expect((await outcome).reason).toBe('forced close');
  });

  test('the client knows its request and its sockets', async () => {
    const io = startServer();
    io.of('/a');
    const { raw, socket } = await connectRaw(io);
    const { client } = socket;
    expect(client.request).toBe(client.conn.request);
    expect([...client.sockets]).toEqual([[socket.id, socket]]);
    raw.send('40/a,');
    const [second] = await once(io.of('/a'), 'connection');
    expect([...client.nsps.keys()]).toEqual(['/', '/a']);
    expect([...client.sockets.values()]).toEqual([socket, second]);
  });
});
