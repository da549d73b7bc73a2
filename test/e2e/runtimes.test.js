/**
 * Other runtimes than that of the tests, from their npm packages, with the same binaries. Bun and Deno load
 * the addon's first file, which has no symbol of OpenSSL: plain WebSocket and polling run on the native
 * engine there. A later Node loads both, though its OpenSSL is another one than they were built with. They
 * are no development packages, for their size: the test installs them, after a lock file that is kept, into a
 * separate folder.
 */
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { Authority } = require('../support/servers/certificates');
const { TOP } = require('../support/programs/programs');

const KEPT = path.join(__dirname, 'runtimes');
const CACHE = path.join(TOP, 'node_modules/.cache/beastio-runtimes');
const INSTALL_TIMEOUT_MS = 300_000;

/** The executables, below node_modules of the cache. */
const PROGRAMS = {
  bun: `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}/bin/bun`,
  deno: `@deno/${process.platform}-${process.arch}-glibc/deno`,
  node: `node-${process.platform}-${process.arch}/bin/node`,
};

/** @param {string} name */
const programOf = (name) =>
  path.join(CACHE, 'node_modules', /** @type {Record<string, string>} */ (PROGRAMS)[name]);

beforeAll(() => {
  const lock = 'package-lock.json';
  const isCurrent =
    fs.existsSync(path.join(CACHE, 'node_modules/.package-lock.json')) &&
    fs.readFileSync(path.join(CACHE, lock)).equals(fs.readFileSync(path.join(KEPT, lock)));
  if (isCurrent) return;
  fs.mkdirSync(CACHE, { recursive: true });
  for (const name of ['package.json', lock]) {
    fs.copyFileSync(path.join(KEPT, name), path.join(CACHE, name));
  }
  const options = { cwd: CACHE, timeout: INSTALL_TIMEOUT_MS };
  // Not `npm ci`: it asks for the other platforms' binaries of Deno, which npm leaves out of the lock.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', args, options);
}, INSTALL_TIMEOUT_MS);

const authority = new Authority();
afterAll(() => authority.remove());

const ECHOED = {
  isNative: true,
  isOnOwnPort: true,
  websocket: ['é', 'bytes'],
  polling: ['é', 'bytes'],
  other: 'other /other',
  bundle: true,
  handled: 1,
};

test.each([
  ['bun', [], { ...ECHOED, isOnOwnPort: false }, 'ERR_BEASTIO_TLS'],
  ['deno', ['run', '--allow-all'], ECHOED, 'ERR_BEASTIO_TLS'],
  ['node', [], ECHOED, ECHOED],
])(
  '%s loads the addon, listens and echoes, also with TLS or says why not',
  (name, args, plain, secure) => {
    const { keyFile, certFile } = authority.issue('localhost');
    const program = [...args, path.join(KEPT, 'echo.cjs'), keyFile, certFile];
    const output = execFileSync(programOf(name), program, { cwd: TOP, timeout: 60_000 });
    expect(JSON.parse(String(output))).toEqual({ plain, secure });
  },
);
