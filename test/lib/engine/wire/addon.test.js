/**
 * A copy of lib/ without an addon, or with a broken one: what its users are told, and that the
 * genuine engine serves meanwhile.
 */
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { platformFolder } = require('../../../../lib/engine/wire/platform');
const { PERMISSION, TOP, runProgram } = require('../../../support/programs/programs');

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
  delete process.env.BEASTIO_ADDON;
  const { Engine } = load(`${top}/lib/engine`);
  try {
    new Engine();
  } catch (error) {
    const { message, code } = /** @type {any} */ (error);
    console.log(JSON.stringify({ message, code }));
  }
};

/** @param {...string} nodeOptions */
async function messageUnder(...nodeOptions) {
  fs.mkdirSync(path.dirname(addon), { recursive: true });
  fs.copyFileSync(path.join(TOP, 'build/Release/beastio.node'), addon);
  const run = await runProgram(requireEngine, { copy }, nodeOptions);
  if (run.code) throw new Error(run.stderr);
  return run.stdout === '' ? undefined : JSON.parse(run.stdout).message;
}

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

/** @param {string} chosen */
async function loadWith(chosen) {
  const run = await runProgram(
    (/** @type {any} */ { require: load, copy: top, name }) => {
      process.env.BEASTIO_ADDON = name;
      try {
        load(`${top}/lib/engine/wire/addon`).loadAddon();
        console.log('loaded');
      } catch (error) {
        console.log(/** @type {Error} */ (error).message);
      }
    },
    { copy, name: chosen },
  );
  return run.stdout;
}

test('a checkout loads the build that BEASTIO_ADDON names, and says where it is missing', async () => {
  makeCheckout();
  fs.mkdirSync(path.join(copy, 'build/Debug'), { recursive: true });
  const built = path.join(TOP, 'build/Release/beastio.node');
  fs.copyFileSync(built, path.join(copy, 'build/Debug/beastio.node'));
  expect(await loadWith('')).toContain(`there is no ${addon}`);
  expect(await loadWith('debug')).toBe('loaded\n');
  const profile = path.join(copy, 'build/Profile/beastio.node');
  expect(await loadWith('profile')).toContain(`there is no ${profile}`);
  expect(await loadWith('fast')).toContain('BEASTIO_ADDON is "fast"; it may be one of debug,');
});

test('a package does not heed BEASTIO_ADDON', async () => {
  fs.mkdirSync(path.dirname(addon), { recursive: true });
  fs.copyFileSync(path.join(TOP, 'build/Release/beastio.node'), addon);
  expect(await loadWith('debug')).toBe('loaded\n');
});

test('so is one of another version, before anything is asked of it', async () => {
  makeCheckout();
  fs.mkdirSync(path.dirname(addon), { recursive: true });
  fs.copyFileSync(path.join(TOP, 'build/Release/beastio.node'), addon);
  const layout = path.join(copy, 'lib/engine/wire/layout.js');
  const text = fs.readFileSync(layout, 'utf8');
  fs.writeFileSync(layout, text.replace(/(?<=WIRE_HASH = ')\w+/, '0123456789abcdef'));
  const run = await runProgram(requireEngine, { copy });
  const { code, message } = JSON.parse(run.stdout);
  expect(code).toBe('ERR_BEASTIO_ADDON');
  expect(message).toContain(`the native addon does not fit this version: ${addon} is of another`);
  expect(message).toContain('Run "npm run setup"');
  const served = await runProgram(serve, { copy });
  expect(served.code).toBe(0);
  expect(served.stderr.match(/BEASTIO_FALLBACK/g)).toHaveLength(1);
});

test('where Node’s permission model refuses addons, --allow-addons is named', async () => {
  const message = await messageUnder(PERMISSION, '--allow-fs-read=*');
  expect(message).toContain(`${addon} cannot be loaded`);
  expect(message).toContain(
    'permission model refuses native addons: start it with --allow-addons.',
  );
  expect(message).not.toMatch(/npm run|binaries/);
  expect(await messageUnder(PERMISSION, '--allow-fs-read=*', '--allow-addons')).toBeUndefined();
});

test('where it also refuses to read them, --allow-fs-read is named', async () => {
  const readable = [
    path.join(copy, 'lib', path.sep),
    path.join(copy, 'dist', path.sep),
    path.join(copy, 'package.json'),
    path.join(copy, 'node_modules'),
    path.join(TOP, path.sep),
  ].map((place) => `--allow-fs-read=${place}`);
  const message = await messageUnder(PERMISSION, ...readable);
  expect(message).toContain('--allow-addons --allow-fs-read=');
  const [, folder] = /--allow-fs-read=(\S+)\*\./.exec(message) ?? [];
  expect(folder).toBe(path.join(copy, 'prebuilds', platformFolder(), path.sep));
  const more = ['--allow-addons', `--allow-fs-read=${path.dirname(addon)}${path.sep}`];
  expect(await messageUnder(PERMISSION, ...readable, ...more)).toBeUndefined();
});

test('so is --no-addons, which refuses them as well', async () => {
  const message = await messageUnder('--no-addons');
  expect(message).toContain('Node was started with --no-addons: leave this option out.');
});

test('under the permission model the genuine engine serves, with one warning', async () => {
  const run = await runProgram(serve, { copy }, [PERMISSION, '--allow-fs-read=*']);
  expect(run.code).toBe(0);
  expect(run.stderr.match(/BEASTIO_FALLBACK/g)).toHaveLength(1);
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

test.each(['1', '0'])('with BEASTIO_REQUIRE_NATIVE=%s', async (value) => {
  const construct = (/** @type {any} */ { require, copy: folder, value: required }) => {
    process.env.BEASTIO_REQUIRE_NATIVE = required;
    const { Server } = require(`${folder}/lib`);
    try {
      new Server(0).close();
      console.log('serves');
    } catch (error) {
      console.log(/** @type {any} */ (error).code);
    }
  };
  const run = await runProgram(construct, { copy, value });
  expect(run.stdout).toBe(value === '1' ? 'ERR_BEASTIO_ADDON\n' : 'serves\n');
  expect(run.code).toBe(0);
});
