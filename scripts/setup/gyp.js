'use strict';

/**
 * Builds addons with handlers in C++, of the examples and of tests, as users do: by node-gyp, from a folder
 * with a `binding.gyp`. Node core modules only.
 */

const path = require('node:path');
const { findNodeHeaders } = require('./addon');
const { compilerCacheEnv } = require('./compiler-cache');
const { withLock } = require('./lock');
const { TOP, run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

const NODE_GYP = path.join(TOP, 'node_modules/node-gyp/bin/node-gyp.js');

/**
 * Order: after the set-up, whose tools it runs.
 * Errors: throws a SetUpError with what the compiler has said.
 *
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
  if (code !== 0) throw new SetUpError(output);
  return path.join(folder, `build/Release/${target}.node`);
}

module.exports = { builtByGyp };
