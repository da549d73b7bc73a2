/**
 * TLS on the own port among peers that do it badly or mean harm. None gets an answer it should not get, and
 * none disturbs another one.
 */
'use strict';

const { once } = require('node:events');
const net = require('node:net');
const tls = require('node:tls');
const { io: connect } = require('socket.io-client');
const { Server } = require('../../../..');
const { Authority } = require('../../../support/servers/certificates');
const { openSockets } = require('../../../support/resources/open-sockets');
const {
  authority,
  cleanUp,
  closers,
  connectTls,
  get,
  identity,
  refusalOf,
  startServer,
} = require('../../../support/rigs/tls-rig');

const ca = authority.own.cert;
const { key, cert } = identity;

afterEach(cleanUp);
afterAll(() => authority.remove());

/** @param {number} port */
function connectRaw(port) {
  const socket = net.connect(port);
  closers.push(() => socket.destroy());
  return socket;
}

/**
 * All that comes until the server closes.
 * @param {net.Socket} socket
 */
async function readAll(socket) {
  /** @type {Buffer[]} */
  const chunks = [];
  socket.on('error', () => {}); // a reset is an end too
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks);
}

/** The first flight of a client. @returns {Promise<Buffer>} */
async function clientHello() {
  const listener = net.createServer().listen(0);
  await once(listener, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (listener.address());
  const client = tls.connect({ port, servername: 'localhost' });
  client.on('error', () => {});
  const [socket] = await once(listener, 'connection');
  const [bytes] = await once(socket, 'data');
  client.destroy();
  socket.destroy();
  listener.close();
  return bytes;
}

/** @param {number} port */
const isServing = async (port) => (await get(await connectTls(port))).endsWith('secure');

test.each([
  ['plain HTTP', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a plain handshake', 'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n'],
])('%s gets no answer', async (_, text) => {
  const { port } = await startServer();
  const socket = connectRaw(port);
  socket.write(text);
  expect(await readAll(socket)).toHaveLength(0);
  expect(await isServing(port)).toBe(true);
});

test('garbage gets an alert at most', async () => {
  const { port } = await startServer();
  const socket = connectRaw(port);
  socket.write(Buffer.alloc(1000, 0x5a));
  expect((await readAll(socket)).length).toBeLessThan(10);
  expect(await isServing(port)).toBe(true);
});

test.each(['TLSv1', 'TLSv1.1'])('%s is refused', async (version) => {
  const { port } = await startServer();
  const old = { minVersion: version, maxVersion: version, ciphers: 'ALL@SECLEVEL=0' };
  expect(await refusalOf(port, old)).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
});

test('a handshake that is not finished is cut off', async () => {
  const { port } = await startServer({ handshakeTimeout: 300 });
  const hello = await clientHello();
  const silent = connectRaw(port);
  const stuck = connectRaw(port);
  stuck.write(hello.subarray(0, hello.length - 5));
  const answered = connectRaw(port);
  answered.write(hello);
  const [first, second, third] = await Promise.all([silent, stuck, answered].map(readAll));
  expect([first.length, second.length]).toEqual([0, 0]);
  expect(third.length).toBeGreaterThan(100); // our part of it
  expect(await isServing(port)).toBe(true);
});

test('a client certificate must be there and be trusted', async () => {
  const { port } = await startServer({ requestCert: true, ca });
  const stranger = new Authority('stranger');
  const unknown = stranger.issue('unknown');
  stranger.remove();
  expect(await refusalOf(port, {})).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
  expect(await refusalOf(port, { key: unknown.key, cert: unknown.cert })).toBe(
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  );
  const mine = authority.issue('me');
  const socket = await connectTls(port, { key: mine.key, cert: mine.cert });
  expect(await get(socket)).toMatch(/secure$/);
});

test('a connection that is cut off without a goodbye ends its session', async () => {
  const { io, port } = await startServer();
  const raw = connectRaw(port);
  const socket = tls.connect({ socket: raw, ca, servername: 'localhost' });
  await once(socket, 'secureConnect');
  const opened = once(io.engine, 'connection');
  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n' +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ' +
      'MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n',
  );
  const [session] = await opened;
  const closed = once(session, 'close');
  raw.end();
  expect((await closed)[0]).toBe('transport close');
});

test('a request cut off without a goodbye is not served', async () => {
  const { app, port } = await startServer();
  /** @type {string[]} */
  const seen = [];
  app.post('/pay', (req, res) => {
    seen.push('begun');
    req.on('end', () => seen.push('whole'));
    req.on('close', () => seen.push(req.complete ? 'complete' : 'cut'));
    req.resume();
    void res;
  });
  const raw = connectRaw(port);
  const socket = tls.connect({ socket: raw, ca, servername: 'localhost' });
  await once(socket, 'secureConnect');
  socket.write('POST /pay HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nfive!');
  while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
  raw.end();
  while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(seen).toEqual(['begun', 'cut']);
});

test('a request in records of one byte is served', async () => {
  const { port } = await startServer();
  const socket = await connectTls(port);
  socket.setNoDelay(true);
  const text = `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(2000)}\r\n\r\n`;
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk));
  for (const byte of Buffer.from(text)) socket.write(Buffer.of(byte));
  while (!answer.endsWith('secure')) await once(socket, 'data');
  expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
});

test('connections that break off anywhere leave nothing behind', async () => {
  const { io, port } = await startServer();
  const hello = await clientHello();
  expect(await isServing(port)).toBe(true);
  io.httpServer.closeAllConnections();
  await untilGone();
  let before = Infinity;
  for (let round = 0; round < 10; ++round) {
    const sockets = Array.from({ length: 30 }, () => net.connect(port));
    await Promise.all(
      sockets.map(async (socket, index) => {
        socket.on('error', () => {});
        await once(socket, 'connect');
        socket.write(hello.subarray(0, (hello.length * (index + 1)) / sockets.length));
        if (index % 3 === 0) socket.resetAndDestroy();
        else if (index % 3 === 1) socket.end();
        else socket.destroy();
        if (index % 3 === 1) socket.resume();
        await once(socket, 'close');
      }),
    );
    await untilGone();
    before = Math.min(before, openSockets()); // the first round opens what Node itself keeps
  }
  expect(openSockets()).toBe(before);
  expect(await isServing(port)).toBe(true);

  async function untilGone() {
    while (io.engine.native.connections() > 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});

test('a close does not wait for handshakes, nor for idle connections', async () => {
  const { io, port } = await startServer();
  const silent = connectRaw(port);
  await once(silent, 'connect');
  const idle = await connectTls(port);
  await get(idle);
  const client = connect(`https://localhost:${port}`, {
    ca,
    transports: ['websocket'],
    reconnection: false,
  });
  await new Promise((resolve) => client.once('connect', () => resolve(undefined)));
  const gone = Promise.all([once(silent, 'close'), once(idle, 'close')]);
  await io.close();
  await gone;
});

describe('what cannot be', () => {
  test('keys that do not fit are an error before anything listens', () => {
    expect(() => new Server(0, { tls: { key: 'x', cert } })).toThrow('option "tls.key"');
    expect(() => new Server(0, { tls: {} })).toThrow('option "tls" must have "key" and "cert"');
    expect(() => new Server(0, { tls: { key, cert, SNICallback() {} } })).toThrow('SNICallback');
  });

  test('a plain port has no secure context', () => {
    const io = new Server(0);
    closers.push(() => io.close());
    expect(() => io.engine.setSecureContext({ key, cert })).toThrow('plain HTTP');
  });
});
