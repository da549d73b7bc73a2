/**
 * The genuine package with its default WebSocket engine, `ws`: the baseline of every ratio.
 */
'use strict';

const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { Server } = require('socket.io');
const { serve } = require('./application');

/**
 * Read from the file: some of these packages do not export their package.json.
 * @param {string} name
 * @param {NodeJS.Require} from whose copy of the package: engine.io has a `ws` of its own
 * @returns {string} Errors: throws when the package is not installed
 */
function versionOf(name, from = require) {
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
const ofEngineIo = createRequire(ofSocketIo.resolve('engine.io'));
const ofWs = createRequire(ofEngineIo.resolve('ws'));

serve(Server, {
  'socket.io': versionOf('socket.io'),
  'engine.io': versionOf('engine.io', ofSocketIo),
  ws: versionOf('ws', ofEngineIo),
  bufferutil: bufferutilVersion(ofWs),
});
