/**
 * Where servers listen and for how long: addresses of both families, unix sockets, and ports that are taken
 * or shared. Also how many may come, and whether a process lives for them. What an application sees of
 * addresses with the genuine package on Node's http server it sees on the own port.
 */
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const genuine = require('socket.io');
const { Server } = require('../../../../lib');
const { clientElsewhere, expectSharedPort } = require('../../../support/clients/elsewhere');
const { runProgram, startProgram } = require('../../../support/programs/programs');
const { Wire, requestText } = require('../../../support/clients/wire');

const POLLING = '/socket.io/?EIO=4&transport=polling';

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** @typedef {(address: any) => any} Listen what begins to listen, as a Server of Socket.IO */

/** @type {Listen} */
const onOwnPort = (address) => new Server().listen(address);

/** @type {Listen} */
const onNode = (address) => new genuine.Server(http.createServer().listen(address));

/** @param {Listen} listen @param {any} address */
async function start(listen, address) {
  const io = listen(address);
  closers.push(() => io.close());
  await once(io.httpServer, 'listening');
  io.on('connection', (/** @type {any} */ socket) => {
    socket.on('echo', (/** @type {any} */ value, /** @type {any} */ done) => done(value));
  });
  return io;
}

/** @param {any} where as for `net.connect` @param {string[]} transports */
const clientOf = (where, transports) => clientElsewhere(where, transports, closers);

/**
 * Checks that clients over all transports are served, and tells what the server knows of them.
 * @param {any} io
 * @param {any} where
 */
async function addressesSeen(io, where) {
  const seen = [];
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    const connected = once(io, 'connection');
    const client = clientOf(where, transports);
    const upgraded =
      transports[1] && new Promise((resolve) => client.io.engine.on('upgrade', resolve));
    const bytes = Buffer.alloc(1000, transports[0]);
    expect(await client.timeout(20_000).emitWithAck('echo', bytes)).toEqual(bytes);
    await upgraded;
    expect(await client.timeout(20_000).emitWithAck('echo', 'é')).toBe('é');
    const [{ handshake, conn }] = await connected;
    seen.push([handshake.address, conn.remoteAddress]);
  }
  return seen;
}

/** @param {string | undefined} address */
const thrice = (address) => [1, 2, 3].map(() => [address, address]);

/** An error in the words of its fields. */
const fieldsOf = (/** @type {any} */ { code, errno, syscall, address, port, message }) => ({
  code,
  errno,
  syscall,
  address,
  port,
  message,
});

describe.each([
  ['the own port', onOwnPort],
  ['Node’s server', onNode],
])('%s', (_name, listen) => {
  test('on one IPv4 address leaves the port of IPv6 alone', async () => {
    const io = await start(listen, { port: 0, host: '127.0.0.1' });
    const { port, family } = io.httpServer.address();
    expect(family).toBe('IPv4');
    const other = http.createServer().listen(port, '::1');
    closers.push(() => other.close());
    await once(other, 'listening');
    expect(await addressesSeen(io, { port, host: '127.0.0.1' })).toEqual(thrice('127.0.0.1'));
  });

  test('on IPv6 only leaves the port of IPv4 alone', async () => {
    const io = await start(listen, { port: 0, host: '::', ipv6Only: true });
    const { port, family } = io.httpServer.address();
    expect(family).toBe('IPv6');
    const other = http.createServer().listen(port, '127.0.0.1');
    closers.push(() => other.close());
    await once(other, 'listening');
    expect(await addressesSeen(io, { port, host: '::1' })).toEqual(thrice('::1'));
  });

  test('on any address serves both families, and holds the ports of both', async () => {
    const io = await start(listen, { port: 0 });
    const { port } = io.httpServer.address();
    expect(await addressesSeen(io, { port, host: '127.0.0.1' })).toEqual(
      thrice('::ffff:127.0.0.1'),
    );
    expect(await addressesSeen(io, { port, host: '::1' })).toEqual(thrice('::1'));
    const [error] = await once(http.createServer().listen(port, '127.0.0.1'), 'error');
    expect(error.code).toBe('EADDRINUSE');
  });

  test('on a unix socket', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-socket-'));
    closers.push(() => fs.rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'io.sock');
    const io = await start(listen, { path: file });
    expect(io.httpServer.address()).toBe(file);
    expect(await addressesSeen(io, { path: file })).toEqual(thrice(undefined));
    const [error] = await once(listen({ path: file }).httpServer, 'error');
    expect(error).toMatchObject({ code: 'EADDRINUSE', syscall: 'listen', address: file });
    await io.close();
    expect(fs.existsSync(file)).toBe(false);
  });

  test('takes no more than maxConnections, and goes on when one has left', async () => {
    const io = await start(listen, { port: 0 });
    const { port } = io.httpServer.address();
    io.httpServer.maxConnections = 2;
    const connectWire = async () => {
      const wire = await Wire.connect(port);
      closers.push(() => wire.socket.destroy());
      return wire.write(requestText('GET', POLLING));
    };
    const isServed = (/** @type {Wire} */ { text }) => text.includes('"sid"');
    const first = await connectWire();
    const second = await connectWire();
    await Promise.all([first.until(isServed), second.until(isServed)]);
    const third = await connectWire();
    await third.until(({ ended, socket }) => ended || socket.destroyed).catch(() => {});
    expect(third.text).toBe('');
    first.socket.destroy();
    const countOf = () =>
      new Promise((resolve) =>
        io.httpServer.getConnections((/** @type {any} */ _, /** @type {number} */ n) => resolve(n)),
      );
    while ((await countOf()) > 1) await new Promise(setImmediate);
    await (await connectWire()).until(isServed);
  });

  test('is closed by Symbol.asyncDispose', async () => {
    const io = await start(listen, { port: 0 });
    const { port } = io.httpServer.address();
    const closed = once(io.httpServer, 'close');
    await io.httpServer[Symbol.asyncDispose]();
    await closed;
    expect(io.httpServer.listening).toBe(false);
    const next = http.createServer().listen(port);
    closers.push(() => next.close());
    await once(next, 'listening');
  });
});

