'use strict';

/**
 * The examples of frameworks, as their users have them. A registry has the packed beast.io. They are installed after
 * their lock files, and started by `npm start`.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { io: connect } = require('socket.io-client');
const { WebSocket } = require('ws');
const { FRAMEWORKS, installFramework } = require('../../scripts/apps/frameworks');
const { startRegistry } = require('../../scripts/apps/registry');
const { pack } = require('../../scripts/pack');
const { TOP } = require('../support/programs/programs');
const { RUNTIMES, installKept, runtime } = require('../support/programs/kept-packages');
const { endAll, ended, printed, start } = require('../support/programs/server-program');
const { eventOf } = require('../support/rigs/rig');

const INSTALL_MS = 300_000;
/** Bun is found where users have it. */
const PATH = [path.dirname(runtime('bun')), process.env.PATH].join(path.delimiter);
const ENV = { PATH, PORT: '0', NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' };
const URL_OF = /http:\/\/localhost:[1-9]\d*/;

/** What they answer to `GET /`, if not how many clients there are. @type {Record<string, RegExp>} */
const PAGES = { next: /<h1>Said<\/h1>/, vite: /<title>Said<\/title>/ };
/** With which code they end after SIGTERM, if not 0. @type {Record<string, number>} */
const CODES = { vite: 128 + os.constants.signals.SIGTERM };
/** Those that have no routes on the server. */
const WITHOUT_ROUTES = ['vite'];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-frameworks-'));
/** @type {import('../../scripts/apps/registry').Registry} */
let registry;
/** @type {import('socket.io-client').Socket[]} */
let clients = [];

beforeAll(async () => {
  registry = await startRegistry(await pack(folder));
  await installKept(RUNTIMES);
}, INSTALL_MS);

afterEach(() => {
  for (const client of clients) client.disconnect();
  clients = [];
});

afterAll(() => {
  endAll();
  registry?.close();
  fs.rmSync(folder, { recursive: true });
});

/**
 * Installs one in a folder of its own, and starts it with the native engine or not at all.
 * @param {string} name
 * @param {string} [script]
 */
async function serve(name, script = 'start') {
  const app = path.join(folder, name);
  if (!fs.existsSync(app)) await installFramework(name, app, registry, ENV);
  const args = ['--prefix', app, 'run', script];
  const program = start('npm', args, { ...ENV, BEASTIO_REQUIRE_NATIVE: '1' });
  const [url] = await printed(program, URL_OF);
  return { app, program, url };
}

/**
 * A client that is connected, and upgraded if it may choose.
 * @param {string} url
 * @param {string[]} transports
 * @param {object} [options]
 */
async function join(url, transports, options) {
  const client = connect(url, { forceNew: true, transports, reconnection: false, ...options });
  clients.push(client);
  const upgraded = transports.length > 1 && eventOf(client.io.engine, 'upgrade');
  await eventOf(client, 'connect');
  await upgraded;
  return client;
}

/** @param {WebSocket} websocket */
async function nextMessage(websocket) {
  const [data] = await eventOf(websocket, 'message');
  return JSON.parse(String(data));
}

/** Says something, and hears the answer and what others hear. */
async function talk(
  /** @type {any} */ speaker,
  /** @type {any} */ listener,
  /** @type {string} */ text,
) {
  const heard = eventOf(listener, 'said');
  expect(await speaker.emitWithAck('say', text)).toBe('said');
  expect(await heard).toEqual([text]);
}

test.each(FRAMEWORKS)(
  '%s',
  async (name) => {
    const { program, url } = await serve(name);
    const listener = await join(url, ['polling']);
    for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
      const speaker = await join(url, transports);
      speaker.emit('say'); // nothing that it could answer
      speaker.emit('say', { text: 'no text' });
      await talk(speaker, listener, transports.join());
    }

    const page = await fetch(url);
    expect(page.status).toBe(200);
    if (PAGES[name]) expect(await page.text()).toMatch(PAGES[name]);
    else expect(await page.json()).toEqual({ clients: clients.length });
    if (!WITHOUT_ROUTES.includes(name)) {
      const announced = eventOf(listener, 'said');
      const answer = await fetch(`${url}/announce?text=news`, { method: 'POST' });
      expect([answer.status, await announced]).toEqual([204, ['news']]);
    }

    const gone = Promise.all(clients.map((client) => eventOf(client, 'disconnect')));
    expect(await ended(program, 'SIGTERM')).toEqual([CODES[name] ?? 0, null]);
    await gone;
    expect(program.err).toBe('');
  },
  INSTALL_MS,
);

