/**
 * Streams without a descriptor: TLS that Node terminates, and any Duplex that is given to `handleUpgrade`.
 */
'use strict';

const crypto = require('node:crypto');
const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const https = require('node:https');
const os = require('node:os');
const path = require('node:path');
const { Duplex } = require('node:stream');
const { WebSocket } = require('ws');
const { Engine, WEBSOCKET, cleanUp, closers } = require('../../../support/rigs/engine-rig');
const { Wire, frame } = require('../../../support/clients/wire');

afterEach(cleanUp);

/** A certificate of the day. */
function certificate() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-tls-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1';
  const args = [...request.split(' '), '-subj', '/CN=localhost', '-keyout', key, '-out', cert];
  execFileSync('openssl', args, { stdio: 'ignore' });
  const made = { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
  fs.rmSync(folder, { recursive: true });
  return made;
}

/** Two streams, each reading what the other is given. */
function duplexPair() {
  /** @type {Duplex[]} */
  const ends = [];
  for (const other of [1, 0]) {
    const end = new Duplex({
      read() {
        /** @type {any} */ (this).resumeWriter?.();
      },
      write(chunk, _encoding, done) {
        const peer = /** @type {any} */ (ends[other]);
        if (peer.push(chunk)) done();
        else {
          peer.resumeWriter = () => {
            peer.resumeWriter = undefined;
            done();
          };
        }
      },
      final(done) {
        ends[other].push(null);
        done();
      },
    });
    ends.push(end);
  }
  return ends;
}

const REQUEST = () => ({
  method: 'GET',
  url: WEBSOCKET,
  headers: {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  },
  socket: {},
});

/** A session over a pair of streams. @param {Engine} engine @param {Buffer} [head] */
async function openPair(engine, head = Buffer.alloc(0)) {
  const [near, far] = duplexPair();
  closers.push(
    () => near.destroy(),
    () => far.destroy(),
  );
  const opened = once(engine, 'connection');
  const wire = new Wire(/** @type {any} */ (far));
  engine.handleUpgrade(REQUEST(), near, head);
  const [session] = await opened;
  await wire.framesUpTo(1);
  return { near, far, wire, session };
}

function startEngine(opts = {}) {
  const engine = new Engine(opts);
  closers.push(() => engine.close());
  return engine;
}

