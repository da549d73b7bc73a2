'use strict';

/**
 * An application with the package under the name `socket.io` is bundled. The bundle runs in a folder without
 * node_modules, with the addon beside it and without. Clients connect on every door.
 */

const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { createInterface } = require('node:readline');
const { io: connect } = require('socket.io-client');
const { platformFolder } = require('../../lib/engine/wire/platform');
const { dependencies } = require('../../package.json');
const { certificate } = require('../support/servers/doors');
const { TOP } = require('../support/programs/programs');

const SUPPORT = path.join(__dirname, 'support');
const CLIENT = path.join(TOP, 'node_modules/socket.io-client/dist');
const PREBUILDS = path.join('prebuilds', platformFolder());
const ADDON_FILES = ['beastio.node', 'beastio-tls.node'];

/** @type {string} */
let application;
/** @type {string[]} */
const folders = [];
/** @type {(() => unknown)[]} */
const closers = [];

function makeFolder() {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-bundle-')));
  folders.push(folder);
  return folder;
}

/** @param {string} folder to which the files of the addon are copied */
function putAddon(folder) {
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ADDON_FILES) {
    fs.copyFileSync(path.join(TOP, 'build/Release', name), path.join(folder, name));
  }
}

beforeAll(() => {
  application = makeFolder();
  const modules = path.join(application, 'node_modules');
  const own = path.join(modules, 'socket.io');
  for (const name of ['lib', 'dist', 'package.json']) {
    fs.cpSync(path.join(TOP, name), path.join(own, name), { recursive: true });
  }
  fs.cpSync(CLIENT, path.join(own, 'client-dist'), { recursive: true });
  putAddon(path.join(own, PREBUILDS));
  for (const name of Object.keys(dependencies)) {
    fs.symlinkSync(path.join(TOP, 'node_modules', name), path.join(modules, name));
  }
  fs.copyFileSync(path.join(SUPPORT, 'app.js'), path.join(application, 'app.js'));
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true });
});

/**
 * @param {string} bundler one of support/bundle.js
 * @returns {{ folder: string, file: string, warnings: string[] }}
 */
function bundle(bundler) {
  const folder = makeFolder();
  const args = [path.join(SUPPORT, 'bundle.js'), bundler, path.join(application, 'app.js'), folder];
  const output = execFileSync(process.execPath, args, { cwd: application, encoding: 'utf8' });
  return { folder, ...JSON.parse(output) };
}

/**
 * Starts a bundle.
 * @param {string} file
 * @returns {Promise<{ urls: Record<string, string>, addon?: string, stderr: () => string }>}
 */
async function start(file) {
  const { key, cert } = certificate();
  const child = spawn(process.execPath, [file, JSON.stringify({ key, cert })], {
    cwd: os.tmpdir(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (errors += chunk));
  const closed = once(child, 'close');
  closers.push(async () => {
    child.stdin.end();
    const [code] = await closed;
    if (code !== 0) throw new Error(errors);
  });
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    closed.then(() => Promise.reject(new Error(errors))),
  ]);
  return { ...JSON.parse(line), stderr: () => errors };
}

/** @param {Record<string, string>} urls */
async function talkOnEveryDoor(urls) {
  const { ca } = certificate();
  const value = ['hällo', { bytes: Buffer.from([0, 1, 255]) }];
  for (const url of Object.values(urls)) {
    for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
      const client = connect(url, { transports, ca, forceNew: true, reconnection: false });
      const failed = once(client, 'connect_error').then(([error]) => Promise.reject(error));
      const answer = await Promise.race([client.emitWithAck('echo', value), failed]);
      client.close();
      expect(answer).toEqual(value);
    }
  }
  expect(Object.keys(urls)).toHaveLength(4);
}

/** @param {Record<string, string>} urls */
const getClient = ({ 'own port': url }) => fetch(`${url}/socket.io/socket.io.min.js`);

const BUNDLERS = [
  'esbuild',
  'esbuild, minified',
  'esbuild to an ES module',
  'webpack for development',
  'webpack for production',
];

describe.each(BUNDLERS)('%s', (bundler) => {
  /** @type {ReturnType<typeof bundle>} */
  let bundled;

  beforeAll(() => (bundled = bundle(bundler)));

  test('nothing to warn of', () => expect(bundled.warnings).toEqual([]));

  test('alone: engine.io serves, with one warning that names the cause and the way out', async () => {
    const { urls, addon, stderr } = await start(bundled.file);
    await talkOnEveryDoor(urls);
    expect(addon).toBeUndefined();
    expect(stderr().match(/BEASTIO_FALLBACK/g)).toHaveLength(1);
    expect(stderr()).toContain('A bundler has put beast.io into a file of the application');
    expect(stderr()).toContain(path.join(bundled.folder, PREBUILDS, 'beastio.node'));
    const { status } = await getClient(urls);
    expect(status).toBe(404);
  });

  test.each(['.', PREBUILDS])(
    'with the addon in %s beside it, the addon serves',
    async (beside) => {
      const folder = path.join(bundled.folder, beside);
      putAddon(folder);
      const { urls, addon, stderr } = await start(bundled.file);
      await talkOnEveryDoor(urls);
      expect(addon).toBe(path.join(folder, 'beastio.node'));
      expect(stderr()).toBe('');
      for (const name of ADDON_FILES) fs.rmSync(path.join(folder, name));
    },
  );

  test.each(['client-dist', '../client-dist'])('with the client in %s', async (beside) => {
    const program = path.join(bundled.folder, 'server', path.basename(bundled.file));
    fs.mkdirSync(path.dirname(program), { recursive: true });
    fs.copyFileSync(bundled.file, program);
    const copy = path.join(path.dirname(program), beside);
    fs.cpSync(CLIENT, copy, { recursive: true });
    const { urls } = await start(program);
    const response = await getClient(urls);
    expect(response.status).toBe(200);
    const content = fs.readFileSync(path.join(CLIENT, 'socket.io.min.js'), 'utf8');
    expect(await response.text()).toBe(content);
    fs.rmSync(copy, { recursive: true });
  });
});

describe('@vercel/nft', () => {
  /** @type {ReturnType<typeof bundle>} */
  let traced;

  beforeAll(() => (traced = bundle('@vercel/nft')));

  test('nothing to warn of', () => expect(traced.warnings).toEqual([]));

  test('what it takes along runs: the addon, and every file of the client', async () => {
    const { urls, addon, stderr } = await start(traced.file);
    await talkOnEveryDoor(urls);
    expect(addon).toMatch(traced.folder);
    expect(stderr()).toBe('');
    for (const file of fs.readdirSync(CLIENT)) {
      const response = await fetch(`${urls['own port']}/socket.io/${file}`);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(fs.readFileSync(path.join(CLIENT, file), 'utf8'));
    }
  });

  test('a file of the client that is not there is answered with 404, on every door', async () => {
    const { urls } = await start(traced.file);
    fs.rmSync(path.join(traced.folder, application, 'node_modules/socket.io/client-dist'), {
      recursive: true,
    });
    for (const door of ['own port', 'http attached']) {
      const { status } = await fetch(`${urls[door]}/socket.io/socket.io.js`);
      expect(status).toBe(404);
    }
  });
});
