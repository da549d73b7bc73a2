/**
 * TLS on the own port against clients that stretch the protocol. They send messages that no library sends,
 * pieces of any size, and certificates and tickets as large as they get. Each is refused or served as OpenSSL
 * has it, the next client is served, and nothing stays behind.
 */
'use strict';

const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { Authority } = require('../../../support/servers/certificates');
const { eventually } = require('../../../support/rigs/engine-rig');
const { openSockets } = require('../../../support/resources/open-sockets');
const {
  authority,
  cleanUp,
  closers,
  connectTls,
  get,
  refusalOf,
  run,
  startServer,
} = require('../../../support/rigs/tls-rig');

const ca = authority.own.cert;
const TLS12 = [3, 3];
const HANDSHAKE = 22;
const ALERT = 21;
const MAX_RECORD = 16_384;
const EXTENSION = Object.freeze({ SERVER_NAME: 0, ALPN: 16, SESSION_TICKET: 35 });

afterEach(cleanUp);
afterAll(() => authority.remove());

/** @param {number} port */
const isServing = async (port) => (await get(await connectTls(port))).endsWith('secure');

/** @param {any} io resolves when its port has no connection left */
const untilEmpty = (io) => eventually(() => io.engine.native.connections() === 0);

/**
 * Bytes behind their length.
 * @param {number} width of the length, in bytes
 * @param {...(Buffer | number[])} parts
 */
function vector(width, ...parts) {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const length = Buffer.alloc(width);
  length.writeUIntBE(body.length, 0, width);
  return Buffer.concat([length, body]);
}

/** @param {number} type @param {Buffer} body */
const extension = (type, body) => Buffer.concat([Buffer.from([0, type]), vector(2, body)]);

/** @param {Buffer} name @param {number} [type] */
const serverName = (name, type = 0) =>
  extension(EXTENSION.SERVER_NAME, vector(2, [type], vector(2, name)));

/**
 * The first flight of a client of TLS 1.2, in as many records as it needs.
 * @param {...Buffer} extensions
 */
function clientHello(...extensions) {
  const body = Buffer.concat([
    Buffer.from(TLS12),
    Buffer.alloc(32, 7), // random
    vector(1), // session id
    vector(2, [0xc0, 0x2b, 0xc0, 0x2f, 0x00, 0xff]), // ECDHE with AES-128-GCM; no renegotiation yet
    vector(1, [0]), // no compression
    vector(
      2,
      extension(10, vector(2, [0, 23])), // P-256
      extension(11, vector(1, [0])),
      extension(13, vector(2, [4, 3, 4, 1])), // ECDSA and RSA with SHA-256
      ...extensions,
    ),
  ]);
  const message = Buffer.concat([Buffer.from([1]), vector(3, body)]);
  const records = [];
  for (let at = 0; at < message.length; at += MAX_RECORD) {
    const piece = message.subarray(at, at + MAX_RECORD);
    records.push(Buffer.from([HANDSHAKE, ...TLS12]), vector(2, piece));
  }
  return Buffer.concat(records);
}

/**
 * The type of the first record that comes in answer to some bytes; undefined: none before the end.
 * @param {number} port
 * @param {Buffer} bytes
 */
async function answerTo(port, bytes) {
  const socket = net.connect(port).on('error', () => {});
  closers.push(() => socket.destroy());
  socket.write(bytes);
  const data = once(socket, 'data').then(([chunk]) => chunk[0]);
  const type = await Promise.race([data, once(socket, 'close').then(() => undefined)]);
  socket.destroy();
  return type;
}

