/**
 * The dashboard (examples/dashboard) in a real browser: it shows what a server does, to those who may look, and
 * does nothing while nobody looks.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const path = require('node:path');
const { instrument } = require('@socket.io/admin-ui');
const { LOADS, stall } = require('../support/clients/stall');
const { launchBrowser } = require('../support/clients/browser');
const { endAll, ended, printed, start } = require('../support/programs/server-program');
const rig = require('../support/rigs/rig');
const { Server } = require('../../lib');
const dashboard = require('../../examples/dashboard');
const { Ranking } = require('../../examples/dashboard/server/ranking');

const { cleanUp, connectPair, eventOf, openClient, startServer } = rig;
const DEMO = path.join(__dirname, '../../examples/dashboard');
const TOKEN = 'the right one';
const NSP = '/__beast';
const INTERVAL_MS = 120; // which no other timer here has
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

const allow = (socket, next) =>
  next(socket.handshake.auth.token === TOKEN ? undefined : new Error('This token is wrong.'));

/** A server with a dashboard. @param {object} [options] of the server */
function startWatched(options) {
  const io = startServer(options);
  const end = dashboard(io, { allow, interval: INTERVAL_MS, top: 3 });
  return { io, end };
}

/** @param {any} io @param {string} token */
const openWatcher = (io, token = TOKEN) => openClient(io, NSP, { auth: { token } });

/** @param {any} io @param {string} [url] @returns {Promise<{ status: number, text: string }>} */
async function getText(io, url) {
  const response = await rig.get(io, url);
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode, text };
}

/**
 * The page.
 * @param {any} io
 * @param {string} hash
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function openPage(io, hash = `#token=${TOKEN}`, options = undefined) {
  const page = await browser.newPage(options);
  const errors = /** @type {string[]} */ ([]);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(rig.urlOf(io, `${NSP}/${hash}`));
  const see = (selector, text) => page.waitForSelector(`${selector}:has-text("${text}")`);
  /** @param {string} id of a table @returns {Promise<string[][]>} */
  const rowsOf = (id) =>
    page.$$eval(`#${id} tbody tr`, (rows) =>
      rows.map((row) => [...row.cells].map((cell) => cell.innerText)),
    );
  return { page, errors, see, rowsOf };
}

describe('the page', () => {
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
    await desktop.page.waitForSelector('.note:has-text("answers of the last minute")');
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
});

/** A request that is refused. @param {any} io */
const askForNobody = (io) => rig.get(io, '/socket.io/?EIO=4&transport=polling&sid=none');

test('rates are what has come in an interval', async () => {
  const { io } = startWatched();
  const { client } = await connectPair(io);
  const watcher = openWatcher(io);
  let came = 0;
  let seconds = 0;
  watcher.on('sample', ({ rates, seconds: passed }) => {
    came += rates.messagesIn * passed;
    seconds += passed;
  });
  await eventOf(watcher, 'sample');
  const begin = performance.now();
  const before = seconds;
  came = 0;
  for (let i = 0; i < 100; i += 1) client.emit('x', i);
  while (Math.round(came) < 100) await eventOf(watcher, 'sample');
  expect(came).toBeCloseTo(100);
  expect(seconds - before).toBeLessThan((performance.now() - begin + 2 * INTERVAL_MS) / 1000);
});

test('there is a timer only while somebody looks', async () => {
  const set = jest.spyOn(global, 'setInterval');
  const clear = jest.spyOn(global, 'clearInterval');
  const timers = () =>
    set.mock.results.filter((_result, i) => set.mock.calls[i][1] === INTERVAL_MS);
  const { io } = startWatched();
  const stats = jest.spyOn(io.engine, 'stats');
  await connectPair(io);
  expect([timers().length, stats.mock.calls.length]).toEqual([0, 0]);

  const watchers = [openWatcher(io), openWatcher(io)];
  await Promise.all(watchers.map((watcher) => eventOf(watcher, 'sample')));
  expect(timers().length).toBe(1);
  const [{ value: timer }] = timers();
  for (const watcher of watchers) {
    expect(clear).not.toHaveBeenCalledWith(timer);
    const left = once(io.of(NSP).sockets.get(watcher.id), 'disconnect');
    watcher.disconnect();
    await left;
  }
  expect(clear).toHaveBeenCalledWith(timer);
  await eventOf(openWatcher(io), 'sample'); // and anew
  expect(timers().length).toBe(2);
});

