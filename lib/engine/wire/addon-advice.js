/**
 * What a user can do who is without the addon. It depends on how this process was started. It also depends on
 * where the sources are: in a package, in a bundle, or in a developer's working copy.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { PACKAGE_FOLDER, isCheckout } = require('./package-files');

const BUILD_IT = 'Run "npm run setup" in the beast.io folder to build it from source.';

/**
 * @param {string[]} places where the file was looked for
 * @param {any} cause why it could not be loaded, if it was there
 * @returns {string} whole sentences
 */
function adviceFor(places, cause) {
  if (cause?.code === 'ERR_DLOPEN_DISABLED') return adviceWhereRefused();
  if (!places.some(isReadable)) {
    const folder = path.dirname(/** @type {string} */ (places.at(-1)));
    return (
      'This process may not look there, since Node runs with its permission model. Start it with ' +
      `--allow-addons --allow-fs-read=${path.join(folder, '*')}.`
    );
  }
  if (PACKAGE_FOLDER === undefined) return adviceForBundle();
  if (isCheckout()) return BUILD_IT;
  return adviceForPackage(path.join(PACKAGE_FOLDER, 'prebuilds'));
}

/**
 * Whether Node's permission model lets this process read a file; it does where there is no such model.
 * @param {string} file
 * @returns {boolean}
 */
function isReadable(file) {
  const { permission } = /** @type {any} */ (process);
  return permission?.has('fs.read', file) ?? true;
}

function adviceWhereRefused() {
  return 'permission' in process
    ? "Node's permission model refuses native addons: start it with --allow-addons."
    : 'Node was started with --no-addons: leave this option out.';
}

function adviceForBundle() {
  return (
    'A bundler has put beast.io into a file of the application, and a bundle cannot contain an addon. ' +
    'Copy the folder prebuilds/ of the package to where the bundle lies, or let the bundler leave the ' +
    'package out ("external").'
  );
}

/** @param {string} prebuilds */
function adviceForPackage(prebuilds) {
  const platforms = fs.existsSync(prebuilds) ? fs.readdirSync(prebuilds).join(', ') : '';
  return (
    `The package has binaries for ${platforms || 'no platform'}. To have one for this platform, run ` +
    '"npm run pack" on it in a clone of the beast.io repository and install the file that it makes.'
  );
}

/**
 * What to do about an addon of another version, or a damaged one.
 * @returns {string} whole sentences
 */
function adviceForMisfit() {
  if (PACKAGE_FOLDER === undefined) {
    return 'Copy the folder prebuilds/ of the bundled version to where the bundle lies.';
  }
  return isCheckout() ? BUILD_IT : 'Install the package anew.';
}

module.exports = { adviceFor, adviceForMisfit };
