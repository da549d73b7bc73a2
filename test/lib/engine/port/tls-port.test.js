/**
 * TLS on the own port, with the clients that people have: the official one, ws, curl and
 * `openssl s_client`, and with Express on the same port.
 */
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const https = require('node:https');
const path = require('node:path');
const os = require('node:os');
const { io: connect } = require('socket.io-client');
const { WebSocket, WebSocketServer } = require('ws');
const {
  authority,
  cleanUp,
  closers,
  connectTls,
  get,
  identity,
  refusalOf,
  run,
  startServer,
} = require('../../../support/rigs/tls-rig');

const ca = authority.own.cert;
const curl = (/** @type {string[]} */ ...args) =>
  run('curl', ['--silent', '--show-error', '--cacert', authority.own.certFile, ...args]);

afterEach(cleanUp);
afterAll(() => authority.remove());

/** @param {string} url @param {any} [opts] */
function client(url, opts) {
  const socket = connect(url, { ca, forceNew: true, reconnection: false, ...opts });
  closers.push(() => socket.close());
  return socket;
}

/** @param {any} emitter @param {string} event @returns {Promise<any[]>} */
const eventOf = (emitter, event) =>
  new Promise((resolve) => emitter.once(event, (/** @type {any[]} */ ...args) => resolve(args)));

describe('the official client', () => {
  test.each([
    ['WebSocket', ['websocket']],
    ['polling', ['polling']],
    ['an upgrade', ['polling', 'websocket']],
  ])('by %s', async (_, transports) => {
    const { url } = await startServer();
    const socket = client(url, { transports });
    const value = ['é\u{1F98A}'.repeat(50_000), { a: Buffer.alloc(100, 'b') }];
    expect(await socket.timeout(20_000).emitWithAck('echo', value)).toEqual(value);
    if (transports.length > 1 && socket.io.engine.transport.name !== 'websocket') {
      await eventOf(socket.io.engine, 'upgrade');
    }
    expect(socket.io.engine.transport.name).toBe(transports[transports.length - 1]);
    expect(await socket.timeout(20_000).emitWithAck('echo', value)).toEqual(value);
  });

  test('does not connect to a server that it does not trust, unless it is told to', async () => {
    const { url } = await startServer();
    const [error] = await eventOf(
      client(url, { ca: [], transports: ['websocket'] }),
      'connect_error',
    );
    expect(error.message).toBe('websocket error');
    const careless = client(url, { ca: [], rejectUnauthorized: false });
    expect(await careless.timeout(20_000).emitWithAck('echo', 1)).toBe(1);
  });

  test('sees a broadcast of many small and a few large messages in order', async () => {
    const { url, io } = await startServer();
    const sockets = [1, 2, 3].map(() => client(url, { transports: ['websocket'] }));
    await Promise.all(sockets.map((socket) => eventOf(socket, 'connect')));
    const received = sockets.map((socket) => {
      /** @type {number[]} */
      const numbers = [];
      socket.on('n', (/** @type {number} */ n) => numbers.push(n));
      return eventOf(socket, 'end').then(() => numbers);
    });
    const numbers = Array.from({ length: 5000 }, (_, n) => n);
    for (const n of numbers) io.emit('n', n, n % 1000 === 0 ? 'x'.repeat(200_000) : '');
    io.emit('end');
    for (const list of await Promise.all(received)) expect(list).toEqual(numbers);
  });

  test('is described as a connection with TLS', async () => {
    const mine = authority.issue('me');
    const { url, io } = await startServer({ requestCert: true, ca });
    const connected = once(io, 'connection');
    client(url, { transports: ['websocket'], key: mine.key, cert: mine.cert });
    const [socket] = await connected;
    expect(socket.handshake.secure).toBe(true);
    const stream = /** @type {any} */ (socket.request.socket);
    expect(stream).toMatchObject({ encrypted: true, authorized: true, authorizationError: null });
    expect(stream.getPeerCertificate().subject.CN).toBe('me');
    expect(stream.remoteAddress).toMatch(/127\.0\.0\.1$|^::1$/);
  });
});

