'use strict';

/**
 * The lists of C++ sources that binding.gyp builds, one path per line when run as a program:
 * `core` is native/sources.txt, which CMake reads too; `addon` is every file of native/node/.
 * Node core modules only.
 */

const fs = require('node:fs');
const path = require('node:path');

const TOP = path.join(__dirname, '..');

/** @returns {string[]} The core's sources, relative to the top of the repository. */
function coreSources() {
  return fs
    .readFileSync(path.join(TOP, 'native/sources.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((file) => `native/${file}`);
}

/** @returns {string[]} The addon's sources, relative to the top of the repository. */
function addonSources() {
  return fs
    .readdirSync(path.join(TOP, 'native/node'))
    .filter((file) => file.endsWith('.cpp'))
    .sort()
    .map((file) => `native/node/${file}`);
}

if (require.main === module) {
  const sources = process.argv[2] === 'core' ? coreSources() : addonSources();
  console.log(sources.join('\n'));
}

module.exports = { addonSources, coreSources };