test('a large server is looked at in parts, and samples come meanwhile', async () => {
  const { io } = startWatched();
  const pairs = [await connectPair(io), await connectPair(io)];
  const names = Array.from({ length: 100_000 }, (_, i) => `room ${i}`);
  pairs[0].socket.join(names);
  pairs[1].socket.join(names.slice(-2));
  const watcher = openWatcher(io);
  let [sample] = await eventOf(watcher, 'sample');
  expect(sample.namespaces).toBe(undefined); // a look has not more than 5 ms of an interval
  while (sample.namespaces === undefined) [sample] = await eventOf(watcher, 'sample');
  expect(sample.namespaces[0].rooms).toEqual([
    { name: 'room 99998', size: 2 },
    { name: 'room 99999', size: 2 },
    { name: 'room 0', size: 1 },
  ]);
  expect(sample.socketio.rooms).toBe(100_003); // and those of the sockets
});

test('the few largest of many are kept, each once', () => {
  const scores = Array.from({ length: 400 }, (_, i) => (i * 7919) % 401);
  const ranking = new Ranking(10);
  for (const score of [...scores, ...scores]) ranking.offer(score, `key ${score}`, () => score);
  const sorted = scores.toSorted((one, other) => other - one);
  expect(ranking.items).toEqual(sorted.slice(0, 10));
  const few = new Ranking(10);
  for (const score of [0, 2, 1]) few.offer(score, score, () => score);
  expect(few.items).toEqual([2, 1]); // 0 is nothing to tell of
});

test('its page is served before what the application has, and goes away with it', async () => {
  const httpServer = http.createServer((req, res) => void res.end(`the application: ${req.url}`));
  const io = new Server(httpServer);
  await once(httpServer.listen(0), 'listening');
  const end = dashboard(io, { allow, path: '/look' });
  io.on('connection', (socket) => socket.on('echo', (value, ack) => ack(value)));

  expect((await getText(io, '/look/')).text).toContain('<title>Dashboard</title>');
  expect(await getText(io, '/look/nothing')).toMatchObject({ status: 404 });
  expect(await getText(io, '/look')).toMatchObject({ status: 308 });
  const page = await rig.get(io, '/look/config.json');
  expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  expect((await getText(io, '/look/config.json')).text).not.toContain(TOKEN);
  expect((await getText(io, '/looks')).text).toBe('the application: /looks');

  const { client } = await connectPair(io);
  const watcher = openWatcher(io);
  await eventOf(watcher, 'sample');
  const gone = eventOf(watcher, 'disconnect');
  end();
  expect(await gone).toContain('io server disconnect');
  expect((await getText(io, '/look/')).text).toBe('the application: /look/');
  const [error] = await eventOf(openWatcher(io), 'connect_error');
  expect(error.message).toBe('Invalid namespace');
  expect(await client.emitWithAck('echo', 1)).toBe(1);
  expect((await connectPair(io)).socket.connected).toBe(true);
  dashboard(io, { allow })(); // the names are free again
  await io.close();
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

test('it does not begin without what it needs', () => {
  const io = startServer();
  const without = /** @type {any} */ (dashboard);
  expect(() => without(io)).toThrow('the option "allow" of the dashboard must be a middleware');
  expect(() => dashboard(io, { allow, interval: 0 })).toThrow('the option "interval"');
  expect(() => dashboard(io, { allow, path: '/' })).toThrow('the option "path"');
  expect(() => dashboard(io, { allow, top: 1000 })).toThrow('the option "top"');
  expect(() => dashboard(new Server(), { allow })).toThrow('call io.listen() or io.attach()');
  io.of('/game');
  expect(() => dashboard(io, { allow, namespace: '/game' })).toThrow('already');
  expect([...io._nsps.keys()]).toEqual(['/', '/game']);
});

test('the admin UI works beside it', async () => {
  const { io } = startWatched();
  instrument(io, { auth: false, mode: 'production' });
  const admin = openClient(io, '/admin');
  const watcher = openWatcher(io);
  const [[stats], [sample]] = await Promise.all([
    eventOf(admin, 'server_stats'),
    eventOf(watcher, 'sample'),
  ]);
  expect(stats.namespaces.map(({ name }) => name)).toEqual(['/', NSP, '/admin']);
  expect(sample.clients.websocket).toBeGreaterThan(0);
});
