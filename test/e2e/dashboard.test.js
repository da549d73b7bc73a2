/**
 * The dashboard (examples/dashboard) in a real browser: it shows what a server does, to those who may look.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const net = require('node:net');
const path = require('node:path');
const { LOADS, stall } = require('../support/clients/stall');
const { launchBrowser } = require('../support/clients/browser');
const { endAll, ended, printed, start } = require('../support/programs/server-program');
const watched = require('../support/rigs/dashboard-rig');
const rig = require('../support/rigs/rig');
const { addressOf, DOORS } = require('../support/servers/doors');
const { Server } = require('../../lib');
const dashboard = require('../../examples/dashboard');
const { troubleOf } = require('../../examples/dashboard/server/sample');

const { INTERVAL_MS, NSP, OPTIONS, TOKEN, askForNobody, startWatched } = watched;
const { cleanUp, connectPair, connectRaw } = rig;
const DEMO = path.join(__dirname, '../../examples/dashboard');
/** The page has had numbers. */
const KNOWN = '#verdict:not([data-level=wait])';
const PHONE = { width: 360, height: 740 };

/** @type {import('playwright-core').Browser} */
let browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await cleanUp();
  endAll();
  jest.restoreAllMocks();
});

/**
 * The page.
 * @param {any} io a server, or its address
 * @param {string} hash
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function openPage(io, hash = `#token=${TOKEN}`, options = undefined) {
  const page = await browser.newPage(options);
  const errors = /** @type {string[]} */ ([]);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(typeof io === 'string' ? `${io}${NSP}/${hash}` : rig.urlOf(io, `${NSP}/${hash}`));
  const see = (selector, text) => page.waitForSelector(`${selector}:has-text("${text}")`);
  /** @param {string} id of a table @returns {Promise<string[][]>} */
  const rowsOf = (id) =>
    page.$$eval(`#${id} tbody tr`, (rows) =>
      rows.map((row) => [...row.cells].map((cell) => cell.innerText)),
    );
  return { page, errors, see, rowsOf };
}

test('goes live and tells what the server does, also on a phone', async () => {
  const { io } = startWatched({ pingInterval: 300 });
  io.on('connection', (socket) => socket.on('add', (n, ack) => ack(n + 1)));
  const { client } = await connectPair(io);
  const desktop = await openPage(io, undefined, { viewport: { width: 1280, height: 800 } });
  const phone = await openPage(io, undefined, { viewport: PHONE });
  await desktop.see('#state', 'live');
  await phone.see('#state', 'live');
  expect(desktop.page.url()).not.toContain(TOKEN); // nobody reads it over a shoulder
  await desktop.see('section', '3 sockets');

  const { messages } = io.engine.stats();
  for (let i = 0; i < 500; i += 1) client.emit('add', i, () => {});
  await client.emitWithAck('add', 0);
  // The page's own samples go out, but nothing of it comes in.
  for (const { see } of [desktop, phone]) await see('.note', `${messages.in + 501} in, `);
  await desktop.page.waitForSelector('[role=img][aria-label^="Round trips"]');
  await desktop.page.waitForSelector('.note:has-text("answers since this page opened")');
  expect(await desktop.page.$$eval('.plot canvas', (all) => all.length)).toBe(8);
  const clients = 'Clients, now: WebSocket 3, polling 0, WebTransport 0';
  await desktop.page.waitForSelector(`[role=img][aria-label="${clients}"]`);

  const width = await phone.page.evaluate('document.documentElement.scrollWidth');
  expect(width).toBe(PHONE.width); // nothing to scroll sideways
  for (const { page } of [desktop, phone]) await page.close();
  expect([...desktop.errors, ...phone.errors]).toEqual([]);
});

