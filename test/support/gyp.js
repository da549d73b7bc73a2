/**
 * Builds an addon as users do: by node-gyp, from a folder with a `binding.gyp`.
 */
'use strict';

const path = require('node:path');
const { findNodeHeaders } = require('../../scripts/setup/addon');
const { compilerCacheEnv } = require('../../scripts/setup/compiler-cache');
const { withLock } = require('../../scripts/setup/lock');
const { TOP, run } = require('../../scripts/support/processes');

const NODE_GYP = path.join(TOP, 'node_modules/node-gyp/bin/node-gyp.js');

/**
 * @param {string} folder
 * @param {string} target
 * @returns {Promise<string>} the file to be loaded
 */
async function builtByGyp(folder, target) {
  const args = [NODE_GYP, 'configure', 'build', `--nodedir=${findNodeHeaders()}`];
  const env = { ...compilerCacheEnv(), CXX: 'ccache g++', CC: 'ccache gcc' };
  const { code, output } = await withLock(path.join(TOP, `build-addons-${target}.lock`), () =>
    run(process.execPath, args, { cwd: folder, env }),
  );
  if (code !== 0) throw new Error(output);
  return path.join(folder, `build/Release/${target}.node`);
}

module.exports = { builtByGyp };
