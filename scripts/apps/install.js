'use strict';

/**
 * Applications that depend on beast.io, installed from a registry of our own. Their lock files say the versions of all
 * other packages, so that everybody gets the same. Node core modules only.
 */

const fs = require('node:fs');
const path = require('node:path');
const { npm } = require('../setup/npm-packages');
const { run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

/** Some packages ask for a certain package manager when they are installed: no scripts of theirs. */
const NPM_OPTIONS = [
  '--ignore-scripts',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--replace-registry-host=never',
];

/**
 * Completes a lock file by what depends on where it is used: beast.io, and the places of all others. With
 * these npm needs no document of the registry, and no download of what it has in its cache.
 * @param {string} file
 * @param {import('./registry').Registry} registry
 */
function completeLock(file, { manifest, upstream }) {
  const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const [location, entry] of Object.entries(lock.packages)) {
    if (location === '') continue;
    const name = entry.name ?? location.slice(location.lastIndexOf('node_modules/') + 13);
    if (name === manifest.name) {
      const { version, license, dependencies, engines } = manifest;
      lock.packages[location] = { name, version, license, dependencies, engines };
    } else {
      const base = name.slice(name.indexOf('/') + 1);
      entry.resolved = new URL(`${name}/-/${base}-${entry.version}.tgz`, upstream).href;
    }
  }
  fs.writeFileSync(file, JSON.stringify(lock));
}

/**
 * Installs with npm.
 * Errors: throws a SetUpError with what npm has said.
 *
 * @param {string} folder
 * @param {import('./registry').Registry} registry
 * @param {'install' | 'ci'} [how] `ci` refuses a lock file that lacks something.
 */
async function installWithNpm(folder, registry, how = 'install') {
  completeLock(path.join(folder, 'package-lock.json'), registry);
  const args = [how, ...NPM_OPTIONS, `--registry=${registry.url}`];
  check('npm', await npm(args, { cwd: folder }));
}

/**
 * Installs with Bun, which has to be on the PATH.
 * Errors: throws a SetUpError with what Bun has said.
 *
 * @param {string} folder
 * @param {import('./registry').Registry} registry
 * @param {NodeJS.ProcessEnv} [env]
 */
async function installWithBun(folder, registry, env = {}) {
  // Its usual cache has packages by their versions: of beast.io the one of another day.
  const cache = path.join(folder, 'node_modules/.cache/bun');
  const args = ['install', '--frozen-lockfile', `--registry=${registry.url}`];
  check(
    'bun',
    await run('bun', args, { cwd: folder, env: { ...env, BUN_INSTALL_CACHE_DIR: cache } }),
  );
}

/** @param {string} name @param {{ code: number, output: string }} result */
function check(name, { code, output }) {
  if (code !== 0) throw new SetUpError(`${output}\n${name} failed with code ${code}.`);
}

module.exports = { installWithBun, installWithNpm };