test('lists rooms by size, of each namespace', async () => {
  const { io } = startWatched();
  const pairs = [];
  for (let i = 0; i < 5; i += 1) pairs.push(await connectPair(io));
  const game = await connectPair(io, '/game');
  pairs.forEach(({ socket }, i) => {
    socket.join('red');
    if (i < 3) socket.join('blue');
    if (i < 2) socket.join('green');
    if (i < 1) socket.join('too small');
  });
  game.socket.join('chess');
  const { rowsOf, see, page } = await openPage(io);
  await see('#rooms', 'chess');
  expect(await rowsOf('rooms')).toEqual([
    ['red', '/', '5'],
    ['blue', '/', '3'],
    ['green', '/', '2'],
    ['chess', '/game', '1'],
  ]);
  for (const { socket } of pairs.slice(1)) socket.leave('red');
  await page.waitForSelector('#rooms tbody tr:first-child:has-text("blue")');
  expect((await rowsOf('rooms'))[2]).toEqual(['red', '/', '1']);
});

test('lists who is slow, and who is no longer', async () => {
  const { io } = startWatched({ maxSendQueueBytes: 1e9, pingTimeout: 60_000 });
  await connectPair(io);
  const pair = await connectPair(io);
  const { page, rowsOf, see } = await openPage(io);
  await page.waitForSelector(KNOWN);
  const goOn = await stall(pair);
  const { chunk, count } = LOADS.websocket;
  for (let i = 0; i < count; i += 1) pair.socket.emit('load', chunk);
  await see('#slow', pair.socket.id);
  await see('#verdict', 'A client is'); // the headline, unless the machine is slow as well
  await see('#verdict', 'MB behind.');
  const [[id, , waiting]] = await rowsOf('slow');
  expect([id, waiting]).toEqual([pair.socket.id, expect.stringMatching(/^\d.*\sMB$/)]);
  goOn();
  await page.waitForSelector('#verdict:not(:has-text("MB behind."))');
  const waits = await page.$$eval('#slow td:nth-child(3)', (all) =>
    all.map((cell) => cell.textContent),
  );
  expect(waits.filter((text) => text?.endsWith('MB'))).toEqual([]);
});

test('tells of refusals', async () => {
  const { io } = startWatched();
  const { page, see, rowsOf } = await openPage(io);
  await page.waitForSelector(KNOWN);
  await askForNobody(io);
  await see('#trouble', 'refused: unknown session');
  expect(await rowsOf('trouble')).toEqual([['refused: unknown session', '1', '1']]);
});

test('shows nothing without the token, and asks for it', async () => {
  const { io } = startWatched();
  const stats = jest.spyOn(io.engine, 'stats');
  const { page, see } = await openPage(io, '');
  await see('#state', 'denied');
  await see('[role=alert]', 'This token is wrong.'); // what the middleware says
  expect(await page.isVisible('main')).toBe(false);
  await page.fill('#token', 'another');
  await page.click('#login button');
  await see('[role=alert]', 'This token is wrong.');
  expect(stats).not.toHaveBeenCalled();
  await page.fill('#token', TOKEN);
  await page.click('#login button');
  await see('#state', 'live');
  await page.waitForSelector(KNOWN);
  expect(await page.isVisible('#login')).toBe(false);
  await page.reload();
  await see('#state', 'live'); // the tab remembers it
});

test('says that a server is silent, and when it speaks again', async () => {
  const { io } = startWatched();
  const { see, page } = await openPage(io);
  await page.waitForSelector(KNOWN);
  await page.evaluate(`
    window.states = [];
    new MutationObserver(() => states.push(document.body.dataset.state)).observe(document.body, {
      attributes: true,
    });
  `);
  const until = performance.now() + 12 * INTERVAL_MS;
  while (performance.now() < until); // a handler that does not end
  await page.waitForFunction('states.includes("silent")');
  await see('#state', 'live');
});

test('says that it has lost the server, and finds it again', async () => {
  const { io } = startWatched();
  const { see, page } = await openPage(io);
  await page.waitForSelector(KNOWN);
  for (const conn of Object.values(io.engine.clients)) conn.close();
  await see('#state', 'connecting');
  await see('#state', 'live');
});

