'use strict';

/**
 * Settings of ccache that both builds share, so that clones in different folders reuse each other's objects.
 * Node core modules only.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { TOP } = require('../support/processes');

/** @returns {NodeJS.ProcessEnv} Variables for a command that compiles. */
function compilerCacheEnv() {
  /** @type {NodeJS.ProcessEnv} */
  const env = { CCACHE_BASEDIR: TOP, CCACHE_NOHASHDIR: '1' };
  try {
    fs.accessSync(os.homedir(), fs.constants.W_OK);
  } catch {
    // Service users have no home to write to; without a cache folder ccache refuses to compile.
    env.CCACHE_DIR = path.join(TOP, '.ccache');
  }
  return env;
}

module.exports = { compilerCacheEnv };
