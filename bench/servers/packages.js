/**
 * Which packages a server of the bench is made of: where the peers are, and every version it reports.
 */
'use strict';

const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

/** Requires from the folder into which support/peers.js has installed the peers. */
const requirePeer = createRequire(path.join(process.env.BENCH_PEERS ?? __dirname, 'index.js'));

/**
 * Read from the file: some of these packages do not export their package.json.
 * @param {string} name
 * @param {NodeJS.Require} from whose copy of the package: engine.io has a separate `ws`
 * @returns {string} Errors: throws when the package is not installed
 */
function versionOf(name, from) {
  const entry = from.resolve(name);
  const folder = path.join('node_modules', name);
  const root = entry.slice(0, entry.lastIndexOf(folder) + folder.length);
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version;
}

/**
 * `ws` unmasks and validates faster when this optional addon is installed.
 * @param {NodeJS.Require} from
 */
function bufferutilVersion(from) {
  try {
    return versionOf('bufferutil', from);
  } catch {
    return 'not installed';
  }
}

const ofSocketIo = createRequire(require.resolve('socket.io'));

/** @returns {Record<string, string>} of the genuine package without its WebSocket engine */
function socketIoVersions() {
  return {
    'socket.io': versionOf('socket.io', require),
    'engine.io': versionOf('engine.io', ofSocketIo),
  };
}

/** @returns {Record<string, string>} of the WebSocket engine that engine.io brings along */
function wsVersions() {
  if (process.versions.bun) return { ws: "Bun's own" };
  const ofEngineIo = createRequire(ofSocketIo.resolve('engine.io'));
  return {
    ws: versionOf('ws', ofEngineIo),
    bufferutil: bufferutilVersion(createRequire(ofEngineIo.resolve('ws'))),
  };
}

/** Our fallback works without the addon, and would be measured in its place without a word. */
function checkNativeEngine() {
  const root = path.resolve(__dirname, '../..');
  const inside = readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .some((line) => line.includes(root) && line.endsWith('.node'));
  if (!inside) {
    throw new Error(
      `no addon of ${root} is loaded: the native engine is not in use (npm run setup)`,
    );
  }
}

module.exports = { checkNativeEngine, requirePeer, socketIoVersions, versionOf, wsVersions };
