/**
 * The option `tls` where Node listens and accepts: on unix sockets, in workers of a cluster, and for
 * connections that an application brings. The I/O threads do TLS there too, and clients see no other.
 */
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const tls = require('node:tls');
const { Server } = require('../../../..');
const { clientElsewhere, expectSharedPort } = require('../../../support/clients/elsewhere');
const { eventually } = require('../../../support/rigs/engine-rig');
const { authority, cleanUp, closers, get, identity } = require('../../../support/rigs/tls-rig');

const ca = authority.own.cert;
const { key, cert } = identity;

afterEach(cleanUp);
afterAll(() => authority.remove());

/**
 * A server on a unix socket.
 * @param {any} [opts]
 */
async function startOnFile(opts) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-socket-'));
  const file = path.join(folder, 'io.sock');
  /** @type {import('node:http').RequestListener} */
  const requestListener = (req, res) => {
    res.end(`secure ${/** @type {any} */ (req.socket).encrypted}`);
  };
  const io = new Server({ tls: { key, cert }, requestListener, ...opts }).listen(
    /** @type {any} */ ({ path: file }),
  );
  io.on('connection', (socket) => {
    socket.on('echo', (...args) => args.pop()(...args));
  });
  closers.push(async () => {
    await io.close();
    fs.rmSync(folder, { recursive: true });
  });
  await once(io.httpServer, 'listening');
  return { io, file };
}

/**
 * A connection after its TLS handshake.
 * @param {any} where as for net.connect
 * @returns {Promise<tls.TLSSocket>}
 */
async function connectTls(where) {
  const socket = tls.connect({ ...where, ca, servername: 'localhost' });
  closers.push(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** @param {any} where as for net.connect @param {string[]} transports */
const clientOf = (where, transports) => clientElsewhere({ ...where, ca }, transports, closers);

describe('a unix socket', () => {
  test.each([[['websocket']], [['polling']], [['polling', 'websocket']]])(
    'serves the official client by %j',
    async (transports) => {
      const { io, file } = await startOnFile();
      const connected = once(io, 'connection');
      const client = clientOf({ path: file }, transports);
      const value = ['x'.repeat(300_000), Buffer.from('binary')];
      expect(await client.timeout(20_000).emitWithAck('echo', value)).toEqual(value);
      const [socket] = await connected;
      expect(socket.handshake.secure).toBe(true);
      expect(socket.handshake.address).toBeUndefined();
    },
  );

  test('serves other paths, on a connection that stays open', async () => {
    const { file } = await startOnFile();
    const socket = await connectTls({ path: file });
    for (let i = 0; i < 3; ++i) expect(await get(socket)).toMatch(/secure true/);
  });

  test('keeps connections of the engine’s own requests open', async () => {
    const { file } = await startOnFile();
    const socket = await connectTls({ path: file });
    for (let i = 0; i < 3; ++i) {
      expect(await get(socket, '/socket.io/?EIO=4&transport=polling')).toMatch(/"sid"/);
    }
  });

  test('tells of failed handshakes', async () => {
    const { io, file } = await startOnFile();
    const failed = once(/** @type {any} */ (io.httpServer), 'tlsClientError');
    const plain = net.connect(file).on('error', () => {});
    plain.write('GET / HTTP/1.1\r\n\r\n');
    expect((await failed)[0].code).toBe('ERR_SSL_HTTP_REQUEST');
    plain.destroy();
  });

  test('counts its connections, and closes when the last is gone', async () => {
    const { io, file } = await startOnFile();
    const { httpServer } = io;
    const socket = await connectTls({ path: file });
    expect(await get(socket, '/socket.io/?EIO=4&transport=polling')).toMatch(/"sid"/);
    const count = () =>
      new Promise((resolve) => httpServer.getConnections((_error, number) => resolve(number)));
    expect(await count()).toBe(1);
    socket.destroy();
    await eventually(async () => (await count()) === 0);
    const late = await connectTls({ path: file });
    const gone = once(late.resume(), 'close');
    const closed = once(httpServer, 'close');
    await io.close();
    await Promise.all([gone, closed]);
    expect(await count()).toBe(0);
  });

  test('closes if nobody has ever come', async () => {
    const { io } = await startOnFile();
    const closed = once(io.httpServer, 'close');
    await io.close();
    await closed;
  });
});

test('connections that the application brings are served', async () => {
  const { io } = await startOnFile();
  const bringer = net.createServer((socket) => void io.httpServer.emit('connection', socket));
  closers.push(() => bringer.close());
  await once(bringer.listen(0), 'listening');
  const { port } = /** @type {net.AddressInfo} */ (bringer.address());
  expect(await get(await connectTls({ port }))).toMatch(/secure true/);
  const client = clientOf({ port }, ['websocket']);
  expect(await client.timeout(20_000).emitWithAck('echo', 'x')).toBe('x');
});

test('workers of a cluster share a port with TLS', () =>
  expectSharedPort(closers, { ...identity, ca }));
