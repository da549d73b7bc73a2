/**
 * Misuse, failures and ends of handlers in C++: each is an error, and harms nobody else.
 */
'use strict';

const { Worker } = require('node:worker_threads');
const { Server } = require('../..');
const genuine = require('socket.io');
const {
  connectPair,
  connectRaw,
  eventOf,
  openClient,
  openRaw,
  startServer,
} = require('../support/rigs/rig');
const { useAddon } = require('./support/addon');

const TOP = require('node:path').join(__dirname, '../..');

const addon = useAddon();

describe('where there can be none', () => {
  const unsupported = expect.objectContaining({ code: 'ERR_BEASTIO_UNSUPPORTED' });

  test('before the server is attached', () => {
    expect(() => new Server().native).toThrow(unsupported);
  });

  test('with a parser of the application', () => {
    const io = startServer({ parser: require('socket.io-msgpack-parser') });
    expect(() => io.native).toThrow(unsupported);
    expect(() => io.sockets.native).toThrow(unsupported);
  });

  test('with another engine', () => {
    const io = new Server();
    io.bind(new (require('engine.io').Server)());
    expect(() => io.native).toThrow(unsupported);
  });

  test('another engine later', () => {
    const io = startServer();
    expect(io.native).toBe(io.native);
    expect(() => io.bind(new (require('engine.io').Server)())).toThrow(unsupported);
  });

  test('what is no io.native', () => {
    for (const value of [undefined, null, 1, 'x', {}, [], () => {}, genuine]) {
      expect(() => addon.open(value, [])).toThrow('io.native of beast.io is wanted');
    }
    const io = startServer();
    expect(() => addon.open(structuredClone({ abi: io.native.abi }), [])).toThrow(
      expect.objectContaining({ code: 'ERR_BEASTIO_ABI' }),
    );
    expect(() => addon.open({ abi: '2.0' }, [])).toThrow(
      "the addon speaks version 1 of beast.io's interface, the server 2.0",
    );
  });
});

describe('handlers that fail', () => {
  test('what they throw is told, and the others go on', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const failure = new Promise((resolve) => io.native.once('error', resolve));
    const { client, socket } = await connectPair(io);
    client.emit('fail', 'on purpose');
    expect(await failure).toMatchObject({
      code: 'ERR_BEASTIO_HANDLER',
      message: expect.stringMatching(
        /^beast\.io: a handler in C\+\+ has failed \("fail"\): on purpose\./,
      ),
      event: 'fail',
      socket,
    });
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
  });

  test('arguments of other types are told, and the client goes on', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const failure = new Promise((resolve) => io.native.once('error', resolve));
    const { client } = await connectPair(io);
    client.emit('sum', 'a', {}, () => {});
    expect(await failure).toMatchObject({ code: 'ERR_BEASTIO_ARGUMENTS', event: 'sum' });
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
  });

  test('where nobody listens, a warning comes', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const { client } = await connectPair(io);
    const warned = new Promise((resolve) => {
      jest
        .spyOn(process, 'emitWarning')
        .mockImplementationOnce((message, options) => resolve([message, options]));
    });
    client.emit('fail', 'unheard');
    const [message, options] = await warned;
    expect(message).toContain('("fail"): unheard');
    expect(options).toEqual({ code: 'ERR_BEASTIO_HANDLER' });
  });
});

