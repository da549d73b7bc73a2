/**
 * The life of processes and threads that serve clients: they end when they should, in the way they
 * should, and leave nothing behind.
 */
'use strict';

const fs = require('node:fs');
const { once } = require('node:events');
const { io: connect } = require('socket.io-client');
const { runProgram, startProgram } = require('../support/programs/programs');

/** @type {any[]} */
const clients = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** A server in a separate process; prints its port, and does what `events` are sent. */
const serve = (
  /** @type {any} */ { require: load, packageName = './lib', hasListener = false },
) => {
  const { Server } = load(packageName);
  const io = new Server(0, { ioThreads: packageName === './lib' ? 2 : undefined });
  /** @type {Record<string, (socket: any, done: any) => void>} */
  const actions = {
    close: () => io.close().then(() => console.log('closed')),
    exit: () => process.exit(7),
    throw: () => {
      throw new Error('thrown by a handler');
    },
    echo: (_socket, done) => done(),
    'open files of a child': (_socket, done) => {
      const list = load('node:child_process').spawn('ls', ['-l', '/proc/self/fd']);
      let text = '';
      list.stdout.on('data', (/** @type {Buffer} */ data) => (text += data));
      list.on('close', () => done(text));
    },
  };
  io.on('connection', (/** @type {any} */ socket) => {
    for (const [name, act] of Object.entries(actions)) {
      socket.on(name, (/** @type {any} */ done) => act(socket, done));
    }
  });
  if (hasListener) process.on('uncaughtException', (err) => console.log(`seen: ${err.message}`));
  io.httpServer.on('listening', () => console.log(io.httpServer.address().port));
};

/** Starts a program whose first line is a port. */
async function startServer(/** @type {any} */ program, /** @type {any} */ data) {
  const run = startProgram(program, data);
  while (!run.stdout.includes('\n')) await once(run.child.stdout, 'data');
  return { ...run, run, port: Number(run.stdout.split('\n')[0]) };
}

/** @param {number} port @param {string[]} transports */
async function connectTo(port, transports = ['websocket']) {
  const client = connect(`http://127.0.0.1:${port}`, {
    transports,
    forceNew: true,
    reconnection: false,
  });
  clients.push(client);
  await new Promise((resolve, reject) => {
    client.on('connect', () => resolve(undefined));
    client.on('connect_error', reject);
  });
  return client;
}

/** @param {any} client @param {string} event */
const next = (client, event) => new Promise((resolve) => client.once(event, resolve));

test('ends by itself when the server is closed, whoever is connected', async () => {
  const { run, port, closed } = await startServer(serve, {});
  const polling = await connectTo(port, ['polling']);
  const webSocket = await connectTo(port);
  const ends = [next(polling, 'disconnect'), next(webSocket, 'disconnect')];
  const begun = Date.now();
  polling.emit('close');
  expect(await closed).toEqual([0, null]);
  expect(Date.now() - begun).toBeLessThan(15_000);
  expect(await Promise.all(ends)).toEqual(['transport close', 'transport close']);
  expect([run.stdout, run.stderr]).toEqual([`${port}\nclosed\n`, '']);
});

test('goes on as long as a client is connected', async () => {
  const closing = (/** @type {any} */ { require: load }) => {
    const { Server } = load('./lib');
    const io = new Server(0);
    io.on('connection', (/** @type {any} */ socket) => {
      io.httpServer.close(); // no further connections, but this one stays
      socket.on('echo', (/** @type {any} */ done) => done('echoed'));
    });
    io.httpServer.on('listening', () => console.log(io.httpServer.address().port));
  };
  const { run, port, closed } = await startServer(closing, {});
  const client = await connectTo(port);
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20)); // a process that ends would do so now
    expect(await client.emitWithAck('echo')).toBe('echoed');
  }
  client.close();
  expect(await closed).toEqual([0, null]);
  expect(run.stderr).toBe('');
});

test('process.exit in a handler ends it at once', async () => {
  const { run, port, closed } = await startServer(serve, {});
  const client = await connectTo(port);
  client.emit('exit');
  expect(await closed).toEqual([7, null]);
  expect(run.stderr).toBe('');
});

test('SIGTERM ends it', async () => {
  const { child, port, closed } = await startServer(serve, {});
  await connectTo(port);
  child.kill('SIGTERM');
  expect(await closed).toEqual([null, 'SIGTERM']);
});

describe.each(['socket.io', './lib'])('%s', (packageName) => {
  test('an exception that nobody takes ends the process and is printed', async () => {
    const { run, port, closed } = await startServer(serve, { packageName });
    const client = await connectTo(port);
    client.emit('throw');
    expect(await closed).toEqual([1, null]);
    expect(run.stderr).toMatch(/^\[eval\]:\d+\n[^]*throw new Error\('thrown by a handler'\)/);
    expect(run.stderr).toMatch(/\nError: thrown by a handler\n {4}at /);
    expect(run.stderr).toContain(`Node.js ${process.version}`);
  });

  test('an exception that somebody takes is told once, and all others are served', async () => {
    const { run, port } = await startServer(serve, { packageName, hasListener: true });
    const client = await connectTo(port);
    client.emit('echo'); // the handler's `done` is not there: a TypeError
    client.emit('throw');
    const echo = client.emitWithAck('echo');
    client.emit('throw');
    await echo;
    await (await connectTo(port)).emitWithAck('echo');
    const closed = once(run.child, 'close');
    client.emit('close');
    await closed;
    expect(run.stdout.split('\n').slice(1)).toEqual([
      'seen: done is not a function',
      'seen: thrown by a handler',
      'seen: thrown by a handler',
      'closed',
      '',
    ]);
    expect(run.stderr).toBe('');
  });
});