describe('an https server', () => {
  /** @type {any} */
  let credentials;
  beforeAll(() => (credentials = certificate()));

  test('carries large messages both ways, in order', async () => {
    const engine = startEngine({ maxHttpBufferSize: 8e6 });
    const server = https.createServer(credentials);
    engine.attach(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const { port } = /** @type {any} */ (server.address());
    const opened = once(engine, 'connection');
    const ws = new WebSocket(`wss://127.0.0.1:${port}${WEBSOCKET}`, { rejectUnauthorized: false });
    closers.push(() => ws.terminate());
    const [[session]] = await Promise.all([opened, once(ws, 'open')]);
    expect(session.remoteAddress).toBe('127.0.0.1');
    expect(session.request.socket.encrypted).toBe(true);

    const sent = [3e6, 5e6, 10, 70000, 1e6].map((size) => crypto.randomBytes(size));
    /** @type {string[]} */
    const echoed = [];
    const done = new Promise((resolve) => {
      ws.on('message', (data, isBinary) => {
        if (isBinary)
          echoed.push(
            crypto
              .createHash('md5')
              .update(/** @type {any} */ (data))
              .digest('hex'),
          );
        if (echoed.length === sent.length) resolve(undefined);
      });
    });
    session.on('message', (/** @type {Buffer} */ data) => session.send(data));
    for (const bytes of sent) ws.send(bytes);
    await done;
    expect(echoed).toEqual(
      sent.map((bytes) => crypto.createHash('md5').update(bytes).digest('hex')),
    );
    const closed = once(session, 'close');
    ws.close();
    expect((await closed)[0]).toBe('transport close');
    expect(engine.clientsCount).toBe(0);
  });
});

describe('a Duplex', () => {
  test('is served with what was read ahead, and ended', async () => {
    const engine = startEngine();
    /** @type {any[]} */
    const messages = [];
    engine.on('connection', (/** @type {any} */ session) => {
      session.on('message', (/** @type {string} */ text) => messages.push(text));
    });
    const { far, wire, session } = await openPair(engine, frame('4ahead'));
    const second = once(session, 'message');
    far.write(frame('4second').subarray(0, 5));
    far.write(frame('4second').subarray(5));
    await second;
    expect(messages).toEqual(['ahead', 'second']);
    session.send('bye');
    session.close();
    expect((await wire.framesUpTo(3)).slice(1)).toEqual([
      { opcode: 1, payload: '4bye' },
      { opcode: 8, payload: 1005 },
    ]);
    far.write(frame('', { opcode: 8 }));
    await wire.until(({ ended }) => ended);
    expect(engine.clientsCount).toBe(0);
  });

  test.each([
    ['its end', (/** @type {Duplex} */ near) => near.push(null)],
    ['an error', (/** @type {Duplex} */ near) => near.destroy(new Error('broken'))],
    ['its destruction', (/** @type {Duplex} */ near) => near.destroy()],
  ])('%s ends the session', async (_how, end) => {
    const engine = startEngine();
    const { near, session } = await openPair(engine);
    const closed = once(session, 'close');
    end(near);
    expect((await closed)[0]).toBe('transport close');
    expect(engine.clientsCount).toBe(0);
  });

  test('a client that says goodbye and ends at once still gets the answer', async () => {
    const engine = startEngine();
    const { near, far, wire } = await openPair(engine);
    far.write(frame(Buffer.from([0x03, 0xe8]), { opcode: 8 }));
    far.end();
    await wire.until(({ ended }) => ended);
    expect(wire.frames.at(-1)).toEqual({ opcode: 8, payload: 1000 });
    expect(near.writableFinished).toBe(true);
    expect(engine.clientsCount).toBe(0);
  });

  test('a reader that stops is waited for, then served completely', async () => {
    const engine = startEngine();
    const { near, far, session, wire } = await openPair(engine);
    far.pause();
    const chunk = crypto.randomBytes(64 * 1024);
    const count = 100;
    const echo = once(session, 'message');
    for (let i = 0; i < count; i++) session.send(chunk);
    far.write(frame('4still read'));
    expect(await echo).toEqual(['still read']);
    // No more of the 6.4 MB than the window has left the I/O thread.
    expect(near.writableLength).toBeLessThanOrEqual(256 * 1024);
    far.resume();
    const total = count * (chunk.length + 10);
    await wire.until(({ received }) => received.length > total);
    const frames = wire.frames.slice(1);
    expect(frames.length).toBe(count);
    expect(frames.every(({ payload }) => chunk.equals(payload))).toBe(true);
  });

  test('of a client that is paused no more is read than a window', async () => {
    const engine = startEngine();
    /** @type {any[]} */
    const messages = [];
    engine.on('connection', (/** @type {any} */ session) => {
      session.on('message', (/** @type {any} */ message) => messages.push(message));
    });
    const { near, far, session, wire } = await openPair(engine);
    const text = '4'.padEnd(10_000, 'x');
    const count = 100;
    session.pause();
    session.send('paused');
    await wire.framesUpTo(2);
    for (let i = 0; i < count; i++) far.write(frame(text));
    const waiting = () => near.readableLength + far.writableLength;
    while (!near.isPaused()) await new Promise(setImmediate);
    expect(waiting()).toBeGreaterThan((count - 40) * text.length);
    session.resume();
    while (messages.length < count) await once(session, 'message');
    expect(messages.every((message) => message === text.slice(1))).toBe(true);
    expect(waiting()).toBe(0);
  });

  test('a refused one is answered and closed', async () => {
    const engine = startEngine();
    const [near, far] = duplexPair();
    const wire = new Wire(/** @type {any} */ (far));
    const refused = once(engine, 'connection_error');
    engine.handleUpgrade({ ...REQUEST(), url: '/engine.io/?EIO=4' }, near, Buffer.alloc(0));
    expect((await refused)[0].code).toBe(0);
    await wire.until(({ ended }) => ended);
    expect(wire.text).toMatch(/^HTTP\/1.1 400 Bad Request[^]*Transport unknown$/);
    far.end();
    await new Promise((resolve) => near.once('close', resolve));
  });
});
