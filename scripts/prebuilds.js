'use strict';

/**
 * `npm run prebuilds`: the package with binaries for several platforms, all made and tried on one machine.
 *
 *     npm run prebuilds                    linux-x64, linux-arm64, linux-x64-musl, linux-arm64-musl, darwin-x64, darwin-arm64
 *     npm run prebuilds -- TARGET…         these
 *
 * Each file is compiled by zig, checked for what it asks of a system, and put into prebuilds/, beside what it is made of.
 * The package with them is beast.io-<version>.tgz at the top of the repository, and its bill of materials lies beside it. A server from it is started on every target of Linux, under qemu for arm64
 * and on musl's C library. Clients play a session with it, which must go as one with the genuine package. What is for
 * macOS is not run. The machine must
 * be Linux on x64 with glibc. What is fetched and built stays in .cache/prebuilds.
 */

const fs = require('node:fs');
const path = require('node:path');
const { platformFolder } = require('../lib/engine/wire/platform');
const { pack, tell } = require('./pack');
const { draftOf, writeContents } = require('./packing/contents');
const { ADDON_FILES, build } = require('./prebuilds/build');
const { check } = require('./prebuilds/check');
const { toolsFor } = require('./prebuilds/materials');
const { NEEDS } = require('./prebuilds/needs');
const { CACHE, installTools } = require('./prebuilds/places');
const { nodeFor } = require('./prebuilds/runners');
const { tryOut } = require('./prebuilds/smoke/package');
const { TARGETS } = require('./prebuilds/targets');
const { reportFailure, setUp } = require('./setup');
const { withLock } = require('./setup/lock');
const { installSystemPackages } = require('./setup/system-packages');
const { readCommandLine } = require('./support/arguments');
const { tellsHelp } = require('./support/help');
const { TOP } = require('./support/processes');
const { SetUpError } = require('./support/set-up-error');

/** @typedef {import('./prebuilds/targets').Target} Target */

/**
 * Errors: throws a SetUpError that says what is wrong with the command line.
 *
 * @param {string[]} argv
 * @returns {Target[]}
 */
function readArguments(argv) {
  const { positionals } = readCommandLine(argv, []);
  const known = TARGETS.map(({ name }) => name);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SetUpError(`There is no target ${unknown}. There are ${known.join(', ')}.`);
  }
  return TARGETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
}

/** @param {Target} target */
async function makePrebuilds(target) {
  const files = await build(target);
  console.log(await check(files, target));
  const folder = path.join(TOP, 'prebuilds', target.name);
  fs.mkdirSync(folder, { recursive: true });
  for (const file of files) {
    const place = path.join(folder, path.basename(file));
    const draft = draftOf(path.basename(file));
    fs.copyFileSync(file, draft);
    fs.renameSync(draft, place); // at once: a process may have loaded the old one
  }
  await writeContents(folder, ADDON_FILES, toolsFor(target));
}

async function main() {
  const targets = readArguments(process.argv.slice(2));
  if (platformFolder() !== 'linux-x64') {
    throw new SetUpError(`It runs on linux-x64, and this is ${platformFolder()}.`);
  }
  await setUp({ forTests: false, addon: 'none' });
  if (!NEEDS.every((need) => need.isMet())) await installSystemPackages(NEEDS);
  fs.mkdirSync(CACHE, { recursive: true });
  await withLock(path.join(CACHE, 'lock'), () => makePackage(targets));
}

/** @param {Target[]} targets */
async function makePackage(targets) {
  await installTools();
  for (const target of targets) await makePrebuilds(target);
  const tarball = await pack(TOP, { isPrebuilt: true });
  tell(tarball);

  const runners = [];
  for (const target of targets.filter(({ isRun }) => isRun)) {
    runners.push({ name: target.name, node: await nodeFor(target) });
  }
  await tryOut(tarball, runners);
  const others = targets.filter(({ isRun }) => !isRun).map(({ name }) => name);
  if (others.length > 0)
    console.log(`${others.join(', ')}: not tried, as no Node for them runs here`);
}

if (require.main === module && !tellsHelp(__filename)) main().catch(reportFailure);

module.exports = { readArguments };