describe('Vite', () => {
  test(
    'keeps its own WebSocket, and beast.io comes back with it after a change of the configuration',
    async () => {
      const { app, program, url } = await serve('vite');
      const client = await join(url, ['websocket'], { reconnection: true });
      const vite = new WebSocket(url.replace('http', 'ws'), 'vite-hmr');
      expect(await nextMessage(vite)).toEqual({ type: 'connected' });
      // Upgrades that nobody takes are cut off; Vite's came before this one.
      const stray = new WebSocket(`${url.replace('http', 'ws')}/nobody`);
      expect(await eventOf(stray, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);

      await fetch(`${url}/main.js`); // what nobody has loaded is not told of
      const reload = nextMessage(vite);
      fs.appendFileSync(path.join(app, 'main.js'), '\n');
      expect(await reload).toMatchObject({ type: 'full-reload' });

      const isBack = eventOf(client, 'connect');
      fs.appendFileSync(path.join(app, 'vite.config.js'), '\n');
      await Promise.all([eventOf(client, 'disconnect'), eventOf(vite, 'close'), isBack]);
      await talk(client, await join(url, ['polling']), 'again');
      await ended(program, 'SIGTERM');
    },
    INSTALL_MS,
  );

  test(
    'has beast.io in its preview, too',
    async () => {
      const { app, program, url } = await serve('vite', 'preview');
      await talk(await join(url, ['websocket']), await join(url, ['polling']), 'seen before');
      const [name] = fs.readdirSync(path.join(app, 'dist/assets'));
      expect((await fetch(`${url}/assets/${name}`)).status).toBe(200);
      await ended(program, 'SIGTERM');
    },
    INSTALL_MS,
  );
});

test(
  'Next.js keeps its own WebSocket while one writes, and ends with it',
  async () => {
    const { program, url } = await serve('next', 'dev');
    const client = await join(url, ['websocket']);
    const announced = eventOf(client, 'said');
    await fetch(`${url}/announce?text=news`, { method: 'POST' });
    expect(await announced).toEqual(['news']);
    const next = new WebSocket(`${url.replace('http', 'ws')}/_next/hmr`);
    expect(await nextMessage(next)).toMatchObject({ type: expect.any(String) });
    await talk(client, await join(url, ['polling']), 'beside');
    const gone = eventOf(next, 'close');
    expect(await ended(program, 'SIGTERM')).toEqual([0, null]);
    await gone;
  },
  INSTALL_MS,
);

describe('npm start', () => {
  const START = path.join(TOP, 'scripts/start.js');

  test(
    'has one in a clone',
    async () => {
      const program = start(process.execPath, [START, 'koa'], ENV);
      const [url] = await printed(program, URL_OF);
      await talk(await join(url, ['websocket']), await join(url, ['polling']), 'from a clone');
      expect(await ended(program, 'SIGTERM')).toEqual([0, null]);
      expect(program.err).toBe('');
    },
    INSTALL_MS,
  );

  test('says which there are', async () => {
    const program = start(process.execPath, [START, 'rails']);
    expect((await ended(program))[0]).toBe(1);
    expect(program.err).toContain(FRAMEWORKS.join(', '));
  });
});
