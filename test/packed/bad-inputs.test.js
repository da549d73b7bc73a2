'use strict';

/**
 * What a package meets on its way: platforms without a binary, damage, options of Node that refuse it. Either the
 * package `engine.io` serves, with one warning that says what to do. Or nothing starts, if that was asked for.
 * It all lies in a folder with spaces and letters of several alphabets.
 */

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { platformFolder } = require('../../lib/engine/wire/platform');
const { pack } = require('../../scripts/pack');
const { startApp } = require('../alias/support/apps');
const { PERMISSION } = require('../support/programs/programs');
const { APP, ECHOES, echoes, unpackInto } = require('./support/unpacked');

const PERMISSIONS = [PERMISSION, '--allow-fs-read=*'];

const NOBODY = '65534';

const top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-bad-')));
const folder = path.join(top, 'Übung № 1 – приложение 応用');
/** @type {string} */
let tarball;
/** @type {string} */
let place;

beforeAll(async () => {
  tarball = await pack(top);
  fs.chmodSync(top, 0o755); // for nobody
});
beforeEach(() => {
  place = unpackInto(tarball, folder);
});
afterEach(() => fs.rmSync(folder, { recursive: true }));
afterAll(() => fs.rmSync(top, { recursive: true }));

/** @param {string} name of a file beside the binaries */
const prebuilt = (name) => path.join(place, 'prebuilds', platformFolder(), name);

/** @param {(content: Buffer) => string | Uint8Array} damage to the binary */
const damaged = (damage) => () => {
  const file = prebuilt('beastio.node');
  fs.writeFileSync(file, damage(fs.readFileSync(file)));
};

/** @param {Buffer} content */
function altered(content) {
  content[content.length >> 1] ^= 1;
  return content;
}

/** Makes the sources those of another version than the binary's. */
function ofAnotherVersion() {
  const layout = path.join(place, 'lib/engine/wire/layout.js');
  const text = fs.readFileSync(layout, 'utf8');
  fs.writeFileSync(layout, text.replace(/(?<=WIRE_HASH = ')\w+/, '0123456789abcdef'));
}

const nothing = () => {};
const DAMAGED =
  /native addon is damaged: .*beastio\.node is not what was packed\. Install the package anew\./;

/** @type {[string, () => void, string[], RegExp][]} */
const BAD = [
  [
    'a platform without a binary',
    () =>
      fs.renameSync(
        path.dirname(prebuilt('beastio.node')),
        path.join(place, 'prebuilds/freebsd-x64'),
      ),
    [],
    /binaries for (?:[\w-]+, )*freebsd-x64(?:, [\w-]+)*\. To have one for this platform, run "npm run pack" on it/,
  ],
  ['an empty binary', damaged(() => ''), [], DAMAGED],
  ['a binary that was cut off', damaged((content) => content.subarray(0, 700_000)), [], DAMAGED],
  ['a binary with one other bit', damaged(altered), [], DAMAGED],
  ['damaged digests', () => fs.writeFileSync(prebuilt('contents.json'), '{'), [], DAMAGED],
  [
    'a binary that is none, without digests',
    () => {
      fs.rmSync(prebuilt('contents.json'));
      fs.writeFileSync(prebuilt('beastio.node'), 'not an addon');
    },
    [],
    /beastio\.node cannot be loaded \(.*\)\. The package has binaries for /,
  ],
  [
    'a binary of another version',
    ofAnotherVersion,
    [],
    /beastio\.node is of another one\. Install the package anew\./,
  ],
  ['--no-addons', nothing, ['--no-addons'], /started with --no-addons: leave this option out/],
  [PERMISSION, nothing, PERMISSIONS, /refuses native addons: start it with --allow-addons/],
];

describe.each(BAD)('%s', (_name, arrange, nodeOptions, advice) => {
  beforeEach(() => arrange());

  test('engine.io serves, with one warning that says what to do', async () => {
    const app = await startApp(folder, [...nodeOptions, APP]);
    expect(app.isNative).toBe(false);
    expect(await echoes(app.port)).toEqual(ECHOES);
    const { code, errors } = await app.stop();
    expect(code).toBe(0);
    // Node warns of its permission model, too.
    expect(errors.match(/\[\w+\] Warning: beast\.io/g)).toEqual([
      '[BEASTIO_FALLBACK] Warning: beast.io',
    ]);
    expect(errors).toMatch(advice);
  });

  test('BEASTIO_REQUIRE_NATIVE=1: the server throws what the warning says', async () => {
    const env = { ...process.env, BEASTIO_REQUIRE_NATIVE: '1' };
    const app = await startApp(folder, [...nodeOptions, APP], { env });
    expect(app).toMatchObject({ code: 'ERR_BEASTIO_ADDON' });
    expect(app.message).toMatch(advice);
    expect(await app.stop()).toMatchObject({ code: 0, lines: [] });
  });
});

/**
 * A command in front of which nothing can be written in the folder. Where mounting is not allowed, as in many a
 * container, the files belong to somebody else and refuse to be written.
 * @returns {string[]}
 */
function readOnlyCommand() {
  const mount = 'mount --bind -o ro "$0" "$0" && cd "$0" && exec "$@"';
  const mounted = ['unshare', '--map-root-user', '--mount', 'sh', '-c', mount, folder];
  const [program, ...args] = [...mounted, 'true'];
  if (spawnSync(program, args).status === 0) return mounted;
  spawnSync('chmod', ['-R', 'a-w,a+rX', folder]);
  const isRoot = process.getuid?.() === 0;
  const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  return isRoot ? asNobody : ['env'];
}

/** As some do who put packages together anew. */
function strippedCommand() {
  const file = prebuilt('beastio.node');
  const before = fs.statSync(file).size;
  execFileSync('strip', ['--remove-section=.comment', file]);
  expect(fs.statSync(file).size).not.toBe(before);
  return ['env'];
}

/** @type {[string, string[], () => string[]][]} */
const GOOD = [
  ['a path with spaces and letters of several alphabets', [], () => ['env']],
  [`${PERMISSION} --allow-addons`, [...PERMISSIONS, '--allow-addons'], () => ['env']],
  ['a read-only file system', [], readOnlyCommand],
  ['a binary that somebody has stripped anew', [], strippedCommand],
];

test.each(GOOD)('%s: the native engine serves, without a word', async (_name, options, wrap) => {
  const [program, ...before] = wrap();
  const tried = spawnSync(program, [...before, 'touch', 'written'], { cwd: folder });
  expect(tried.status === 0).toBe(wrap !== readOnlyCommand);
  const args = [...before, process.execPath, ...options, APP];
  const app = await startApp(folder, args, { program });
  expect(app.isNative).toBe(true);
  expect(await echoes(app.port)).toEqual(ECHOES);
  const { code, errors } = await app.stop();
  expect(code).toBe(0);
  expect(errors).not.toContain('BEASTIO');
  spawnSync('chmod', ['-R', 'u+w', folder]);
});
