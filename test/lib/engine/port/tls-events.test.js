/**
 * What an own port with TLS tells of its connections and an http.Server does not, each compared with Node's
 * https.Server. These are handshakes that come to nothing, connections that are secure, and the details of
 * one that JavaScript serves.
 */
'use strict';

const { once } = require('node:events');
const https = require('node:https');
const net = require('node:net');
const tls = require('node:tls');
const {
  authority,
  cleanUp,
  closers,
  connectTls,
  get,
  identity,
  startServer,
} = require('../../../support/rigs/tls-rig');
const { eventually } = require('../../../support/rigs/engine-rig');

const ca = authority.own.cert;
const { key, cert } = identity;

afterEach(cleanUp);
afterAll(() => authority.remove());

/** @param {any} [tlsOptions] @param {(req: any, res: any) => void} [listener] */
async function startNode(tlsOptions, listener) {
  const httpServer = https.createServer({ key, cert, ...tlsOptions }, listener).listen(0);
  closers.push(() => {
    httpServer.close();
    httpServer.closeAllConnections();
  });
  await once(httpServer, 'listening');
  return { httpServer, port: /** @type {net.AddressInfo} */ (httpServer.address()).port };
}

/** @param {net.Socket} socket */
function ignoreErrors(socket) {
  closers.push(() => socket.destroy());
  return socket.on('error', () => {});
}

/** @param {number} port @param {any} options */
const connectBadly = (port, options) =>
  ignoreErrors(tls.connect({ port, ca, servername: 'localhost', ...options }));

/** @type {[string, any, (port: number) => void][]} */
const FAILURES = [
  ['plain HTTP', {}, (port) => ignoreErrors(net.connect(port)).write('GET / HTTP/1.1\r\n\r\n')],
  ['no protocol in common', {}, (port) => connectBadly(port, { ALPNProtocols: ['h2'] })],
  ['an old version', { minVersion: 'TLSv1.3' }, (p) => connectBadly(p, { maxVersion: 'TLSv1.2' })],
  ['no certificate', { requestCert: true, ca }, (port) => connectBadly(port, {})],
  ['a hang-up', {}, (port) => ignoreErrors(net.connect(port)).end()],
  ['half a record', {}, (port) => ignoreErrors(net.connect(port)).end(Buffer.of(22, 3, 1))],
  ['no trust in us', {}, (port) => connectBadly(port, { ca: [] })],
  ['silence', { handshakeTimeout: 100 }, (port) => ignoreErrors(net.connect(port))],
];

describe('a handshake that fails', () => {
  test.each(FAILURES)('%s', async (_, tlsOptions, connect) => {
    const servers = [await startNode(tlsOptions), await startServer(tlsOptions)];
    const told = [];
    for (const { httpServer, port } of servers) {
      /** @type {string[]} */
      const log = [];
      httpServer.on('clientError', (error) =>
        log.push(`clientError ${/** @type {any} */ (error).code}`),
      );
      const failed = once(httpServer, 'tlsClientError');
      connect(port);
      const [{ code, library, reason, name }, socket] = await failed;
      log.push(`tlsClientError ${code}`);
      told.push({ code, library, reason, name, log, isEncrypted: socket.encrypted });
    }
    expect(told[1]).toEqual(told[0]);
  });

  test('names the client', async () => {
    const { httpServer, port } = await startServer();
    const failed = once(httpServer, 'tlsClientError');
    const socket = ignoreErrors(net.connect(port, '127.0.0.1'));
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await once(socket, 'connect');
    const { localPort } = socket;
    const [error, gone] = await failed;
    expect(error.message).toMatch(/^error:\w+:SSL routines:.*http request/);
    expect(gone).toMatchObject({ remotePort: localPort, encrypted: true });
    expect(gone.remoteAddress).toMatch(/127\.0\.0\.1$/);
    expect(gone.destroyed && !gone.writable).toBe(true);
    gone.destroy();
    gone.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });

  test('is not told to nobody, nor when it succeeds or we give it up', async () => {
    const { io, httpServer, port } = await startServer();
    expect(await get(await connectTls(port))).toMatch(/secure$/);
    /** @type {any[]} */
    const told = [];
    httpServer.on('tlsClientError', (error) => told.push(error));
    const silent = ignoreErrors(net.connect(port));
    await once(silent, 'connect');
    expect(await get(await connectTls(port))).toMatch(/secure$/);
    await io.close();
    expect(told).toEqual([]);
  });

  test('many of them are told one by one', async () => {
    const { httpServer, port } = await startServer();
    let count = 0;
    httpServer.on('tlsClientError', () => ++count);
    for (let round = 0; round < 5; ++round) {
      const sockets = Array.from({ length: 100 }, () => ignoreErrors(net.connect(port)));
      for (const socket of sockets) socket.write('GET / HTTP/1.1\r\n\r\n');
      await Promise.all(sockets.map((socket) => once(socket, 'close')));
    }
    await eventually(() => count >= 500);
    expect(count).toBe(500);
    expect(await get(await connectTls(port))).toMatch(/secure$/);
  });
});

