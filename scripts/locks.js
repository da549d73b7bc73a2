'use strict';

/**
 * `npm run locks`: the lock files of examples/frameworks, brought up to date with their package.json files and with the
 * beast.io of this checkout. What those of npm have locked of other packages stays. That of Bun is made anew, and
 * needs `bun` on the PATH.
 *
 * They have no hash of beast.io: that of the published package is not known before, as it has the binaries of several
 * machines. Node core modules only.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { EXAMPLES, FRAMEWORKS } = require('./apps/frameworks');
const { startRegistry } = require('./apps/registry');
const { pack } = require('./pack');
const { reportFailure } = require('./setup');
const { npm } = require('./setup/npm-packages');
const { findProgram } = require('./support/files');
const { tellsHelp } = require('./support/help');
const { run } = require('./support/processes');
const { SetUpError } = require('./support/set-up-error');

/** Where a package is. @param {Record<string, any>} packages of a lock file of npm @param {string} name */
function locationsOf(packages, name) {
  return Object.keys(packages).filter(
    (location) => location !== '' && (packages[location].name ?? path.basename(location)) === name,
  );
}

/**
 * Calls with the packages of a lock file of npm, and writes it anew.
 * @param {string} file
 * @param {(packages: Record<string, any>) => void} change
 */
function changeLock(file, change) {
  if (!fs.existsSync(file)) return;
  const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
  change(lock.packages);
  fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}

/** @param {string} folder @param {import('./apps/registry').Registry} registry */
async function lockForNpm(folder, { url, manifest }) {
  const file = path.join(folder, 'package-lock.json');
  changeLock(file, (packages) => {
    for (const location of locationsOf(packages, manifest.name)) delete packages[location];
  });
  const args = ['install', '--package-lock-only', '--omit-lockfile-registry-resolved'];
  const result = await npm([...args, '--no-audit', `--registry=${url}`], { cwd: folder });
  changeLock(file, (packages) => {
    for (const location of locationsOf(packages, manifest.name)) {
      delete packages[location].integrity;
    }
  });
  return result;
}

/**
 * Bun cannot look up one package anew.
 * @param {string} folder
 * @param {import('./apps/registry').Registry} registry
 */
async function lockForBun(folder, { url }) {
  if (findProgram('bun') === undefined) throw new SetUpError('There is no bun on the PATH.');
  const file = path.join(folder, 'bun.lock');
  fs.rmSync(file);
  const args = ['install', '--lockfile-only', `--registry=${url}`];
  const result = await run('bun', args, { cwd: folder });
  const withoutHash = fs
    .readFileSync(file, 'utf8')
    .replace(/(\["beast\.io@[^"]*", )"[^"]*"(, .*), "[^"]*"\],$/m, '$1""$2, ""],');
  fs.writeFileSync(file, withoutHash);
  return result;
}

async function main() {
  const packed = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-locks-'));
  const registry = await startRegistry(await pack(packed));
  try {
    for (const name of FRAMEWORKS) {
      console.log(`Locking ${name}`);
      const folder = path.join(EXAMPLES, name);
      const lock = fs.existsSync(path.join(folder, 'bun.lock')) ? lockForBun : lockForNpm;
      const { code, output } = await lock(folder, registry);
      if (code !== 0) throw new SetUpError(output);
    }
  } finally {
    registry.close();
    fs.rmSync(packed, { recursive: true });
  }
}

if (!tellsHelp(__filename)) main().catch(reportFailure);
