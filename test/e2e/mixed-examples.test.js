/**
 * The examples with handlers in C++ beside JavaScript: the game in a real browser, and the feed.
 */
'use strict';

const { once } = require('node:events');
const path = require('node:path');
const { io: connect } = require('socket.io-client');
const { launchBrowser } = require('../support/clients/browser');
const { builtByGyp } = require('../../scripts/setup/gyp');
const { BUILD_MS } = require('../support/programs/native-addon');
const { eventOf } = require('../support/rigs/rig');

const EXAMPLES = path.join(__dirname, '../../examples');

/** @param {any} server */
async function listen({ httpServer }) {
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  return `http://127.0.0.1:${httpServer.address().port}`;
}

describe('the game', () => {
  /** @type {any} */
  let game;
  /** @type {string} */
  let url;
  /** @type {import('playwright-core').Browser} */
  let browser;

  beforeAll(async () => {
    const addon = require(await builtByGyp(path.join(EXAMPLES, 'mixed-game'), 'game'));
    game = require('../../examples/mixed-game/server').createGame(addon);
    url = await listen(game);
    browser = await launchBrowser();
  }, BUILD_MS);

  afterAll(async () => {
    await browser?.close();
    await game?.close();
  });

  /** @param {string} name @param {{ width: number, height: number }} viewport */
  async function play(name, viewport = { width: 1280, height: 800 }) {
    const page = await browser.newPage({ viewport });
    const errors = /** @type {string[]} */ ([]);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(url);
    await page.fill('[name=name]', name);
    await page.click('#login button');
    return { page, errors };
  }

  test('two people play, talk and see how fast it is', async () => {
    const ada = await play('Ada');
    const grace = await play('Grace', { width: 390, height: 800 }); // a phone
    await ada.page.waitForSelector('#login', { state: 'hidden' });
    await ada.page.waitForSelector('body[data-players="2"]');
    await grace.page.waitForSelector('body[data-players="2"]');

    await ada.page.keyboard.down('ArrowRight');
    await ada.page.fill('[name=text]', 'hello');
    await ada.page.press('[name=text]', 'Enter');
    await grace.page.waitForSelector('#lines li:has-text("Ada hello")');
    await ada.page.waitForSelector('#latency:has-text("ms")');
    await ada.page.waitForSelector('#rate:not(:empty)');
    const rate = Number(await ada.page.textContent('#rate'));
    expect(rate).toBeGreaterThan(20); // of 60, also beside other work
    await ada.page.waitForSelector('#latency-plot canvas');
    await ada.page.waitForSelector('#scores li:has-text("Ada")');
    const width = await grace.page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(390); // nothing to scroll sideways

    const third = await play('Ada');
    await third.page.waitForSelector('[role=alert]:has-text("Somebody has that name")');
    await ada.page.close();
    await grace.page.waitForSelector('body[data-players="1"]');
    expect([...ada.errors, ...grace.errors, ...third.errors]).toEqual([]);
  });

  test('the game goes on while JavaScript is busy', async () => {
    const player = connect(url, { transports: ['websocket'], forceNew: true, auth: { name: 'P' } });
    await eventOf(player, 'changes');
    let changes = 0;
    player.on('changes', () => (changes += 1));
    const until = performance.now() + 1000;
    while (performance.now() < until);
    await player.emitWithAck('ping'); // behind all that came meanwhile
    expect(changes).toBeGreaterThan(20);
    player.disconnect();
  });

  test('coins become scores', async () => {
    const player = connect(url, { transports: ['websocket'], forceNew: true, auth: { name: 'Q' } });
    await eventOf(player, 'connect');
    // Up and down, a step to the side each time: it meets a coin before it has seen half of the arena.
    let isDown = true;
    const timer = setInterval(() => {
      isDown = !isDown;
      player.emit('move', 0.1, isDown ? 1 : -1);
    }, 3000);
    player.emit('move', 0.1, 1);
    for (let score = 0; score === 0;) {
      const [scores] = await eventOf(player, 'scores');
      score = scores.find(([name]) => name === 'Q')?.[1] ?? 0;
    }
    clearInterval(timer);
    player.disconnect();
  });
});

test(
  'the feed: quotes come to those who have asked for them',
  async () => {
    const addon = require(await builtByGyp(path.join(EXAMPLES, 'mixed-feed'), 'feed'));
    const { SYMBOLS, createFeed } = require('../../examples/mixed-feed/server');
    const feed = createFeed(addon);
    const url = await listen(feed);
    const client = connect(url, { transports: ['websocket'], forceNew: true });
    expect((await eventOf(client, 'symbols'))[0]).toEqual(SYMBOLS);
    expect(await client.emitWithAck('subscribe', 'none')).toBe('there is no such symbol');
    const quotes = /** @type {string[]} */ ([]);
    client.on('quote', (symbol) => quotes.push(symbol));
    expect(await client.emitWithAck('subscribe', SYMBOLS[3])).toBe(null);
    const before = addon.made();
    while (quotes.length < 100) await eventOf(client, 'quote');
    expect(new Set(quotes)).toEqual(new Set([SYMBOLS[3]]));
    expect(addon.made()).toBeGreaterThan(before);
    client.disconnect();
    await feed.close();
  },
  BUILD_MS,
);