describe('what clients and applications may do', () => {
  test('an auth object that is too deep for JSON.stringify', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const raw = await openRaw(io);
    const depth = 100_000;
    const connected = eventOf(io, 'connection');
    raw.send(`40${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    await connected;
    const { client } = await connectPair(io);
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
  });

  // Handlers in C++ read up to 1,000 arrays within each other. Those of JavaScript have no such bound.
  test.each([
    ['as most clients write it', 'echo', 1_500],
    ['with an escaped name', String.raw`\u0065cho`, 1_500],
    ['with an attachment', 'echo', 1_500, Buffer.from('x')],
  ])('an event that is deep, %s, reaches no listener', async (_how, name, depth, ...bytes) => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const { raw, socket } = await connectRaw(io);
    const value = bytes.length === 0 ? '1' : '{"_placeholder":true,"num":0}';
    const deep = '['.repeat(depth) + value + ']'.repeat(depth);
    const heard = new Promise((resolve) => socket.once('echo', () => resolve('JavaScript')));
    const answered = raw.next().then((text) => text.includes(`["echoed",${deep}]`) && 'C++');
    raw.send(`4${bytes.length === 0 ? '2' : '51-'}["${name}",${deep}]`, ...bytes);
    expect(await Promise.race([heard, answered])).toBe('C++');
  });

  test('an event that is longer than C++ reads reaches no listener', async () => {
    const io = startServer({ maxHttpBufferSize: 64e6 });
    addon.open(io.native, ['/']);
    const { client, socket } = await connectPair(io);
    const heard = jest.fn();
    socket.on('bytes', heard);
    const bytes = Buffer.alloc(17 << 20);
    expect(await client.emitWithAck('bytes', bytes)).toBe(bytes.length);
    expect(heard).not.toHaveBeenCalled();
  });

  test('an event that is too deep for both is dropped, and the next is served', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const { raw, socket } = await connectRaw(io);
    const heard = jest.fn();
    socket.on('echo', heard);
    const depth = 9_000;
    raw.send(`42["echo",${'['.repeat(depth)}${']'.repeat(depth)}]`, '42["echo",1]');
    expect(await raw.next()).toContain('["echoed",1');
    expect(heard).not.toHaveBeenCalled();
  });

  test('a namespace that comes, goes, and comes again has its handlers', async () => {
    const io = startServer({ cleanupEmptyChildNamespaces: true });
    addon.open(io.native, []);
    io.of(/^\/match-\d+$/);
    io.on('new_namespace', (/** @type {any} */ nsp) => nsp.native.on('double', addon.doubler()));
    for (let i = 0; i < 3; i += 1) {
      const client = openClient(io, '/match-1');
      expect(await client.emitWithAck('double', i)).toBe(2 * i);
      client.disconnect();
      while (io._nsps.has('/match-1')) await new Promise((resolve) => setImmediate(resolve));
    }
  });

  test('a listener of new_namespace that asks for a namespace', async () => {
    const io = startServer();
    io.on('new_namespace', (/** @type {any} */ nsp) => {
      if (nsp.name === '/one') addon.on('/two', 'nested');
    });
    addon.open(io.native, ['/one']);
    const { client } = await connectPair(io, '/two');
    expect(await client.emitWithAck('nested')).toBe('second');
  });

  test('a connection listener that throws leaves a socket that C++ serves', async () => {
    const program = `
      const { Server } = require('${TOP}');
      const { parentPort } = require('node:worker_threads');
      process.on('uncaughtException', () => {});
      const io = new Server(0);
      require('${addon.file}').open(io.native, ['/']);
      io.on('connection', () => { throw new Error('on purpose'); });
      parentPort.postMessage(io.httpServer.address().port);`;
    const worker = new Worker(program, { eval: true });
    const [port] = await eventOf(worker, 'message');
    const client = require('socket.io-client').io(`http://localhost:${port}`, {
      transports: ['websocket'],
      forceNew: true,
    });
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
    client.disconnect();
    await worker.terminate();
  });
});

describe('JavaScript that is busy', () => {
  test('C++ goes on handling meanwhile', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const program = `
      const { workerData, parentPort } = require('node:worker_threads');
      const { io } = require('${TOP}/node_modules/socket.io-client');
      const client = io(workerData, { transports: ['websocket'] });
      client.on('connect', () => parentPort.postMessage('connected'));
      parentPort.on('message', async () => {
        let answers = 0;
        for (let i = 0; i < 200; i += 1) answers += (await client.emitWithAck('sum', i, 1)) === i + 1;
        parentPort.postMessage(answers);
        client.disconnect();
        parentPort.close();
      });`;
    const url = `http://localhost:${io.httpServer.address().port}`;
    const worker = new Worker(program, { eval: true, workerData: url });
    await eventOf(worker, 'message');
    const flag = new Int32Array(new SharedArrayBuffer(4));
    worker.postMessage('go');
    const answers = eventOf(worker, 'message');
    const until = performance.now() + 1500;
    while (performance.now() < until); // all of it happens meanwhile
    const [count] = await answers;
    expect(count).toBe(200);
    expect(flag[0]).toBe(0);
  });
});

describe('ends', () => {
  test('handlers that are taken away while events come', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const { client, socket } = await connectPair(io);
    let inJavaScript = 0;
    socket.on('sum', (/** @type {any} */ _a, /** @type {any} */ _b, /** @type {any} */ ack) => {
      inJavaScript += 1;
      ack('JavaScript');
    });
    const answers = Array.from({ length: 500 }, (_, i) => client.emitWithAck('sum', i, 0));
    await answers[50];
    addon.close();
    const all = await Promise.all(answers);
    expect(all.filter((answer) => answer === 'JavaScript')).toHaveLength(inJavaScript);
    expect(await client.emitWithAck('sum', 1, 2)).toBe('JavaScript');
  });

  test('the server closes with handlers in place', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const { client, socket } = await connectPair(io);
    await client.emitWithAck('count');
    await io.close();
    expect(addon.ends()).toEqual([`${socket.id} server shutting down`]);
    expect(addon.emitFrom(socket.id, 'news', 'x')).toBe('');
  });

  test('a worker ends in the middle', async () => {
    const program = `
      const { Server } = require('${TOP}');
      const { parentPort } = require('node:worker_threads');
      const io = new Server(0);
      require('${addon.file}').open(io.native, ['/']);
      parentPort.postMessage(io.httpServer.address().port);`;
    for (let i = 0; i < 3; i += 1) {
      const worker = new Worker(program, { eval: true });
      const [port] = await eventOf(worker, 'message');
      const client = require('socket.io-client').io(`http://localhost:${port}`, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
      });
      await eventOf(client, 'connect');
      for (let j = 0; j < 100; j += 1) client.emit('echo', j);
      await worker.terminate();
      client.disconnect();
    }
  });
});
