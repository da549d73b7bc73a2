/**
 * Installs the peers that are measured beside ours: what bench/peers/package-lock.json pins, from the npm
 * registry and from nowhere else, without their install scripts. A peer that cannot be had is absent,
 * with the reason, and the bench goes on without it.
 */
'use strict';

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { findNodeHeaders } = require('../../scripts/setup/addon');
const { TOP } = require('../../scripts/support/processes');

const PEERS = path.join(__dirname, '../peers');
const FILES = ['package.json', 'package-lock.json'];
const TLS_STAND_IN = 'eiows-crypto-tls.h';

/** Where eiows looks for the sources of Node, of which it needs one header. */
const EIOWS_CRYPTO_FOLDER = 'nodejs/src/node/src/crypto';

/**
 * @typedef {object} Peers
 * @property {string} folder that has node_modules
 * @property {string} bun path of the executable; empty when it is absent
 * @property {Record<string, string>} absent the reason, by the names of packages
 */

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * Errors: an Error with the last words of the command.
 */
function execute(command, args, cwd) {
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status === 0) return;
  const words = `${stderr}\n${stdout}`.trim().split('\n').slice(0, 12).join('\n');
  throw new Error(`${path.basename(command)} ended with code ${status}: ${words}`);
}

/** @returns {string} the hash of what decides which programs an installation has */
function fingerprint() {
  const hash = createHash('sha256').update(
    `${process.version} ${process.platform} ${process.arch}`,
  );
  for (const file of [...FILES, TLS_STAND_IN]) hash.update(fs.readFileSync(path.join(PEERS, file)));
  return hash.digest('hex').slice(0, 16);
}

/**
 * eiows compiles against the sources of the running Node, which it would clone from GitHub. For plain TCP the
 * installed headers and a stand-in for one class are enough.
 * @param {string} folder
 */
function buildEiows(folder) {
  const eiows = path.join(folder, 'node_modules/eiows');
  const crypto = path.join(eiows, EIOWS_CRYPTO_FOLDER);
  fs.mkdirSync(crypto, { recursive: true });
  fs.copyFileSync(path.join(PEERS, TLS_STAND_IN), path.join(crypto, 'crypto_tls.h'));
  const nodeGyp = path.join(TOP, 'node_modules/node-gyp/bin/node-gyp.js');
  const args = [nodeGyp, 'rebuild', '--release', `--nodedir=${findNodeHeaders()}`];
  execute(process.execPath, args, eiows);
}

/**
 * @param {string} folder
 * @returns {string} the executable, which its package's install script would only have put elsewhere
 */
function findBun(folder) {
  const architecture = process.arch === 'arm64' ? 'aarch64' : process.arch;
  const name = `@oven/bun-${process.platform}-${architecture}`;
  const executable = path.join(folder, 'node_modules', name, 'bin/bun');
  execute(executable, ['--version'], folder);
  return executable;
}

/** @param {unknown} error */
function reason(error) {
  return /** @type {Error} */ (error).message;
}

/**
 * @param {string} folder
 * @returns {Peers}
 */
function install(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const file of FILES) fs.copyFileSync(path.join(PEERS, file), path.join(folder, file));
  /** @type {Peers} */
  const peers = { folder, bun: '', absent: {} };
  try {
    // Peer dependencies are left out: the one there is, TypeScript, is not needed to run.
    const options = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];
    execute('npm', ['ci', ...options], folder);
  } catch (error) {
    for (const name of ['bun', '@socket.io/bun-engine', 'eiows'])
      peers.absent[name] = reason(error);
    return peers;
  }
  try {
    buildEiows(folder);
  } catch (error) {
    peers.absent.eiows = reason(error);
  }
  try {
    peers.bun = findBun(folder);
  } catch (error) {
    peers.absent.bun = reason(error);
    peers.absent['@socket.io/bun-engine'] = reason(error);
  }
  return peers;
}

/**
 * @param {string} cacheFolder
 * @param {(message: string) => void} say called before an installation, which takes about half a minute
 * @returns {Peers}
 */
function installPeers(cacheFolder, say) {
  const folder = path.join(cacheFolder, `peers-${fingerprint()}`);
  const done = path.join(folder, 'installed.json');
  if (fs.existsSync(done)) return JSON.parse(fs.readFileSync(done, 'utf8'));
  say('installing the peers from npm');
  const peers = install(folder);
  // What failed is tried again the next time: the registry may have been out of reach.
  if (Object.keys(peers.absent).length === 0) fs.writeFileSync(done, JSON.stringify(peers));
  return peers;
}

module.exports = { installPeers };