describe('a first flight', () => {
  const odd = (/** @type {string} */ text) => Buffer.from(text, 'latin1');

  test.each([
    ['no name', [], HANDSHAKE],
    ['a name of odd bytes', [serverName(odd('\xff\xfe*.%s\n'))], HANDSHAKE],
    ['a name of 255 bytes', [serverName(Buffer.alloc(255, 0x2a))], HANDSHAKE],
    ['a name with NUL', [serverName(odd('localhost\0.example'))], ALERT],
    ['a name of 256 bytes', [serverName(Buffer.alloc(256, 0x61))], ALERT],
    ['an empty name', [serverName(Buffer.alloc(0))], HANDSHAKE],
    ['a name of another kind', [serverName(odd('x'), 9)], ALERT],
    [
      'a list of names that is cut',
      [extension(EXTENSION.SERVER_NAME, odd('\0\x50\0\0\x01a'))],
      ALERT,
    ],
    ['the same name twice', [serverName(odd('a')), serverName(odd('a'))], ALERT],
    [
      'protocols that we speak',
      [extension(EXTENSION.ALPN, vector(2, vector(1, odd('http/1.1'))))],
      HANDSHAKE,
    ],
    [
      'protocols that we do not',
      [extension(EXTENSION.ALPN, vector(2, vector(1, odd('h2'))))],
      ALERT,
    ],
    ['an empty protocol', [extension(EXTENSION.ALPN, vector(2, vector(1)))], ALERT],
    ['protocols that are cut', [extension(EXTENSION.ALPN, odd('\0\x09\x50h2'))], ALERT],
    [
      'a ticket that is not ours',
      [extension(EXTENSION.SESSION_TICKET, Buffer.alloc(200, 1))],
      HANDSHAKE,
    ],
    [
      'a ticket of 60,000 bytes',
      [extension(EXTENSION.SESSION_TICKET, Buffer.alloc(60_000, 1))],
      HANDSHAKE,
    ],
  ])('with %s', async (_what, extensions, expected) => {
    const { io, port } = await startServer({
      contexts: { '*.example': { key: authority.own.key, cert: authority.own.cert } },
    });
    expect(await answerTo(port, clientHello(...extensions))).toBe(expected);
    expect(await isServing(port)).toBe(true);
    io.httpServer.closeAllConnections();
    await cleanUpClients();
    await untilEmpty(io);

    async function cleanUpClients() {
      for (const close of closers.splice(1)) await close(); // the first is the server's
    }
  });

  test('of 16 MB is not waited for', async () => {
    const { io, port } = await startServer();
    const header = Buffer.from([HANDSHAKE, ...TLS12, 0x40, 0, 1, 0xff, 0xff, 0xff]);
    expect(await answerTo(port, Buffer.concat([header, Buffer.alloc(MAX_RECORD - 4)]))).toBe(ALERT);
    await untilEmpty(io);
  });

  test('in records of no bytes is not read for ever', async () => {
    const { io, port } = await startServer();
    const empty = Buffer.from([HANDSHAKE, ...TLS12, 0, 0]);
    const flood = Buffer.concat(Array.from({ length: 1000 }, () => empty));
    expect(await answerTo(port, flood)).toBe(ALERT);
    await untilEmpty(io);
  });
});

describe('bytes on their way', () => {
  /**
   * A port whose connections go on to another one in pieces of one byte.
   * @param {number} port
   */
  async function startSlowWay(port) {
    const way = net.createServer((near) => {
      const far = net.connect(port);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ]) {
        to.setNoDelay(true).on('error', () => {});
        from.on('data', (chunk) => {
          for (const byte of chunk) to.write(Buffer.of(byte));
        });
        from.on('end', () => to.end());
      }
    });
    closers.push(() => way.close());
    await once(way.listen(0), 'listening');
    return /** @type {net.AddressInfo} */ (way.address()).port;
  }

  test.each(/** @type {const} */ (['TLSv1.2', 'TLSv1.3']))(
    'one by one, with %s',
    async (version) => {
      const { io, port } = await startServer();
      const slow = await startSlowWay(port);
      const socket = await connectTls(slow, { minVersion: version, maxVersion: version });
      expect(await get(socket)).toMatch(/secure$/);
      expect(await get(socket, '/socket.io/?EIO=4&transport=polling')).toMatch(/"sid"/);
      socket.destroy();
      await untilEmpty(io);
    },
  );

  test('and no more behind the first flight', async () => {
    const { io, port } = await startServer();
    const sockets = Array.from({ length: 20 }, () => net.connect({ port, allowHalfOpen: true }));
    for (const socket of sockets) socket.on('error', () => {}).end(clientHello());
    await Promise.all(sockets.map((socket) => once(socket.resume(), 'end')));
    await untilEmpty(io);
    for (const socket of sockets) socket.destroy();
    expect(await isServing(port)).toBe(true);
  });
});

describe('renegotiation', () => {
  test('is refused, and the connection of who asks for it ends', async () => {
    const { io, port } = await startServer();
    const socket = await connectTls(port, { maxVersion: 'TLSv1.2' });
    expect(await get(socket)).toMatch(/secure$/);
    const failed = once(socket, 'error').catch((error) => [error]);
    socket.renegotiate({}, () => {});
    expect((await failed)[0].code).toBe('ERR_SSL_NO_RENEGOTIATION');
    await untilEmpty(io);
    expect(await isServing(port)).toBe(true);
  });
});

describe('early data', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-early-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('is not offered, and a request in it not served', async () => {
    const { app, port } = await startServer();
    let count = 0;
    app.get('/once', (_req, res) => void res.send(`count ${++count}`));
    const request = 'GET /once HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const session = path.join(folder, 'session');
    const early = path.join(folder, 'early');
    fs.writeFileSync(early, request);
    const args = ['s_client', '-connect', `localhost:${port}`, '-CAfile', authority.own.certFile];
    const first = await run('openssl', [...args, '-ign_eof', '-sess_out', session], request);
    expect(String(first.stdout)).toContain('count 1');
    expect(String(first.stdout)).toContain('Max Early Data: 0');
    const again = [...args, '-ign_eof', '-sess_in', session, '-early_data', early];
    const second = await run('openssl', again, request);
    expect(String(second.stdout)).toMatch(/Early data was (not sent|rejected)/);
    expect(String(second.stdout)).toContain('count 2');
  });
});

