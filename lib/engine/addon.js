/**
 * Finds and loads the native addon: the one that a developer's sources were built into, or the
 * prebuilt binary of the package for this platform. The only place that knows its path. It has two
 * files: the second is TLS, which takes OpenSSL's functions from the executable that runs us.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { platformFolder } = require('./platform');

const TOP = path.resolve(__dirname, '../..');
const PREBUILDS = path.join(TOP, 'prebuilds');

/** Its functions are compatible within a major version. */
const OPENSSL_MAJOR = 3;

/** @type {any} */
let loaded;
/** @type {any} */
let loadedTls;

/**
 * Loads the addon, once per environment.
 * @returns {any} its exports
 * @throws {Error} with code `ERR_BEASTIO_ADDON`, naming the file, the platform and what to do
 */
function loadAddon() {
  loaded ??= requireFile('beastio.node');
  return loaded;
}

/**
 * Loads the file with TLS in it, once per environment.
 * @returns {any} its exports
 * @throws {Error} with code `ERR_BEASTIO_TLS` where the runtime has no OpenSSL that it lets others use
 */
function loadTlsAddon() {
  const { openssl = 'none' } = process.versions;
  if (Number.parseInt(openssl, 10) !== OPENSSL_MAJOR) throw tlsError(`This one has ${openssl}.`);
  try {
    loadedTls ??= requireFile('beastio-tls.node');
  } catch (error) {
    const { message } = /** @type {any} */ (error).cause ?? error;
    throw tlsError(message, error);
  }
  return loadedTls;
}

/**
 * @param {string} what
 * @param {unknown} [cause]
 */
function tlsError(what, cause) {
  const error = new Error(
    'beast.io: the option "tls" needs a Node.js whose OpenSSL 3 addons can use. Elsewhere let ' +
      `https.createServer or a proxy do TLS. ${what}`,
    { cause },
  );
  return Object.assign(error, { code: 'ERR_BEASTIO_TLS' });
}

/** @param {string} name */
function requireFile(name) {
  // Only a developer's folder has the first: it is newer than what was packed from it.
  const built = path.join(TOP, 'build', 'Release', name);
  const prebuilt = path.join(PREBUILDS, platformFolder(), name);
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

module.exports = { loadAddon, loadTlsAddon };
