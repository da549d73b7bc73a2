/**
 * The demo of `npm start`, and the same in C++, in real browsers. People talk, share images, lose the connection,
 * lose the server, and find each other again. Every wait is for something that a page shows.
 * The scenarios build on each other, in the order of the file.
 */
'use strict';

/* global document, MutationObserver, transportsSeen --
   inside the functions that a page evaluates */

const { once } = require('node:events');
const http = require('node:http');
const { keepScreenshots, launchBrowser } = require('../support/clients/browser');
const { BUILD_MS } = require('../support/programs/cpp-program');
const { endAll, ended, printed, start } = require('../support/programs/server-program');
const { CHATS } = require('./support/chat-programs');
const {
  asFile,
  bannerShows,
  pngFrom,
  receivedImage,
  say,
  sees,
  seesPerson,
  shareByButton,
  shareByDrop,
} = require('./support/chat-page');

const READY = /^beast\.io chat is ready at http:\/\/localhost:(\d+)\n$/;
const WAIT_MS = 60_000;

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('../support/programs/server-program').Run} Run */

/**
 * @param {number} port
 * @param {string} target sent as it is: `fetch` would tidy the path up
 * @returns {Promise<number | undefined>}
 */
async function statusOf(port, target) {
  const request = http.get({ host: '127.0.0.1', port, path: target, agent: false });
  const [response] = await once(request, 'response');
  response.resume();
  return response.statusCode;
}