test('names of rooms that are no text, or HTML, are only shown', async () => {
  const { io } = startWatched();
  io.on('connection', (socket) => {
    socket.on('join', (room, ack) => {
      socket.join(room);
      ack();
    });
  });
  const { client, socket } = await connectPair(io);
  const html = '<img src="nothing" onerror="window.wasHere = true">';
  await client.emitWithAck('join', { toString: 1, valueOf: 1 });
  await client.emitWithAck('join', html);
  let nested = [];
  for (let i = 0; i < 100_000; i += 1) nested = [nested];
  socket.join(nested); // to make it text ends the stack
  const { page, see, rowsOf, errors } = await openPage(io);
  await see('#rooms', '<img');
  expect((await rowsOf('rooms')).map(([name]) => name)).toEqual(['(object)', html, '(object)']);
  expect(await page.evaluate('window.wasHere')).toBe(undefined);
  expect(errors).toEqual([]);
});

/**
 * Has a server that listens on a unix socket, which browsers cannot reach.
 * @param {string} file
 * @returns {Promise<{ url: string, close: () => unknown }>}
 */
async function openWayTo(file) {
  const proxy = net.createServer((near) => {
    const far = net.connect(file);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => near.destroy(far.destroy()));
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {net.AddressInfo} */ (proxy.address());
  return { url: `http://127.0.0.1:${port}`, close: () => proxy.close() };
}

test('shows clients that have no address, behind a unix socket', async () => {
  const { path: file } = addressOf(DOORS['http on a unix socket']);
  const httpServer = http.createServer();
  const io = new Server(httpServer, { pingInterval: 100 });
  dashboard(io, OPTIONS);
  await once(httpServer.listen(file), 'listening');
  const way = await openWayTo(/** @type {string} */ (file));
  const { page, see, rowsOf, errors } = await openPage(way.url);
  io.on('connection', (socket) => socket.join('red'));
  await page.evaluate('io({ forceNew: true, transports: ["websocket"] }) && undefined');
  await see('#rooms', 'red');
  await page.waitForSelector('#slow td');
  expect((await rowsOf('slow'))[0][1]).toBe('websocket');
  await see('#state', 'live');
  expect(errors).toEqual([]);
  await page.close();
  await io.close();
  way.close();
});

test('says that it is broken, not that all is well', async () => {
  const { io } = startWatched();
  const { page, see } = await openPage(io);
  await page.waitForSelector(KNOWN);
  await page.evaluate('document.getElementById("rooms").remove()');
  await see('#state', 'broken');
  await see('#headline', 'This page is broken.');
  await see('#remarks', 'TypeError');
});

test('says that the server could not look', async () => {
  const { io } = startWatched();
  jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const { see } = await openPage(io);
  await see('.none', 'There is no room.');
  const { socket } = await connectPair(io);
  const has = jest.spyOn(socket.adapter.sids, 'has').mockImplementation(() => {
    throw new Error('an adapter that is not like others');
  });
  await see('.none', 'The server could not look.');
  await see('#state', 'live'); // the other numbers come
  has.mockRestore();
  await see('.none', 'There is no room.');
});

test('begins anew when the server does', async () => {
  const first = startWatched().io;
  const { port } = first.httpServer.address();
  for (let i = 0; i < 4; i += 1) await connectPair(first);
  await askForNobody(first);
  const { page, see, rowsOf } = await openPage(first);
  await see('.note', '; 5 sockets');
  await see('#trouble', 'refused: unknown session');
  await first.close();
  await see('#headline', 'The server is lost.');

  const httpServer = http.createServer((_req, res) => void res.writeHead(404).end());
  const second = new Server(httpServer);
  dashboard(second, OPTIONS);
  await once(httpServer.listen(port), 'listening');
  await see('.note', '; 1 sockets');
  const notes = await page.$$eval('.note', (all) => all.map(({ textContent }) => textContent));
  expect(notes).toContainEqual(expect.stringMatching(/^0 came, 0 left in the last \d+ s; 1 sock/));
  expect(notes.join()).not.toMatch(/NaN|-\d/);
  expect(await rowsOf('trouble')).toEqual([]);
  await page.close();
  await second.close();
});

describe('of cuts and refusals', () => {
  test('a cut counts once, a pause not at all', async () => {
    const { io } = startWatched({ maxHttpBufferSize: 100_000, maxMessagesPerSecond: 50 });
    const { page, see, rowsOf } = await openPage(io);
    await page.waitForSelector(KNOWN);
    const { client } = await connectPair(io);
    const { raw } = await connectRaw(io);
    for (let i = 0; i < 60; i += 1) client.emit('x');
    raw.send('x'.repeat(100_001));
    await see('#trouble', 'too fast: messages');
    await see('#trouble', 'lost: its connection broke');
    await see('#trouble', 'cut: its message was too large');
    expect((await rowsOf('trouble')).length).toBe(3);
    await see('#remarks', '1 cut or refused since this page opened.');
  });

  test('a large server has more of them before it warns', async () => {
    const { io } = startWatched();
    const { page } = await openPage(io);
    /** @param {number} clients @param {number} troubles */
    const levelOf = (clients, troubles) =>
      page.evaluate(`import('${NSP}/js/verdict.js').then(({ verdictOf }) => {
        const waiting = { clients: 0, javascript: 0 };
        const rates = { messagesIn: 0, messagesOut: 0 };
        const sample = { busy: 0, waiting, rates, clients: { websocket: ${clients} } };
        return verdictOf(sample, ${troubles}, 'in the last minute').level;
      })`);
    expect(await levelOf(5, 9)).toBe('good');
    expect(await levelOf(5, 10)).toBe('warn');
    expect(await levelOf(5000, 49)).toBe('good');
    expect(await levelOf(5000, 50)).toBe('warn');
  });

  test('there are words for each of them', async () => {
    const { io } = startWatched();
    const { page } = await openPage(io);
    const ones = (value) =>
      typeof value === 'number'
        ? 1
        : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, ones(each)]));
    const { refusals, limited, cut, closed, connections } = io.engine.stats();
    const paths = Object.keys(troubleOf(ones({ refusals, limited, cut, closed, connections })));
    expect(paths).toEqual(expect.arrayContaining(['cut.rate', 'limited.draining']));
    const words = await page.evaluate(
      `import('${NSP}/js/troubles.js').then(({ wordsOf }) => ${JSON.stringify(paths)}.map(wordsOf))`,
    );
    expect(words.filter((text) => paths.includes(text))).toEqual([]);
    expect(new Set(words).size).toBe(paths.length);
  });
});

test('its time is told as it is', async () => {
  const { io } = startWatched();
  const { page } = await openPage(io);
  const spans = await page.evaluate(`import('${NSP}/js/history.js').then(({ History }) => {
    const history = new History();
    const spanAt = (seconds, start = 'one') => {
      history.add({ at: seconds * 1000, start }, 1000);
      return history.span;
    };
    const told = [spanAt(0), spanAt(5)];
    for (let second = 6; second < 70; second += 1) spanAt(second);
    return [...told, spanAt(70), spanAt(250), spanAt(251, 'two'), spanAt(258, 'two')];
  })`);
  expect(spans).toEqual([
    ...['since this page opened', 'since this page opened', 'in the last minute'],
    ...['in the last 3 minutes', 'in the last 0 s', 'in the last 7 s'],
  ]);
});

test('the demo shows a server with clients, to who has its token', async () => {
  const demo = start(process.execPath, [DEMO], { PORT: '0', TOKEN });
  const [url] = await printed(demo, /http:\S+#token=\S+/);
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForSelector('#rooms:has-text("film"):has-text("/games")');
  await page.waitForSelector('#slow td:has-text("ms")'); // they answer its PINGs
  expect(await ended(demo, 'SIGTERM')).toEqual([0, null]);
});
