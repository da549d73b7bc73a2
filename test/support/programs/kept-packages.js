/**
 * Packages that are no development packages, for their size: other runtimes, package managers. A test installs them
 * after a lock file that is kept, into a folder of their own below node_modules.
 */
'use strict';

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const { withLock } = require('../../../scripts/setup/lock');
const { TOP } = require('./programs');

/** Without npm's cache everything is downloaded. */
const INSTALL_TIMEOUT_MS = 300_000;

const LOCK = 'package-lock.json';

/** Where Node, Bun and Deno are kept. */
const RUNTIMES = path.join(TOP, 'test/e2e/runtimes');
/** Where npm, pnpm and Yarn are. */
const MANAGERS = path.join(TOP, 'test/packed/managers');

/** @param {string} kept */
const cacheOf = (kept) => path.join(TOP, `node_modules/.cache/beastio-${path.basename(kept)}`);

/**
 * Installs what is missing. Test files that ask for the same wait for each other.
 * @param {string} kept the folder with the lock file
 * @returns {Promise<string>} the folder node_modules
 */
async function installKept(kept) {
  const cache = cacheOf(kept);
  const modules = path.join(cache, 'node_modules');
  fs.mkdirSync(cache, { recursive: true });
  const read = (/** @type {string} */ folder) => fs.readFileSync(path.join(folder, LOCK));
  await withLock(`${cache}.lock`, async () => {
    const isCurrent =
      fs.existsSync(path.join(modules, '.package-lock.json')) && read(cache).equals(read(kept));
    if (isCurrent) return;
    fs.rmSync(modules, { recursive: true, force: true });
    for (const name of ['package.json', LOCK]) {
      fs.copyFileSync(path.join(kept, name), path.join(cache, name));
    }
    // Not `npm ci`: it asks for the other platforms' binaries of Deno, which npm leaves out of the lock.
    const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    await promisify(execFile)('npm', args, { cwd: cache, timeout: INSTALL_TIMEOUT_MS });
  });
  return modules;
}

const { platform, arch } = process;
const node = (/** @type {string} */ name) => `${name}-${platform}-${arch}/bin/node`;

/** The executables among the runtimes, below their node_modules. Node of the newest major version is `node`. */
const RUNTIME_PROGRAMS = /** @type {Record<string, string>} */ ({
  bun: `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`,
  deno: `@deno/${platform}-${arch}-glibc/deno`,
  'node 22': node('node-22'),
  'node 24': node('node-24'),
  node: node('node'),
});

/**
 * @param {string} name of one of them
 * @returns {string} its path; `installKept(RUNTIMES)` puts it there
 */
const runtime = (name) => path.join(cacheOf(RUNTIMES), 'node_modules', RUNTIME_PROGRAMS[name]);

module.exports = {
  INSTALL_TIMEOUT_MS,
  MANAGERS,
  RUNTIMES,
  RUNTIME_PROGRAMS,
  installKept,
  runtime,
};
