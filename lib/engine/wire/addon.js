/**
 * Finds and loads the native addon. A developer's sources have the one that they were built into. A package
 * has the prebuilt binary for this platform. A bundle has one beside it. The addon has two files. The second
 * is TLS, which takes OpenSSL's functions from the executable that runs us.
 */
'use strict';

const { createRequire } = require('node:module');
const path = require('node:path');
const { codedError } = require('../../errors/coded-error');
const { adviceFor, adviceForMisfit } = require('./addon-advice');
const { isDamaged } = require('./contents');
const { WIRE_HASH } = require('./layout');
const { PACKAGE_FOLDER, bundleFolders, isCheckout, isThere } = require('./package-files');
const { platformFolder } = require('./platform');

/** Its functions are compatible within a major version. */
const OPENSSL_MAJOR = 3;

/** What BEASTIO_ADDON names in a checkout, by which developers choose another build than users get. */
const CONFIGURATIONS = /** @type {const} */ ({ debug: 'Debug', profile: 'Profile' });

/** @typedef {import('./native').Addon} Addon */
/** @typedef {import('./native').TlsAddon} TlsAddon */

/** @type {Addon | undefined} */
let loaded;
/** @type {TlsAddon | undefined} */
let loadedTls;

/**
 * Loads the addon, once per environment.
 * @returns {Addon} its exports
 * @throws {Error} with code `ERR_BEASTIO_ADDON`, naming the file, the platform and what to do
 */
function loadAddon() {
  return (loaded ??= fitting(findFile('beastio.node')));
}

/**
 * Loads the file with TLS in it, once per environment.
 * @returns {TlsAddon} its exports
 * @throws {Error} with code `ERR_BEASTIO_TLS` where the runtime has no OpenSSL that it lets others use
 */
function loadTlsAddon() {
  const { openssl = 'none' } = process.versions;
  if (Number.parseInt(openssl, 10) !== OPENSSL_MAJOR) throw tlsError(`This one has ${openssl}.`);
  try {
    return (loadedTls ??= requireFile(findFile('beastio-tls.node')));
  } catch (error) {
    const { message } = /** @type {any} */ (error).cause ?? error;
    throw tlsError(message, error);
  }
}

/**
 * @param {string} what
 * @param {unknown} [cause]
 */
function tlsError(what, cause) {
  return codedError(
    'ERR_BEASTIO_TLS',
    'beast.io: the option "tls" needs a Node.js whose OpenSSL 3 addons can use. Elsewhere let ' +
      `https.createServer or a proxy do TLS. ${what}`,
    { cause },
  );
}

/**
 * @param {string} name
 * @returns {string} its path
 */
function findFile(name) {
  const places = PACKAGE_FOLDER === undefined ? placesByBundle(name) : placesInPackage(name);
  const file = places.find(isThere);
  if (file === undefined) throw addonError(places, `there is no ${toldOf(places)}`);
  return file;
}

/**
 * @param {string} file
 * @returns {Addon} what it exports, if it speaks the language of these sources
 */
function fitting(file) {
  const addon = requireFile(file);
  if (addon.wireHash === WIRE_HASH) return addon;
  throw misfitError(`does not fit this version: ${file} is of another one`);
}

/** @param {string} what */
function misfitError(what) {
  const text = `beast.io: the native addon ${what}. ${adviceForMisfit()}`;
  return codedError('ERR_BEASTIO_ADDON', text);
}

/** @param {string} file */
function requireFile(file) {
  if (isDamaged(file)) throw misfitError(`is damaged: ${file} is not what was packed`);
  try {
    return createRequire(file)(file); // bundlers put a function of theirs in the place of `require`
  } catch (cause) {
    const { message } = /** @type {Error} */ (cause);
    throw addonError([file], `${file} cannot be loaded (${message})`, cause);
  }
}

/**
 * Which build of the addon a checkout loads: the folder of build/ that it lies in. Installed packages and
 * bundles have one build only, and heed no variable.
 * @returns {'Release' | 'Debug' | 'Profile'}
 * @throws {Error} when the variable names no build
 */
function chosenConfiguration() {
  if (!isCheckout()) return 'Release'; // without a look at the environment, which Deno asks a permission for
  const { BEASTIO_ADDON: name = '' } = process.env;
  if (name === '') return 'Release';
  const known = /** @type {Record<string, 'Debug' | 'Profile' | undefined>} */ (CONFIGURATIONS);
  const chosen = known[name];
  if (chosen !== undefined) return chosen;
  const names = Object.keys(CONFIGURATIONS).join(', ');
  throw new Error(`beast.io: BEASTIO_ADDON is "${name}"; it may be one of ${names}`);
}

/**
 * Each path from `__dirname` in one expression: @vercel/nft finds by it what to deploy.
 * @param {string} name
 */
function placesInPackage(name) {
  const chosen = chosenConfiguration();
  if (chosen !== 'Release') {
    return [path.join(/** @type {string} */ (PACKAGE_FOLDER), 'build', chosen, name)];
  }
  return [
    // Only a developer's folder has this one: it is newer than what was packed from it.
    path.join(__dirname, '../../../build/Release', name),
    path.join(__dirname, '../../../prebuilds', platformFolder(), name),
  ];
}

/** @param {string} name */
function placesByBundle(name) {
  return bundleFolders().flatMap((folder) => [
    path.join(folder, 'prebuilds', platformFolder(), name),
    path.join(folder, name),
  ]);
}

/**
 * Those of the places without a file that the user is to know.
 * @param {string[]} places
 */
function toldOf(places) {
  if (PACKAGE_FOLDER === undefined) return places.join(' or ');
  return isCheckout() ? places[0] : places.at(-1);
}

/**
 * @param {string[]} places where the file was looked for
 * @param {string} what
 * @param {unknown} [cause]
 */
function addonError(places, what, cause) {
  const platform = `${platformFolder()}, Node ${process.version}`;
  const advice = adviceFor(places, cause);
  const text = `beast.io: the native addon is missing for ${platform}: ${what}. ${advice}`;
  return codedError('ERR_BEASTIO_ADDON', text, { cause });
}

module.exports = { chosenConfiguration, loadAddon, loadTlsAddon };
