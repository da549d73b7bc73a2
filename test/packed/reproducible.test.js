'use strict';

/**
 * The same sources give the same bytes, wherever, whenever and by whomever they are built and packed. A copy of the
 * checkout at another path is packed with other rights and times of files. One of the two binaries is built there
 * from scratch; the other, whose build takes minutes, is asked for traces of where it was built.
 */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { CONTENTS } = require('../../lib/engine/wire/contents');
const { platformFolder } = require('../../lib/engine/wire/platform');
const { pack } = require('../../scripts/pack');
const { findNodeHeaders } = require('../../scripts/setup/addon');
const { TOP } = require('../support/programs/programs');

const BINARIES = ['beastio.node', 'beastio-tls.node'];
const LAST_CENTURY = new Date('1999-12-31');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-twice-'));
const copy = path.join(folder, 'a', 'rather', 'deep', 'place');
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** @param {string} name of a file of the checkout */
function copyFile(name) {
  const target = path.join(copy, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.copyFileSync(path.join(TOP, name), target);
  fs.chmodSync(target, 0o600);
  fs.utimesSync(target, LAST_CENTURY, LAST_CENTURY);
}

beforeAll(() => {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const known = String(execFileSync('git', args, { cwd: TOP }));
  const files = known.split('\0').filter((file) => file && fs.existsSync(path.join(TOP, file)));
  for (const file of files) copyFile(file);
  fs.symlinkSync(path.join(TOP, 'node_modules'), path.join(copy, 'node_modules'));
});

test('two builds of beastio-tls.node at two paths are equal', () => {
  const tools = { CCACHE_DISABLE: '1', MAKEFLAGS: '', LC_ALL: 'C', TZ: 'Asia/Tokyo' };
  const options = { cwd: copy, env: { ...process.env, ...tools }, stdio: 'pipe' };
  const gyp = path.join(TOP, 'node_modules/node-gyp/bin/node-gyp.js');
  const configure = [gyp, 'configure', '--release', `--nodedir=${findNodeHeaders()}`];
  execFileSync(process.execPath, configure, /** @type {any} */ (options));
  const make = ['-C', 'build', 'BUILDTYPE=Release', '-j2', 'beastio-tls'];
  execFileSync('make', make, /** @type {any} */ (options));
  const built = fs.readFileSync(path.join(copy, 'build/Release/beastio-tls.node'));
  expect(built.equals(fs.readFileSync(path.join(TOP, 'build/Release/beastio-tls.node')))).toBe(
    true,
  );
});

test.each(BINARIES)('%s does not tell where it was built', (name) => {
  const content = fs.readFileSync(path.join(TOP, 'build/Release', name), 'latin1');
  const places = [TOP, os.homedir(), os.tmpdir()].filter((place) => place !== '/');
  expect(places.filter((place) => content.includes(place))).toEqual([]);
});

test('two packages, and their bills of materials, are equal', async () => {
  const here = await pack(folder);
  // What was built here is built of the same sources: nothing is left to build there.
  fs.rmSync(path.join(copy, 'build'), { recursive: true, force: true });
  copyFile('build/beastio-stamp-Release.json');
  for (const name of BINARIES) copyFile(path.join('build/Release', name));
  // Binaries of other platforms are taken along.
  for (const platform of fs.readdirSync(path.join(TOP, 'prebuilds'))) {
    if (platform === platformFolder()) continue;
    for (const name of [...BINARIES, CONTENTS]) copyFile(path.join('prebuilds', platform, name));
  }
  const there = path.join(folder, 'there');
  fs.mkdirSync(there);
  const command = [
    '-c',
    'umask 077 && exec "$@"',
    'sh',
    process.execPath,
    'scripts/pack.js',
    there,
  ];
  const env = { ...process.env, LC_ALL: 'C', TZ: 'Asia/Tokyo' };
  execFileSync('sh', command, { cwd: copy, env, stdio: 'pipe' });
  for (const file of [here, here.replace(/tgz$/, 'cdx.json')]) {
    const other = fs.readFileSync(path.join(there, path.basename(file)));
    expect(other.equals(fs.readFileSync(file))).toBe(true);
  }
});
