/**
 * Finds and loads the native addon: the one that a developer's sources were built into, or the
 * prebuilt binary of the package for this platform. The only place that knows its path.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { platformFolder } = require('./platform');

const TOP = path.resolve(__dirname, '../..');
const PREBUILDS = path.join(TOP, 'prebuilds');

/** @type {any} */
let loaded;

/**
 * Loads the addon, once per environment.
 * @returns {any} its exports
 * @throws {Error} with code `ERR_BEASTIO_ADDON`, naming the file, the platform and what to do
 */
function loadAddon() {
  loaded ??= requireFirst();
  return loaded;
}

function requireFirst() {
  // Only a developer's folder has the first: it is newer than what was packed from it.
  const built = path.join(TOP, 'build', 'Release', 'beastio.node');
  const prebuilt = path.join(PREBUILDS, platformFolder(), 'beastio.node');
  const file = [built, prebuilt].find((candidate) => fs.existsSync(candidate));
  if (!file) throw addonError(`there is no ${isCheckout() ? built : prebuilt}`);
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
  const platform = `${platformFolder()}, Node ${process.version}`;
  const error = new Error(
    `beast.io: the native addon is missing for ${platform}: ${what}. ${advice()}`,
    { cause },
  );
  return Object.assign(error, { code: 'ERR_BEASTIO_ADDON' });
}

/** Whether this is a developer's folder, which can build the addon; an installed package cannot. */
function isCheckout() {
  return fs.existsSync(path.join(TOP, 'binding.gyp'));
}

function advice() {
  if (isCheckout()) return 'Run "npm run setup" in the beast.io folder to build it from source.';
  const platforms = fs.existsSync(PREBUILDS) ? fs.readdirSync(PREBUILDS).join(', ') : '';
  return (
    `The package has binaries for ${platforms || 'no platform'}. To have one for this platform, run ` +
    '"npm run pack" on it in a clone of the beast.io repository and install the file that it makes.'
  );
}

module.exports = { loadAddon };