test('a child process inherits none of its sockets', async () => {
  const { run, port } = await startServer(serve, {});
  const polling = await connectTo(port, ['polling']);
  const webSocket = await connectTo(port);
  const text = String(await webSocket.emitWithAck('open files of a child'));
  expect(text.match(/ -> /g)?.length).toBeGreaterThanOrEqual(4);
  // Its standard streams are sockets too; they are the only ones.
  const sockets = text.split('\n').filter((line) => line.includes('socket:'));
  expect(sockets.every((line) => / [012] -> socket:/.test(line))).toBe(true);
  expect(text).not.toMatch(/eventpoll|timerfd/);
  expect(fs.readdirSync(`/proc/${run.child.pid}/fd`).length).toBeGreaterThan(sockets.length);
  const closed = once(run.child, 'close');
  polling.emit('close');
  expect(await closed).toEqual([0, null]);
});

/** Serves a client from worker threads, and looks at what is left when they are gone. */
const serveFromWorkers = async (/** @type {any} */ { require: load, count, how }) => {
  const { Worker } = load('node:worker_threads');
  const { io } = load('socket.io-client');
  const { readdirSync } = load('node:fs');
  const net = load('node:net');
  const tasks = () => readdirSync('/proc/self/task').length;
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { Server } = require(workerData + '/lib');
    const io = new Server(0, { ioThreads: 3 });
    io.on('connection', (socket) => {
      socket.on('echo', (value, done) => done(value));
      socket.on('flood', () => { for (;;) socket.emit('flood', 'x'.repeat(1000)); });
      socket.on('exit', () => process.exit(5));
      socket.on('throw', () => { throw new Error('thrown in a worker'); });
    });
    io.httpServer.on('listening', () => parentPort.postMessage(io.httpServer.address().port));`;
  const run = async () => {
    const worker = new Worker(source, { eval: true, workerData: process.cwd() });
    let failure = '';
    worker.on('error', (/** @type {Error} */ err) => (failure = err.message));
    const port = await new Promise((resolve) => worker.once('message', resolve));
    const client = io(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    const answer = await client.emitWithAck('echo', Buffer.from('bytes'));
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    if (how === 'flood') {
      client.emit('flood');
      await new Promise((resolve) => client.once('flood', resolve));
      await worker.terminate();
    } else if (how === 'terminate') {
      await worker.terminate();
    } else {
      client.emit(how);
    }
    const code = await exited;
    await gone;
    client.close();
    const refused = await new Promise((resolve) => {
      net
        .connect(port, '127.0.0.1')
        .on('error', (/** @type {any} */ { code: why }) => resolve(why))
        .on('connect', () => resolve('open'));
    });
    return [String(answer), code, failure, refused];
  };
  await Promise.all(Array.from({ length: count }, run)); // what is made once is there
  const before = tasks();
  const results = await Promise.all(Array.from({ length: count }, run));
  while (tasks() > before) await new Promise(setImmediate);
  console.log(JSON.stringify(results));
};

test.each([
  ['terminate', 1, 1, ''],
  ['terminate', 3, 1, ''],
  ['flood', 1, 1, ''],
  ['exit', 2, 5, ''],
  ['throw', 2, 1, 'thrown in a worker'],
])('worker threads end by %s, %d at once', async (how, count, code, failure) => {
  const run = await runProgram(serveFromWorkers, { how, count });
  expect(run).toMatchObject({ code: 0, signal: null, stderr: '' });
  const expected = ['bytes', code, failure, 'ECONNREFUSED'];
  expect(JSON.parse(run.stdout)).toEqual(Array.from({ length: count }, () => expected));
});

test('options that cannot be used leave nothing open', async () => {
  const refuse = (/** @type {any} */ { require: load }) => {
    const { Server } = load('./lib');
    try {
      new Server(0, { pingInterval: 'often' });
    } catch (error) {
      console.log(/** @type {Error} */ (error).message);
    }
  };
  const run = await runProgram(refuse);
  expect(run).toEqual({
    code: 0,
    signal: null,
    stdout: 'option "pingInterval" must be a number\n',
    stderr: '',
  });
});

/** Leaves as many descriptors as `left` says, and makes a server then. */
const serveWithFew = (/** @type {any} */ { require: load, left }) => {
  const { openSync, closeSync } = load('node:fs');
  const { createServer } = load('node:http');
  const { Server } = load('./lib');
  load('engine.io');
  /** @type {number[]} */
  const taken = [];
  try {
    for (;;) taken.push(openSync('/dev/null'));
  } catch {
    for (const descriptor of taken.splice(0, left)) closeSync(descriptor);
  }
  try {
    new Server(createServer(), { ioThreads: 2 });
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    for (const descriptor of taken) closeSync(descriptor);
    new Server(createServer(), { ioThreads: 2 });
    console.log(JSON.stringify({ code, message }));
  }
};

test.each([2, 4])('without descriptors for its threads a server throws: %i left', async (left) => {
  const run = startProgram(serveWithFew, { left }, [], 80);
  run.child.stdin.end();
  expect(await run.closed).toEqual([0, null]);
  expect(JSON.parse(run.stdout)).toEqual({
    code: 'ERR_BEASTIO_IO_THREADS',
    message: expect.stringMatching(/Too many open files.*ulimit -n/),
  });
});