describe('other paths', () => {
  test('are Express’s, on connections that stay open', async () => {
    const { port } = await startServer();
    const socket = await connectTls(port);
    for (let i = 0; i < 3; ++i)
      expect(await get(socket)).toMatch(/^HTTP\/1.1 200 OK[^]*\r\nsecure$/);
  });

  test('curl finds nothing odd, with and without keep-alive', async () => {
    const { url } = await startServer();
    const kept = await curl(`${url}/`, `${url}/`, '--write-out', ' %{num_connects} ');
    expect(String(kept.stdout)).toBe('secure 1 secure 0 ');
    const closed = await curl(
      '--header',
      'Connection: close',
      `${url}/`,
      `${url}/`,
      '-w',
      ' %{num_connects} ',
    );
    expect(String(closed.stdout)).toBe('secure 1 secure 1 ');
    const polling = `${url}/socket.io/?EIO=4&transport=polling`;
    expect(String((await curl(polling)).stdout)).toMatch(/^0\{"sid":"/);
    // One connection: a request that is Express's, then one that is the engine's.
    const mixed = await curl(`${url}/`, polling, '--write-out', ' %{num_connects} ');
    expect(String(mixed.stdout)).toMatch(/^secure 1 0\{"sid":.* 0 $/);
    for (const result of [kept, closed, mixed]) expect(result.stderr).toBe('');
  });

  test('stream large bodies both ways', async () => {
    const { url } = await startServer();
    const body = Buffer.alloc(8_000_000);
    for (let i = 0; i < body.length; ++i) body[i] = (i * i) >> 5;
    const args = ['-s', '--cacert', authority.own.certFile, '--data-binary', '@-', `${url}/echo`];
    const { stdout, code } = await run('curl', args, body);
    expect(code).toBe(0);
    expect(stdout.equals(body)).toBe(true);
  });

  test('wait for a client that does not read', async () => {
    const { app, port } = await startServer();
    const counts = { produced: 0, received: 0 };
    const block = Buffer.alloc(64 * 1024, 'b');
    app.get('/flood', (_req, res) => {
      const produce = () => {
        while (counts.produced < 100e6) {
          counts.produced += block.length;
          if (!res.write(block)) return void res.once('drain', produce);
        }
        res.end();
      };
      produce();
    });
    const socket = await connectTls(port);
    socket.pause();
    socket.write('GET /flood HTTP/1.1\r\nHost: x\r\n\r\n');
    /** @type {number} */
    let before;
    do {
      before = counts.produced;
      await new Promise((resolve) => setTimeout(resolve, 200));
    } while (counts.produced !== before || counts.produced === 0);
    expect(counts.produced).toBeLessThan(50e6); // what the kernel's buffers of a loopback connection take
    socket.on('data', (/** @type {Buffer} */ chunk) => (counts.received += chunk.length));
    socket.resume();
    while (counts.received < 100e6) await once(socket, 'data');
  });

  test('make a client wait for an application that does not read', async () => {
    const { app, port } = await startServer();
    /** @type {{ request?: any }} */
    const slow = {};
    app.post('/slow', (req, res) => {
      slow.request = req;
      req.on('end', () => res.end(String(req.socket.bytesRead)));
    });
    const socket = await connectTls(port);
    const size = 40e6;
    socket.write(`POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`);
    const flood = Buffer.alloc(size, 'f');
    socket.write(flood);
    let before = -1;
    while (slow.request?.socket.bytesRead !== before) {
      before = slow.request?.socket.bytesRead ?? -1;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(before).toBeLessThan(2e6);
    slow.request.resume();
    const answer = String((await once(socket, 'data'))[0]);
    expect(Number(answer.split('\r\n\r\n')[1])).toBeGreaterThan(size);
  });

  test('can be upgraded', async () => {
    const { httpServer, url } = await startServer(undefined, { destroyUpgrade: false });
    const other = new WebSocketServer({ noServer: true });
    httpServer.on('upgrade', (req, socket, head) => {
      if (req.url !== '/other') return;
      other.handleUpgrade(req, socket, head, (ws) => ws.on('message', (data) => ws.send(data)));
    });
    const ws = new WebSocket(`${url.replace('https', 'wss')}/other`, { ca });
    closers.push(() => ws.terminate());
    await once(ws, 'open');
    for (const text of ['short', 'long'.repeat(100_000)]) {
      ws.send(text);
      expect(String((await once(ws, 'message'))[0])).toBe(text);
    }
  });

  test.each([
    [true, {}],
    [false, { requestCert: true, rejectUnauthorized: false }],
  ])('see the client as https.Server shows it (authorized: %s)', async (isTrusted, options) => {
    const mine = authority.issue('me');
    const tlsOptions = { requestCert: true, ca: isTrusted ? ca : identity.cert, ...options };
    /** @param {any} socket */
    const describe = (socket) => ({
      encrypted: socket.encrypted,
      authorized: socket.authorized,
      authorizationError: socket.authorizationError,
      servername: socket.servername,
      alpnProtocol: socket.alpnProtocol,
      protocol: socket.getProtocol(),
      cipher: socket.getCipher(),
      reused: socket.isSessionReused(),
      certificate: { ...socket.getPeerCertificate() },
      issuer: socket.getPeerCertificate(true).issuerCertificate?.subject?.CN,
      x509: socket.getPeerX509Certificate().subject,
      family: socket.remoteFamily,
    });
    const answer = (/** @type {any} */ req, /** @type {any} */ res) =>
      res.end(JSON.stringify(describe(req.socket)));
    const { app, port } = await startServer(tlsOptions);
    app.get('/who', answer);
    const genuine = https.createServer(
      { key: identity.key, cert: identity.cert, ...tlsOptions },
      answer,
    );
    closers.push(() => new Promise((resolve) => genuine.close(resolve)));
    genuine.listen(0);
    await once(genuine, 'listening');
    const presented = { key: mine.key, cert: mine.cert + ca, ALPNProtocols: ['http/1.1'] };
    const seen = [];
    for (const number of [port, /** @type {any} */ (genuine.address()).port]) {
      const socket = await connectTls(number, presented);
      seen.push(
        JSON.parse((await get(socket, '/who')).split('\r\n\r\n')[1].replace(/^[^{]*|[^}]*$/g, '')),
      );
      socket.destroy();
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0].authorized).toBe(isTrusted);
  });
});

describe('hooks', () => {
  test('see requests on connections with TLS', async () => {
    const { io, url } = await startServer(undefined, { cors: { origin: '*' } });
    /** @type {string[]} */
    const seen = [];
    io.engine.use((/** @type {any} */ req, /** @type {any} */ _res, /** @type {any} */ next) => {
      seen.push(`${req.method} ${req.socket.encrypted}`);
      next();
    });
    const socket = client(url);
    const value = ['b'.repeat(600_000), { a: Buffer.alloc(100, 'b') }];
    expect(await socket.timeout(20_000).emitWithAck('echo', 'x')).toBe('x');
    if (socket.io.engine.transport.name !== 'websocket') await eventOf(socket.io.engine, 'upgrade');
    expect(await socket.timeout(20_000).emitWithAck('echo', value)).toEqual(value);
    expect(seen).toContain('GET true');
    const { stdout } = await curl('--include', `${url}/socket.io/?EIO=4&transport=polling`);
    expect(String(stdout)).toMatch(/access-control-allow-origin: \*/i);
  });
});

describe('openssl s_client', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-s_client-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  /** @param {number} port @param {string[]} args */
  const sClient = async (port, ...args) => {
    const result = await run(
      'openssl',
      [
        's_client',
        '-connect',
        `localhost:${port}`,
        '-CAfile',
        authority.own.certFile,
        '-ign_eof',
        ...args,
      ],
      REQUEST,
    );
    return String(result.stdout);
  };

  test.each([
    ['TLS 1.2', ['-tls1_2']],
    ['TLS 1.2 without tickets', ['-tls1_2', '-no_ticket']],
    ['TLS 1.3', ['-tls1_3']],
  ])('talks and resumes: %s', async (name, args) => {
    const { port } = await startServer();
    const file = path.join(folder, name.replaceAll(' ', '-'));
    const first = await sClient(port, ...args, '-sess_out', file);
    expect(first).toContain('Verify return code: 0 (ok)');
    expect(first).toContain('\nNew, TLSv1.');
    expect(first).toMatch(/\r\nsecure/);
    const second = await sClient(port, ...args, '-sess_in', file);
    expect(second).toContain('\nReused, TLSv1.');
    expect(second).toMatch(/\r\nsecure/);
  });

  test('is served the certificate of the name it asks for', async () => {
    const other = authority.issue('other.example');
    const { port } = await startServer({
      contexts: { '*.example': { key: other.key, cert: other.cert } },
    });
    expect(await sClient(port, '-servername', 'other.example')).toContain(
      'subject=CN = other.example',
    );
    expect(await sClient(port, '-servername', 'wrong.test')).toContain('subject=CN = localhost');
    expect(await sClient(port, '-noservername')).toContain('subject=CN = localhost');
  });

  test('agrees on a protocol, or is refused', async () => {
    const { port } = await startServer();
    expect(await sClient(port, '-alpn', 'h2,http/1.1')).toContain('ALPN protocol: http/1.1');
    expect(await sClient(port)).toContain('No ALPN negotiated');
    expect(await refusalOf(port, { ALPNProtocols: ['h2'] })).toBe(
      'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    );
  });

  test('presents a certificate', async () => {
    const mine = authority.issue('me');
    const { port } = await startServer({ requestCert: true, ca });
    const args = ['-cert', mine.certFile, '-key', mine.keyFile];
    expect(await sClient(port, ...args)).toMatch(/\r\nsecure/);
    expect(await sClient(port)).not.toMatch(/\r\nsecure/);
  });
});

describe('setSecureContext', () => {
  test('serves new connections with the new certificate while the others go on', async () => {
    const { io, port } = await startServer();
    const before = await connectTls(port);
    const renewed = authority.issue('localhost', 'renewed.example');
    io.engine.setSecureContext({ key: renewed.key, cert: renewed.cert });
    const after = await connectTls(port);
    expect(before.getPeerCertificate().subjectaltname).not.toContain('renewed');
    expect(after.getPeerCertificate().subjectaltname).toContain('renewed.example');
    expect(await get(before)).toMatch(/secure$/);
    expect(await get(after)).toMatch(/secure$/);
  });

  test('refuses what cannot be used, and goes on with what it had', async () => {
    const { io, port } = await startServer();
    expect(() => io.engine.setSecureContext({ key: 'x', cert: 'x' })).toThrow('tls.cert');
    expect(await get(await connectTls(port))).toMatch(/secure$/);
  });

  test('lets sessions be resumed under the application’s ticket keys', async () => {
    const ticketKeys = Buffer.alloc(48, 7);
    const { io, port } = await startServer({ ticketKeys });
    const first = await connectTls(port, { maxVersion: 'TLSv1.2' });
    const session = first.getSession();
    io.engine.setSecureContext({ key: identity.key, cert: identity.cert, ticketKeys });
    const second = await connectTls(port, { maxVersion: 'TLSv1.2', session });
    expect(second.isSessionReused()).toBe(true);
    io.engine.setSecureContext({ key: identity.key, cert: identity.cert });
    const third = await connectTls(port, { maxVersion: 'TLSv1.2', session });
    expect(third.isSessionReused()).toBe(false);
  });
});
