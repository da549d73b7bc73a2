/**
 * A copy of lib/ without an addon, or with a broken one: what its users are told, and that the
 * genuine engine serves meanwhile.
 */
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { platformFolder } = require('../../../lib/engine/platform');
const { TOP, runProgram } = require('../../support/programs');

/** @type {string} */
let copy;
/** @type {string} */
let addon;

beforeEach(() => {
  copy = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-lib-')));
  addon = path.join(copy, 'build/Release/beastio.node');
  for (const name of ['lib', 'dist', 'package.json']) {
    fs.cpSync(path.join(TOP, name), path.join(copy, name), { recursive: true });
  }
  fs.symlinkSync(path.join(TOP, 'node_modules'), path.join(copy, 'node_modules'));
});

/** Makes the copy one that can build the addon. */
function makeCheckout() {
  fs.writeFileSync(path.join(copy, 'binding.gyp'), '{}');
}

afterEach(() => fs.rmSync(copy, { recursive: true }));

/** @param {string} content */
function writeAddon(content) {
  fs.mkdirSync(path.dirname(addon), { recursive: true });
  fs.writeFileSync(addon, content);
}

const requireEngine = (/** @type {any} */ { require: load, copy: top }) => {
  const { Engine } = load(`${top}/lib/engine`);
  try {
    new Engine();
  } catch (error) {
    const { message, code } = /** @type {any} */ (error);
    console.log(JSON.stringify({ message, code }));
  }
};

const serve = async (/** @type {any} */ { require: load, copy: top }) => {
  const { Server } = load(top);
  const { io: connect } = load('socket.io-client');
  const servers = [new Server(0), new Server(0)];
  for (const io of servers) {
    io.on('connection', (/** @type {any} */ socket) => {
      socket.on('echo', (/** @type {any} */ value, /** @type {any} */ done) => done(value));
    });
    const client = connect(`http://localhost:${io.httpServer.address().port}`);
    console.log(JSON.stringify(await client.emitWithAck('echo', { a: Buffer.from('b') })));
    console.log(io.engine.constructor === load('engine.io').Server);
    client.close();
    await io.close();
  }
};

test('in a developer’s folder a missing addon is an error that tells how to build it', async () => {
  makeCheckout();
  const run = await runProgram(requireEngine, { copy });
  const { code, message } = JSON.parse(run.stdout);
  expect(code).toBe('ERR_BEASTIO_ADDON');
  for (const part of [addon, `${process.platform}-${process.arch}`, process.version]) {
    expect(message).toContain(part);
  }
  expect(message).toContain('Run "npm run setup"');
});

test.each([
  [['linux-arm64-musl', 'darwin-arm64'], 'darwin-arm64, linux-arm64-musl'],
  [[], 'no platform'],
])('a package with binaries for %j tells how to get another one', async (folders, told) => {
  for (const folder of folders) {
    fs.mkdirSync(path.join(copy, 'prebuilds', folder), { recursive: true });
  }
  const run = await runProgram(requireEngine, { copy });
  const { code, message } = JSON.parse(run.stdout);
  expect(code).toBe('ERR_BEASTIO_ADDON');
  expect(message).toContain(`there is no ${path.join(copy, 'prebuilds', platformFolder())}`);
  expect(message).toContain(`has binaries for ${told}`);
  expect(message).toContain('"npm run pack"');
  expect(message).not.toContain('setup');
});

test('what was built last is loaded before what was packed', async () => {
  const prebuilt = path.join(copy, 'prebuilds', platformFolder(), 'beastio.node');
  fs.mkdirSync(path.dirname(prebuilt), { recursive: true });
  fs.writeFileSync(prebuilt, 'not an addon');
  fs.mkdirSync(path.dirname(addon), { recursive: true });
  fs.copyFileSync(path.join(TOP, 'build/Release/beastio.node'), addon);
  const run = await runProgram(requireEngine, { copy });
  expect(run).toMatchObject({ code: 0, stdout: '' });
});

test('so is one that cannot be loaded', async () => {
  writeAddon('not an addon');
  const run = await runProgram(requireEngine, { copy });
  const { code, message } = JSON.parse(run.stdout);
  expect(code).toBe('ERR_BEASTIO_ADDON');
  expect(message).toMatch(/beastio\.node cannot be loaded \(.*(file too short|invalid ELF).*\)/);
});

test.each([false, true])(
  'the genuine engine serves, with one warning (broken: %s)',
  async (broken) => {
    makeCheckout();
    if (broken) writeAddon('');
    const run = await runProgram(serve, { copy });
    const echo = JSON.stringify({ a: Buffer.from('b') });
    expect(run.stdout.split('\n')).toEqual([echo, 'true', echo, 'true', '']);
    expect(run.code).toBe(0);
    expect(run.stderr.match(/BEASTIO_FALLBACK/g)).toHaveLength(1);
    expect(run.stderr).toContain(addon);
    expect(run.stderr).toContain('Run "npm run setup"');
  },
);
