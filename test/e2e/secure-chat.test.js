/**
 * Chromium talks with a server that does TLS on its own port, with Express on the same port. Pages go over
 * https, and sockets over wss and over polling. In one run the I/O threads serve the engine's requests by
 * themselves. In another a listener of the application has all of them go through JavaScript.
 */
'use strict';

/* global socket, open, next -- inside the functions that a page evaluates */

const { once } = require('node:events');
const { launchBrowser } = require('../support/clients/browser');
const { authority, cleanUp, closers, identity, startServer } = require('../support/rigs/tls-rig');

const WAIT_MS = 60_000;
/** More than a record of TLS, and than what a socket takes at once. */
const LARGE = 300_000;

/** @typedef {import('playwright-core').Page} Page */

const HTML = `<!doctype html>
<title>secure chat</title>
<script src="/socket.io/socket.io.js"></script>
<script>
  const said = [];
  const waiting = [];
  let socket;
  function next() {
    return new Promise((resolve) => (said.length ? resolve(said.shift()) : waiting.push(resolve)));
  }
  function open(transports) {
    socket = io({ transports });
    socket.on('said', (text, bytes) => {
      const message = { text, base64: new Uint8Array(bytes).toBase64() };
      if (waiting.length) waiting.shift()(message);
      else said.push(message);
    });
    return new Promise((resolve, reject) => {
      const { engine } = socket.io;
      const last = transports.at(-1);
      const isThere = () => socket.connected && engine.transport.name === last;
      const look = () => isThere() && resolve(socket.id);
      socket.on('connect', look);
      engine.on('upgrade', look);
      socket.on('connect_error', reject);
    });
  }
</script>
`;

/** @type {import('playwright-core').Browser} */
let browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterEach(cleanUp);
afterAll(async () => {
  authority.remove();
  await browser?.close();
});

/** @param {boolean} [isHooked] whether all requests shall go through JavaScript */
async function startChat(isHooked = false) {
  const server = await startServer();
  server.app.get('/chat', (req, res) => void res.send(HTML));
  server.io.on('connection', (socket) => {
    socket.on('say', (text, bytes, acknowledge) => {
      socket.broadcast.emit('said', text, bytes);
      acknowledge(bytes.length);
    });
  });
  if (isHooked) server.httpServer.on('request', () => {});
  return server;
}

/**
 * Somebody with a separate browser profile, hence with separate connections.
 * @param {string} url of a server
 * @param {string[]} transports
 */
async function join(url, transports) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  closers.push(() => context.close());
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  /** @type {string[]} */
  const webSockets = [];
  page.on('websocket', (webSocket) => webSockets.push(new URL(webSocket.url()).protocol));
  const response = await page.goto(`${url}/chat`);
  const certificate = await response?.securityDetails();
  const id = await page.evaluate((list) => open(list), transports);
  return { page, id, errors, webSockets, certificate };
}

/**
 * One says something, and the other hears the same.
 * @param {Page} from
 * @param {Page} to
 * @param {string} text
 * @param {Buffer} bytes
 */
async function expectHeard(from, to, text, bytes) {
  const count = await from.evaluate(
    ([words, base64]) =>
      socket.timeout(30_000).emitWithAck('say', words, Uint8Array.fromBase64(base64)),
    [text, bytes.toString('base64')],
  );
  expect(count).toBe(bytes.length);
  expect(await to.evaluate(() => next())).toEqual({ text, base64: bytes.toString('base64') });
}

const bytesOf = (/** @type {number} */ length) => Buffer.alloc(length, 'beast \u00ff\u0000 io');

describe.each([
  ['served by the I/O threads', false],
  ['through JavaScript', true],
])('two pages, %s', (_where, isHooked) => {
  test.each([
    ['polling, then WebSocket', ['polling', 'websocket'], ['wss:']],
    ['WebSocket alone', ['websocket'], ['wss:']],
    ['polling alone', ['polling'], []],
  ])('exchange text and bytes over %s', async (_how, transports, webSockets) => {
    const { io, url } = await startChat(isHooked);
    const ada = await join(url, transports);
    const grace = await join(url, transports);
    for (const { id } of [ada, grace]) {
      const { handshake, conn } = /** @type {any} */ (io.sockets.sockets.get(id));
      expect(handshake.secure).toBe(true);
      const last = transports.at(-1);
      // The page knows first: the record of the upgrade is still on its way to the server.
      if (conn.transport.name !== last) await once(conn, 'upgrade');
      expect(conn.transport.name).toBe(last);
    }
    await expectHeard(ada.page, grace.page, 'Hello Grace', bytesOf(10));
    await expectHeard(grace.page, ada.page, 'Grüße 🦊', bytesOf(0));
    await expectHeard(ada.page, grace.page, 'a lot', bytesOf(LARGE));
    await expectHeard(grace.page, ada.page, 'a lot more', bytesOf(LARGE + 1));
    expect([ada.webSockets, grace.webSockets]).toEqual([webSockets, webSockets]);
    expect([...ada.errors, ...grace.errors]).toEqual([]);
  });
});

test('a page that is loaded again is somebody new, and is heard', async () => {
  const { io, url } = await startChat();
  const transports = ['polling', 'websocket'];
  const ada = await join(url, transports);
  const grace = await join(url, transports);
  const left = once(/** @type {any} */ (io.sockets.sockets.get(ada.id)), 'disconnect');
  await ada.page.reload();
  expect((await left)[0]).toMatch(/^transport (close|error)$/);
  const id = await ada.page.evaluate((list) => open(list), transports);
  expect(id).not.toBe(ada.id);
  expect(new Set(io.sockets.sockets.keys())).toEqual(new Set([id, grace.id]));
  await expectHeard(ada.page, grace.page, 'again', bytesOf(10));
  await expectHeard(grace.page, ada.page, 'welcome back', bytesOf(10));
});

test('who is connected stays so while newcomers see another certificate', async () => {
  const { io, url } = await startChat();
  const ada = await join(url, ['polling', 'websocket']);
  const renewed = authority.issue('renewed.example', 'localhost');
  io.engine.setSecureContext({ key: renewed.key, cert: renewed.cert });
  const grace = await join(url, ['polling', 'websocket']);
  expect(ada.certificate?.subjectName).toBe('localhost');
  expect(grace.certificate?.subjectName).toBe('renewed.example');
  await expectHeard(ada.page, grace.page, 'still here', bytesOf(LARGE));
  await expectHeard(grace.page, ada.page, 'just arrived', bytesOf(LARGE));
  expect(await ada.page.evaluate(() => socket.id)).toBe(ada.id);
  io.engine.setSecureContext({ key: identity.key, cert: identity.cert });
  const linus = await join(url, ['websocket']);
  expect(linus.certificate?.subjectName).toBe('localhost');
  await expectHeard(linus.page, ada.page, 'the first one again', bytesOf(10));
});