test.each([
  ['an IPv4 address', { host: '127.0.0.1' }],
  ['an IPv6 address', { host: '::1' }],
  ['any address', {}],
])('a port that is taken, on %s, is the error of Node', async (_name, where) => {
  const io = await start(onOwnPort, { port: 0, ...where });
  const { port } = io.httpServer.address();
  const errors = [];
  for (const listen of [onNode, onOwnPort]) {
    const [error] = await once(listen({ port, ...where }).httpServer, 'error');
    errors.push(fieldsOf(error));
  }
  expect(errors[0].code).toBe('EADDRINUSE');
  expect(errors[1]).toEqual(errors[0]);
});

test('listening twice opens a second port, and both serve', async () => {
  const io = await start(onOwnPort, { port: 0 });
  const { engine, httpServer: first } = io;
  // As with the genuine package `io.close()` closes the last one only.
  closers.push(() => {
    engine.close();
    first.close();
  });
  io.listen(0);
  const second = io.httpServer;
  await once(second, 'listening');
  expect(second.address().port).not.toBe(first.address().port);
  for (const server of [first, second]) {
    const { port } = server.address();
    expect(await addressesSeen(io, { port, host: '::1' })).toEqual(thrice('::1'));
  }
});

describe('a process', () => {
  /** A server that is told what it shall do with its references. */
  const program = (/** @type {any} */ { require: load, steps, address }) => {
    const { Server: Io } = load('./lib');
    const io = new Io().listen(address);
    for (const step of steps) io.httpServer[step]();
    io.httpServer.on('listening', () => console.log(io.httpServer.address().port));
  };

  test.each([
    ['an address', { port: 0, host: '127.0.0.1' }, ['unref']],
    ['a name, before it is looked up', { port: 0, host: 'localhost' }, ['unref']],
    ['an address, after others', { port: 0 }, ['unref', 'ref', 'unref']],
  ])('does not live for an unreferenced server on %s', async (_name, address, steps) => {
    const { code, signal, stderr } = await runProgram(program, { address, steps });
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  });

  test.each([[[]], [['unref', 'ref']]])('lives after %j', async (steps) => {
    const run = startProgram(program, { address: { port: 0 }, steps });
    while (!run.stdout.includes('\n')) await once(run.child.stdout, 'data');
    const res = await fetch(`http://127.0.0.1:${run.stdout.trim()}${POLLING}`);
    expect(res.status).toBe(200);
    expect(run.child.exitCode).toBeNull();
    run.child.kill();
    expect(await run.closed).toEqual([null, 'SIGTERM']);
  });

  test('lives for the clients of a server that is unreferenced, and no longer', async () => {
    const leaving = (/** @type {any} */ { require: load }) => {
      const { Server: Io } = load('./lib');
      const io = new Io(0);
      io.on('connection', (/** @type {any} */ socket) => {
        io.httpServer.unref();
        socket.on('echo', (/** @type {any} */ value, /** @type {any} */ done) => done(value));
      });
      io.httpServer.on('listening', () => console.log(io.httpServer.address().port));
    };
    const run = startProgram(leaving);
    while (!run.stdout.includes('\n')) await once(run.child.stdout, 'data');
    const client = clientOf({ port: Number(run.stdout), host: '127.0.0.1' }, ['websocket']);
    for (let n = 0; n < 5; n++) {
      expect(await client.timeout(20_000).emitWithAck('echo', n)).toBe(n);
      await new Promise((resolve) => setTimeout(resolve, 20)); // a process that ends would do so now
    }
    client.close();
    expect(await run.closed).toEqual([0, null]);
    expect(run.stderr).toBe('');
  });
});

test('workers of a cluster share a port', () => expectSharedPort(closers));
