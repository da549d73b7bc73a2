'use strict';

/**
 * `npm run docs`: the pages of docs/ as a site, with a search that needs no network.
 *
 *     npm run docs                  builds it in docs/.vitepress/dist
 *     npm run docs -- --out FOLDER  or there
 *     npm run docs -- dev           shows it while it is written
 *     npm run docs -- preview       shows what was built
 */

const path = require('node:path');
const { reportFailure, setUp } = require('./setup');
const { installNpmPackages, isInstalled } = require('./setup/npm-packages');
const { TOP, run } = require('./support/processes');
const { readCommandLine } = require('./support/arguments');
const { tellsHelp } = require('./support/help');
const { SetUpError } = require('./support/set-up-error');

/** VitePress is a package of this folder: who only builds and tests the server does not need it. */
const SITE = path.join(TOP, 'docs/.vitepress');
const WHAT = ['build', 'dev', 'preview'];

/**
 * Errors: throws a SetUpError that says what is wrong with the command line.
 *
 * @param {string[]} argv
 * @returns {string[]} Of VitePress.
 */
function readArguments(argv) {
  const { values, positionals } = readCommandLine(argv, ['out']);
  const [what = 'build', ...others] = positionals;
  if (!WHAT.includes(what) || others.length > 0) {
    throw new SetUpError(`npm run docs takes one of ${WHAT.join(', ')}.`);
  }
  const { out } = values;
  if (out !== undefined && what !== 'build') throw new SetUpError('--out is for building.');
  return [what, 'docs', ...(out === undefined ? [] : ['--outDir', path.resolve(out)])];
}

async function main() {
  const args = readArguments(process.argv.slice(2));
  await setUp({ forTests: false, addon: 'none' });
  if (!isInstalled(SITE)) await installNpmPackages(SITE);
  const vitepress = path.join(SITE, 'node_modules/vitepress/bin/vitepress.js');
  const { code } = await run(process.execPath, [vitepress, ...args], { output: 'show' });
  process.exitCode = code;
}

if (!tellsHelp(__filename)) main().catch(reportFailure);