describe('a client’s certificate', () => {
  /** @param {Authority} issuer @param {number} names how many, of 40 bytes each */
  const large = (issuer, names) =>
    issuer.issue(
      ...Array.from({ length: names }, (_, i) => `${String(i).padStart(32, 'x')}.example`),
    );

  test('of a usual size comes with each resumption', async () => {
    const { port } = await startServer({ requestCert: true, ca });
    const { key, cert } = large(authority, 300);
    const socket = await connectTls(port, { key, cert, maxVersion: 'TLSv1.2' });
    expect(await get(socket)).toMatch(/secure$/);
    const session = socket.getSession();
    expect(session?.length).toBeGreaterThan(10_000); // a ticket with the certificate in it
    const resumed = await connectTls(port, { key, cert, session, maxVersion: 'TLSv1.2' });
    expect(resumed.isSessionReused()).toBe(true);
    expect(await get(resumed)).toMatch(/secure$/);
  });

  test('that is too large is refused', async () => {
    const { io, httpServer, port } = await startServer({ requestCert: true, ca });
    const failed = once(/** @type {any} */ (httpServer), 'tlsClientError');
    const { key, cert } = large(authority, 2500);
    expect(cert.length).toBeGreaterThan(102_400);
    expect(await refusalOf(port, { key, cert, maxVersion: 'TLSv1.2' })).toMatch(/^(E|ERR_SSL)/);
    expect((await failed)[0].code).toBe('ERR_SSL_EXCESSIVE_MESSAGE_SIZE');
    await untilEmpty(io);
  });

  test('that has expired, or is a stranger’s, is refused with a reason, or told', async () => {
    const stranger = new Authority('stranger');
    const unknown = stranger.issue('unknown');
    stranger.remove();
    const expired = issueExpired();
    const strict = await startServer({ requestCert: true, ca });
    for (const [identity, code] of /** @type {const} */ ([
      [expired, 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED'],
      [unknown, 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'],
    ])) {
      const failed = once(/** @type {any} */ (strict.httpServer), 'tlsClientError');
      const { key, cert } = identity;
      expect(await refusalOf(strict.port, { key, cert })).toBe(code);
      expect((await failed)[0].code).toBe('ERR_SSL_CERTIFICATE_VERIFY_FAILED');
    }
    const lenient = await startServer({ requestCert: true, rejectUnauthorized: false, ca });
    lenient.app.get('/why', (req, res) => {
      const { authorized, authorizationError } = /** @type {any} */ (req.socket);
      res.send(`${authorized} ${authorizationError}.`);
    });
    const { key, cert } = expired;
    expect(await get(await connectTls(lenient.port, { key, cert }), '/why')).toMatch(
      /false CERT_HAS_EXPIRED\.$/,
    );
  });

  /** A certificate of our authority that is over since yesterday. */
  function issueExpired() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-expired-'));
    const [keyFile, askedFile, certFile] = ['key', 'asked', 'cert'].map((name) =>
      path.join(folder, name),
    );
    const openssl = (/** @type {string[]} */ ...args) =>
      execFileSync('openssl', args, { stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl('req', '-new', '-subj', '/CN=late', ...key, '-keyout', keyFile, '-out', askedFile);
    const issuer = ['-CA', authority.own.certFile, '-CAkey', authority.own.keyFile];
    openssl('x509', '-req', '-in', askedFile, '-days', '-1', ...issuer, '-out', certFile);
    const identity = { key: fs.readFileSync(keyFile), cert: fs.readFileSync(certFile) };
    fs.rmSync(folder, { recursive: true });
    return identity;
  }
});

test('all of these, again and again, leave no socket behind', async () => {
  const { io, port } = await startServer({ handshakeTimeout: 2000 });
  const kinds = [
    clientHello(),
    clientHello(serverName(Buffer.alloc(256, 0x61))),
    clientHello(extension(EXTENSION.SESSION_TICKET, Buffer.alloc(60_000, 1))),
    clientHello().subarray(0, 30),
    Buffer.alloc(100, 0x16),
  ];
  let least = Infinity;
  for (let round = 0; round < 5; ++round) {
    const sockets = Array.from({ length: 20 }, () => net.connect(port));
    await Promise.all(
      sockets.map(async (socket, i) => {
        socket.on('error', () => {});
        socket.end(kinds[i % kinds.length]);
        await once(socket.resume(), 'close');
      }),
    );
    await untilEmpty(io);
    least = Math.min(least, openSockets());
  }
  expect(openSockets()).toBe(least);
  expect(await isServing(port)).toBe(true);
});