describe.each(CHATS)('the chat in $language', ({ command }) => {
  /** @type {string[]} */
  let program;
  /** @type {import('playwright-core').Browser} */
  let browser;
  /** @type {Run & { port: number }} */
  let demo;
  /** @type {Page} */
  let ada;
  /** @type {Page} */
  let grace;
  /** @type {string[]} errors of the code of the pages */
  const errors = [];

  /**
   * @param {string} nick
   * @param {{ width?: number, withoutWebSocket?: boolean }} [options]
   * @returns {Promise<Page>} when this person is in the lobby
   */
  async function open(nick, { width = 1280, withoutWebSocket = false } = {}) {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(`${nick}: ${error.message}`));
    // Every transport that the banner ever showed, however short.
    await page.addInitScript(() => {
      globalThis.transportsSeen = [];
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const { transport } = target.dataset;
          if (transport && transport !== transportsSeen.at(-1)) transportsSeen.push(transport);
        }
      }).observe(document, { subtree: true, attributeFilter: ['data-transport'] });
    });
    if (withoutWebSocket) await page.addInitScript(() => delete globalThis.WebSocket);
    // By address: for any host but "localhost" the client reacts to a lost network at once.
    await page.goto(`http://127.0.0.1:${demo.port}/`);
    await page.fill('#nick', nick);
    await page.press('#nick', 'Enter');
    await page.waitForSelector('#text:enabled');
    await bannerShows(page, { state: 'online' });
    return page;
  }

  /** @param {string | number} port */
  const runDemo = (port) => start(program[0], program.slice(1), { PORT: String(port) });

  /**
   * @param {number} port 0 for a free one
   * @returns {Promise<Run & { port: number }>} once the demo said that it is ready
   */
  async function startDemo(port) {
    const run = runDemo(port);
    const [, chosen] = await printed(run, READY);
    return Object.assign(run, { port: Number(chosen) });
  }

  /** A test that leaves pictures of its pages behind when it fails. */
  const scenario = (/** @type {string} */ name, /** @type {() => Promise<void>} */ run) =>
    test(name, async () => {
      try {
        await run();
      } catch (error) {
        const folder = await keepScreenshots(browser, name);
        /** @type {Error} */ (error).message += `\n(screenshots: ${folder})`;
        throw error;
      }
    });

  beforeAll(async () => {
    program = await command();
    demo = await startDemo(0);
    browser = await launchBrowser();
    ada = await open('Ada');
    grace = await open('Grace');
  }, BUILD_MS);

  afterAll(async () => {
    await browser?.close();
    endAll();
  });

  scenario('starts with polling and goes on with WebSocket', async () => {
    for (const page of [ada, grace]) {
      await bannerShows(page, { state: 'online', transport: 'websocket' });
      expect(await page.evaluate(() => transportsSeen)).toEqual(['polling', 'websocket']);
      expect(await page.locator('#banner').innerText()).toBe('Connected over WebSocket');
    }
  });

  scenario('carries words both ways, once', async () => {
    await say(ada, 'Hello Grace');
    await sees(grace, 'Hello Grace');
    await say(grace, 'Hello <b>Ada</b> & all');
    await sees(ada, 'Hello <b>Ada</b> & all');
    await sees(ada, 'Hello Grace');
    await grace.waitForSelector('.message.mine[data-state="sent"]');
  });

  scenario('shows who is here and who is typing, for a while', async () => {
    await seesPerson(ada, 'Grace', 'here');
    await seesPerson(grace, 'Ada', 'here');
    await ada.locator('#text').pressSequentially('Hm');
    await grace.locator('#typing', { hasText: 'Ada is typing…' }).waitFor();
    await grace.waitForSelector('#typing:empty', { state: 'attached' });
    expect(await ada.inputValue('#text')).toBe('Hm');
    await say(ada, 'Hm, I was thinking');
    await sees(grace, 'Hm, I was thinking');
  });

  scenario('carries images both ways without changing a byte', async () => {
    const red = await pngFrom(ada, { width: 64, height: 40, rgb: [200, 30, 40] });
    await shareByButton(ada, asFile(red), 'a red one');
    const atGrace = await receivedImage(grace, 'a red one');
    expect(atGrace.base64).toBe(red.toString('base64'));
    expect(atGrace).toMatchObject({ width: 64, height: 40, type: 'image/png' });
    expect(atGrace.pixel).toEqual([200, 30, 40, 255]);

    const noise = await pngFrom(grace, { width: 400, height: 300 });
    await shareByDrop(grace, noise, 'a noisy one');
    const atAda = await receivedImage(ada, 'a noisy one');
    expect(atAda.base64).toBe(noise.toString('base64'));
    expect(atAda).toMatchObject({ width: 400, height: 300, type: 'image/png' });
  });

  scenario('makes a large image smaller before it is sent', async () => {
    const large = await pngFrom(ada, { width: 1200, height: 900 });
    expect(large.length).toBeGreaterThan(3e6);
    await shareByButton(ada, asFile(large), 'a large one');
    const arrived = await receivedImage(grace, 'a large one');
    expect(arrived.type).toBe('image/jpeg');
    expect(arrived.width / arrived.height).toBeCloseTo(4 / 3, 2);
    expect(Buffer.from(arrived.base64, 'base64').length).toBeLessThanOrEqual(1e6);
  });

  scenario('opens an image and closes it by keyboard', async () => {
    await grace.locator('.picture').last().click();
    await grace.waitForSelector('#lightbox[open] img');
    await grace.keyboard.press('Escape');
    await grace.waitForSelector('#lightbox', { state: 'hidden' });
  });

  scenario('keeps private messages between the two', async () => {
    const linus = await open('Linus', { withoutWebSocket: true });
    await grace.locator('#people-list button', { hasText: 'Ada' }).click();
    await say(grace, 'only for you');
    await ada.locator('#lists .row', { hasText: 'Grace' }).locator('.badge').waitFor();
    expect(await ada.title()).toBe('(1) beast.io chat');
    await ada.locator('#lists .row', { hasText: 'Grace' }).click();
    await sees(ada, 'only for you');
    await say(ada, 'and only for you');
    await sees(grace, 'and only for you');

    for (const page of [ada, grace])
      await page.locator('#lists .row', { hasText: 'lobby' }).click();
    await say(grace, 'this is for everyone');
    await sees(linus, 'this is for everyone');
    expect(await linus.locator('#lists .row', { hasText: /Ada|Grace/ }).count()).toBe(0);
    expect(await linus.locator('body').innerText()).not.toContain('only for you');
    await linus.context().close();
  });

  scenario('works over polling alone, images of the history included', async () => {
    const linus = await open('Linus P', { withoutWebSocket: true });
    const sent = await receivedImage(grace, 'a red one');
    expect((await receivedImage(linus, 'a red one')).base64).toBe(sent.base64);
    const green = await pngFrom(linus, { width: 30, height: 30, rgb: [10, 160, 60] });
    await shareByButton(linus, asFile(green), 'a green one');
    expect((await receivedImage(ada, 'a green one')).base64).toBe(green.toString('base64'));
    await say(ada, 'seen over WebSocket');
    await sees(linus, 'seen over WebSocket');
    expect(await linus.evaluate(() => transportsSeen)).toEqual(['polling']);
    await linus.context().close();
  });

  scenario('refuses what it should, in words', async () => {
    const mallory = await open('Mallory');
    await mallory.setInputFiles('#files', asFile(Buffer.from('no image at all')));
    await mallory.locator('#composer-error', { hasText: 'not an image' }).waitFor();

    // Past the checks of the page, to the server.
    const ask = (/** @type {string} */ event, /** @type {object} */ request) =>
      mallory.evaluate(
        async ([name, what]) => {
          const { session } = await import('/js/session.js');
          if (what.image) what.image.data = new Uint8Array(what.image.data);
          return session.ask(name, what);
        },
        [event, request],
      );
    const fake = { to: '#lobby', image: { data: [...Buffer.from('<svg onload="1">')] } };
    expect(await ask('message', fake)).toMatchObject({ ok: false, code: 'image' });
    expect(await ask('message', { to: '#photos', text: 'from outside' })).toMatchObject({
      ok: false,
      error: 'You are not in #photos.',
    });
    expect(await ask('rename', { nick: 'ADA' })).toMatchObject({ ok: false, code: 'nick-taken' });
    expect(await ask('message', { to: '#lobby', text: 'x'.repeat(2001) })).toMatchObject({
      code: 'text',
    });
    const flood = Array.from({ length: 14 }, () => ask('join', { room: '#lobby' }));
    const slowed = (await Promise.all(flood)).filter((answer) => !answer.ok);
    expect(slowed.length).toBeGreaterThan(0);
    expect(slowed[0]).toMatchObject({ code: 'slow-down' });
    await mallory.context().close();
  });

  scenario('takes a repeated message once, and serves no file but its own', async () => {
    const ids = await ada.evaluate(async () => {
      const { session } = await import('/js/session.js');
      const request = { to: '#lobby', text: 'said twice', nonce: 'the-same-nonce' };
      const answers = [
        await session.ask('message', request),
        await session.ask('message', request),
      ];
      return answers.map(({ id }) => id);
    });
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-\d+$/);
    expect(ids[1]).toBe(ids[0]);
    await say(ada, 'and a last word');
    await sees(grace, 'and a last word');
    await sees(grace, 'said twice');

    for (const target of ['/../server.js', '/..%2fserver.js', '/js/../../server.js', '/js']) {
      expect(await statusOf(demo.port, target)).toBe(404);
    }
    expect(await statusOf(demo.port, '/js/main.js')).toBe(200);
  });

  scenario('fits a narrow phone, with rooms and people in drawers', async () => {
    const phone = await open('Phone', { width: 360 });
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await phone.click('#open-rooms');
    await phone.fill('#room-name', 'Tiny Talk');
    await phone.press('#room-name', 'Enter');
    await phone.locator('#title', { hasText: '#tiny-talk' }).waitFor();
    await phone.waitForSelector('#rooms', { state: 'hidden' });
    await phone.waitForSelector('#empty:not([hidden])');
    await phone.click('#open-people');
    await seesPerson(phone, 'Phone', 'here');
    await phone.context().close();
  });

  scenario('recovers what was missed during a short disconnection', async () => {
    await grace.context().setOffline(true);
    await bannerShows(grace, { state: 'reconnecting' });
    await seesPerson(ada, 'Grace', 'away');
    await say(ada, 'missed: one');
    await say(ada, 'missed: two');
    await ada.waitForFunction(() => !document.querySelector('.mine[data-state="sending"]'));
    await grace.context().setOffline(false);
    await bannerShows(grace, { state: 'back', recovered: 'true', missed: '2' });
    expect(await grace.locator('#banner').innerText()).toBe('Back: 2 missed messages recovered');
    await sees(grace, 'missed: one');
    await sees(grace, 'missed: two');
    await grace.locator('.divider', { hasText: 'Missed while you were away' }).waitFor();
    await seesPerson(ada, 'Grace', 'here');
    await say(grace, 'back on the ground');
    await sees(ada, 'back on the ground');
    await bannerShows(grace, { state: 'online', transport: 'websocket' });
  });

  scenario('survives the death of the server', async () => {
    expect(await ended(demo, 'SIGKILL')).toEqual([null, 'SIGKILL']);
    for (const page of [ada, grace]) await bannerShows(page, { state: 'reconnecting' });
    await say(ada, 'written while nobody listened');
    await ada.waitForSelector('.mine[data-state="sending"]');

    demo = await startDemo(demo.port);
    for (const page of [ada, grace]) await bannerShows(page, { state: 'back', recovered: 'false' });
    await sees(ada, 'written while nobody listened');
    await ada.waitForFunction(() => !document.querySelector('.mine[data-state="sending"]'));
    await say(grace, 'are you still there?');
    await sees(ada, 'are you still there?');
    await say(ada, 'as if nothing had happened');
    await sees(grace, 'as if nothing had happened');
    for (const page of [ada, grace]) {
      await seesPerson(page, 'Ada', 'here');
      await seesPerson(page, 'Grace', 'here');
      await bannerShows(page, { state: 'online', transport: 'websocket' });
      await sees(page, 'Hello Grace');
    }
  });

  scenario('says clearly why it cannot start', async () => {
    const second = runDemo(demo.port);
    expect(await ended(second)).toEqual([1, null]);
    expect(second.out).toBe('');
    expect(second.err).toContain(`Port ${demo.port} is already in use.`);
    const third = runDemo('eighty');
    expect(await ended(third)).toEqual([1, null]);
    expect(third.err).toBe('PORT must be a number from 0 to 65535, not "eighty".\n');
  });

  scenario('ends by itself on SIGTERM, with people connected', async () => {
    expect(await ended(demo, 'SIGTERM')).toEqual([0, null]);
    await bannerShows(ada, { state: 'reconnecting' });
    expect(demo.out).toMatch(READY);
    expect(demo.err).toBe('');
    expect(errors).toEqual([]);
  });
});