describe('secureConnection', () => {
  test('comes after connection, before the requests', async () => {
    /** @param {any} httpServer @param {string[]} log */
    const watch = (httpServer, log) => {
      httpServer.on('connection', () => log.push('connection'));
      httpServer.on('secureConnection', (/** @type {any} */ socket) =>
        log.push(`secureConnection ${socket.encrypted} ${socket.getProtocol()}`),
      );
      httpServer.prependListener('request', () => log.push('request'));
    };
    const logs = [];
    for (const { httpServer, port } of [
      await startNode({}, (_req, res) => res.end('secure')),
      await startServer(),
    ]) {
      /** @type {string[]} */
      const log = [];
      watch(httpServer, log);
      const socket = await connectTls(port);
      expect(await get(socket)).toMatch(/secure/);
      expect(await get(socket)).toMatch(/secure/);
      logs.push(log);
    }
    expect(logs[1]).toEqual(logs[0]);
    expect(logs[1]).toHaveLength(4);
  });

  test('comes for the engine’s own requests too', async () => {
    const { httpServer, port } = await startServer();
    const told = once(httpServer, 'secureConnection');
    const polling = '/socket.io/?EIO=4&transport=polling';
    expect(await get(await connectTls(port), polling)).toMatch(/"sid"/);
    expect((await told)[0].servername).toBe('localhost');
  });
});

test.each(['keylog', 'newSession', 'resumeSession', 'OCSPRequest'])(
  '%s is refused, for it would never come',
  async (event) => {
    const { httpServer } = await startServer();
    const refused = expect.objectContaining({
      code: 'ERR_BEASTIO_TLS',
      message: expect.stringContaining(`"${event}"`),
    });
    expect(() => httpServer.on(event, () => {})).toThrow(refused);
    expect(() => httpServer.once(event, () => {})).toThrow(refused);
    expect(httpServer.listenerCount(event)).toBe(0);
  },
);

