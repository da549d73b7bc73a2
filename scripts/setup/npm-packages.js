'use strict';

/**
 * Step 2 of the set-up: makes node_modules what package-lock.json says, by `npm ci` without install scripts.
 * Npm's record of what it installed (node_modules/.package-lock.json) tells whether that is the case already.
 * So a tree that a developer's `npm install` brought up to date is left alone. Node core modules only.
 */

const fs = require('node:fs');
const path = require('node:path');
const { TOP, run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional]
 */

/**
 * @param {string} [directory] A folder with package-lock.json and perhaps node_modules.
 * @returns {boolean} Whether every locked package is installed at its locked version. Optional
 *   ones may be absent: they belong to other platforms.
 */
function isInstalled(directory = TOP) {
  const record = path.join(directory, 'node_modules/.package-lock.json');
  if (!fs.existsSync(record)) return false;
  const installed = readPackages(record);
  const locked = readPackages(path.join(directory, 'package-lock.json'));
  return Object.entries(locked).every(([location, wanted]) => {
    if (location === '') return true;
    const found = installed[location];
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * @param {string} lockFile
 * @returns {Record<string, LockedPackage>}
 */
function readPackages(lockFile) {
  return JSON.parse(fs.readFileSync(lockFile, 'utf8')).packages;
}

/**
 * Runs npm. Under `npm start` the very npm that runs us is used, even where no npm is on the PATH.
 *
 * @param {string[]} args
 * @param {import('../support/processes').RunOptions} [options]
 */
function npm(args, options) {
  const cli = process.env.npm_execpath ?? '';
  return path.basename(cli) === 'npm-cli.js'
    ? run(process.execPath, [cli, ...args], options)
    : run('npm', args, options);
}

/**
 * Installs the npm packages, development ones included.
 * Errors: throws a SetUpError; npm has shown its reason by then.
 *
 * @param {string} [directory] A folder with package-lock.json.
 */
async function installNpmPackages(directory = TOP) {
  const place = path.relative(TOP, directory);
  console.log(place === '' ? 'Installing npm packages' : `Installing npm packages in ${place}`);
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
  const { code } = await npm(args, { cwd: directory, output: 'show' });
  if (code !== 0) throw new SetUpError(`npm ci failed with code ${code}.`);
}

module.exports = { installNpmPackages, isInstalled, npm };
