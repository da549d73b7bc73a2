'use strict';

/**
 * The lists of C++ sources that binding.gyp builds, one path per line when run as a program. `core` is
 * native/sources.txt, which CMake reads too. `addon` is every file below native/node/. `tls`, the second
 * addon file, is every one of native/tls/ and native/tls-addon/. Node core modules only.
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

/**
 * @param {string} folder
 * @returns {string[]} The sources in it and below, relative to the top of the repository.
 */
function sourcesIn(folder) {
  return fs
    .readdirSync(path.join(TOP, folder), { encoding: 'utf8', recursive: true })
    .filter((file) => file.endsWith('.cpp'))
    .sort()
    .map((file) => `${folder}/${file}`);
}

/** @returns {string[]} The addon's sources, relative to the top of the repository. */
function addonSources() {
  return sourcesIn('native/node');
}

/** @returns {string[]} Those of the second addon file. */
function tlsSources() {
  return [...sourcesIn('native/tls'), ...sourcesIn('native/tls-addon')];
}

/** @type {Record<string, () => string[]>} */
const LISTS = { core: coreSources, addon: addonSources, tls: tlsSources };

if (require.main === module) {
  console.log(LISTS[process.argv[2]]().join('\n'));
}

module.exports = { addonSources, coreSources, tlsSources };
