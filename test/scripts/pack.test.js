'use strict';

/** What `npm run pack` makes: every file that users need, and none by which npm would compile. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { platformFolder } = require('../../lib/engine/wire/platform');
const { pack } = require('../../scripts/pack');
const { TOP } = require('../support/programs/programs');

/** @type {string} */
let folder;
/** What was packed, unpacked. @type {string} */
let unpacked;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-packed-'));
  execFileSync('tar', ['-xzf', await pack(folder), '-C', folder]);
  unpacked = path.join(folder, 'package');
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

/**
 * The files below a folder, sorted.
 * @param {string} directory
 */
function filesBelow(directory) {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
}

test('the files are those that git knows in lib, dist, types and include, the pages of docs, and few more', () => {
  const folders = ['lib', 'dist', 'types', 'native/include', 'docs/*.md'];
  const known = execFileSync('git', ['ls-files', ...folders], { cwd: TOP });
  const sources = String(known)
    .trim()
    .split('\n')
    .filter((file) => fs.existsSync(path.join(TOP, file)));
  const others = ['LICENSE', 'README.md', 'package.json'];
  const packed = filesBelow(unpacked).filter((file) => !/^(prebuilds|client-dist)\//.test(file));
  expect(packed).toEqual([...sources, ...others].sort());
});

test('the browser client lies where socket.io has it', () => {
  const genuine = path.join(TOP, 'node_modules/socket.io/client-dist');
  expect(filesBelow(path.join(unpacked, 'client-dist'))).toEqual(filesBelow(genuine));
});

test('the binaries lie where the loader looks for them, with what is to be known of them', () => {
  const prebuild = path.join(unpacked, 'prebuilds', platformFolder());
  expect(filesBelow(prebuild)).toEqual(['beastio-tls.node', 'beastio.node', 'contents.json']);
});

test('package.json has nothing that npm would run', () => {
  const own = require('../../package.json');
  const manifest = JSON.parse(fs.readFileSync(path.join(unpacked, 'package.json'), 'utf8'));
  const { devDependencies, scripts, ...published } = own;
  expect(devDependencies && scripts).toBeTruthy();
  expect(manifest).toEqual(published);
  // npm checks it against the peer ranges that packages have for socket.io.
  expect(manifest.version).toMatch(/^4\.\d+\.\d+$/);
});

test('every path that package.json leads to is there', () => {
  const { main, types, typesVersions, exports } = require('../../package.json');
  const leaves = (/** @type {any} */ value) =>
    typeof value === 'string' ? [value] : Object.values(value).flatMap(leaves);
  const paths = leaves([main, types, typesVersions, exports]);
  expect(paths.length).toBeGreaterThan(5);
  for (const file of paths) expect(fs.existsSync(path.join(unpacked, file))).toBe(true);
});

const NEEDS_NO_LIBRARIES =
  'is small, has one entry, and needs no libraries but those of the C runtime';
test.each(['beastio.node', 'beastio-tls.node'])(`%s ${NEEDS_NO_LIBRARIES}`, (name) => {
  const binary = path.join(unpacked, 'prebuilds', platformFolder(), name);
  expect(fs.statSync(binary).size).toBeLessThan(2e6);
  const headers = String(execFileSync('objdump', ['--private-headers', binary]));
  const needed = [...headers.matchAll(/NEEDED\s+(\S+)/g)].map(([, library]) => library);
  expect(
    needed.filter((library) => !/^(libc|libm|libgcc_s|ld-linux[-\w]*)\.so/.test(library)),
  ).toEqual([]);
  const symbols = String(execFileSync('objdump', ['--dynamic-syms', binary]));
  expect(symbols).toContain('napi_register_module_v1');
  expect(symbols).not.toMatch(/GLIBCXX_|CXXABI_/);
  // OpenSSL's are there where the executable offers them: not in Bun, Deno and Electron.
  expect(/\b(SSL|BIO|EVP|X509)_/.test(symbols)).toBe(name === 'beastio-tls.node');
  expect(String(execFileSync('objdump', ['--section-headers', binary]))).not.toMatch(
    /\.debug_|\.symtab/,
  );
});