describe.each(['TLSv1.2', 'TLSv1.3'])('the details of a connection with %s', (version) => {
  /** @type {import('tls').SecureVersion} */
  const maxVersion = /** @type {any} */ (version);

  /** @param {any} socket */
  const describeSocket = (socket) => ({
    session: socket.getSession().length > 100,
    finished: socket.getFinished().toString('hex'),
    peerFinished: socket.getPeerFinished().toString('hex'),
    signatures: socket.getSharedSigalgs(),
    ephemeral: String(socket.getEphemeralKeyInfo()),
    ticket: String(socket.getTLSTicket()),
    reused: socket.isSessionReused(),
    exported: socket.exportKeyingMaterial(16, 'EXPORTER-x', Buffer.from('c')).toString('hex'),
    exportedPlain: socket.exportKeyingMaterial(300, 'EXPORTER-y').toString('hex'),
    fragments: [100, 16385, 512].map((size) => socket.setMaxSendFragment(size)),
  });

  test('are as https.Server tells them', async () => {
    /** @type {any[]} */
    const seen = [];
    const listener = (/** @type {any} */ req, /** @type {any} */ res) => {
      seen.push(describeSocket(req.socket));
      res.end('secure');
    };
    const node = await startNode({ maxVersion }, listener);
    const own = await startServer({ maxVersion });
    own.app.get('/details', listener);
    for (const { port } of [node, own]) {
      const client = await connectTls(port);
      await get(client, '/details');
      const last = seen[seen.length - 1];
      // What only the two ends of one connection know.
      expect(client.getPeerFinished()?.toString('hex')).toBe(last.finished);
      expect(client.getFinished()?.toString('hex')).toBe(last.peerFinished);
      const exported = client.exportKeyingMaterial(16, 'EXPORTER-x', Buffer.from('c'));
      expect(exported.toString('hex')).toBe(last.exported);
      expect(
        client
          .exportKeyingMaterial(300, 'EXPORTER-y', /** @type {any} */ (undefined))
          .toString('hex'),
      ).toBe(last.exportedPlain);
    }
    const comparable = seen.map((details) => ({
      ...details,
      finished: details.finished.length,
      peerFinished: details.peerFinished.length,
      exported: details.exported.length,
      exportedPlain: details.exportedPlain.length,
    }));
    expect(comparable[1]).toEqual(comparable[0]);
    expect(comparable[1].fragments).toEqual([false, false, true]);
  });

  test('are checked, and not to be had once it is gone', async () => {
    const own = await startServer({ maxVersion });
    const told = once(own.httpServer, 'secureConnection');
    await get(await connectTls(own.port));
    const [socket] = await told;
    expect(() => socket.exportKeyingMaterial(-1, 'x')).toThrow(RangeError);
    expect(() => socket.exportKeyingMaterial(1e9, 'x')).toThrow(RangeError);
    expect(() => socket.exportKeyingMaterial(1, 2)).toThrow(TypeError);
    expect(() => socket.exportKeyingMaterial(1, 'x', 'y')).toThrow(TypeError);
    expect(() => socket.setMaxSendFragment('x')).toThrow(TypeError);
    if (version === 'TLSv1.2') {
      // The label of the protocol itself: RFC 5705 §4.
      expect(() => socket.exportKeyingMaterial(16, 'master secret')).toThrow('"master secret"');
    }
    socket.disableRenegotiation();
    const refused = new Promise((resolve) => socket.renegotiate({}, resolve));
    expect(await refused).toMatchObject({ code: 'ERR_TLS_RENEGOTIATION_DISABLED' });
    socket.destroy();
    expect(socket.getSession()).toBe(null);
    expect(socket.getSharedSigalgs()).toBe(null);
    expect(socket.exportKeyingMaterial(1, 'x')).toBe(null);
    expect(socket.setMaxSendFragment(512)).toBe(false);
  });
});

test('a smaller record size holds for what is sent next', async () => {
  const { app, port } = await startServer();
  app.get('/small', (req, res) => {
    /** @type {any} */ (req.socket).setMaxSendFragment(512);
    res.end('x'.repeat(100_000));
  });
  /** @type {Buffer[]} */
  const chunks = [];
  const between = net.createServer((near) => {
    const far = net.connect(port).on('data', (chunk) => chunks.push(chunk));
    near.pipe(far).pipe(near);
  });
  closers.push(() => between.close());
  await once(between.listen(0), 'listening');
  const address = /** @type {net.AddressInfo} */ (between.address());
  const socket = await connectTls(address.port, { minVersion: 'TLSv1.3' });
  socket.write('GET /small HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  socket.resume();
  await once(socket, 'end');
  const sizes = recordSizes(Buffer.concat(chunks));
  expect(sizes.filter((size) => size > 500).length).toBeGreaterThan(190);
  expect(Math.max(...sizes.slice(-100))).toBeLessThan(600);

  /** @param {Buffer} bytes */
  function recordSizes(bytes) {
    const list = [];
    for (let at = 0; at < bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) {
      list.push(bytes.readUInt16BE(at + 3));
    }
    return list;
  }
});
