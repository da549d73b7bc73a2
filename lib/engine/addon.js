/**
 * Finds and loads the native addon: a prebuilt binary of the package, or the one that the sources
 * were built into. The only place that knows its path.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const TOP = path.resolve(__dirname, '../..');

/** Where the addon may be, in the order tried. */
const CANDIDATES = [
  path.join(TOP, 'prebuilds', `${process.platform}-${process.arch}`, 'beastio.node'),
  path.join(TOP, 'build', 'Release', 'beastio.node'),
];

/** @type {any} */
let loaded;

/**
 * Loads the addon, once per environment.
 * @returns {any} its exports
 * @throws {Error} with code `ERR_BEASTIO_ADDON`, naming the file, the platform and what to run
 */
function loadAddon() {
  loaded ??= requireFirst();
  return loaded;
}

function requireFirst() {
  const file = CANDIDATES.find((candidate) => fs.existsSync(candidate));
  if (!file) throw addonError(`there is no ${CANDIDATES.join(' and no ')}`);
  try {
    return require(file);
  } catch (cause) {
    throw addonError(`${file} cannot be loaded (${/** @type {Error} */ (cause).message})`, cause);
  }
}

/**
 * @param {string} what
 * @param {unknown} [cause]
 */
function addonError(what, cause) {
  const platform = `${process.platform}-${process.arch}, Node ${process.version}`;
  const error = new Error(
    `beast.io: the native addon is missing for ${platform}: ${what}. ` +
      'Run "npm run setup" in the beast.io folder to build it from source.',
    { cause },
  );
  return Object.assign(error, { code: 'ERR_BEASTIO_ADDON' });
}

module.exports = { loadAddon };
