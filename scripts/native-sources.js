'use strict';

/**
 * The lists of C++ sources that binding.gyp builds, one path per line when run as a program. `core` is
 * native/sources.txt, which CMake reads too. `addon` is every file below native/node/. `tls`, the second
 * addon file, is every one of native/tls/ and native/tls-addon/. Of native/src/platform/ the lists have what the
 * system is that is built for: this one, or the one that npm_config_platform names. Node core modules only.
 */

const fs = require('node:fs');
const path = require('node:path');

const TOP = path.join(__dirname, '..');

/** The folders of native/src/platform/, by the systems that they are for. */
const FOLDERS = /** @type {Record<string, string[]>} */ ({
  linux: ['linux', 'posix'],
  darwin: ['macos', 'posix'],
});

/**
 * @param {string} file
 * @param {string} system as Node names it
 */
function isFor(file, system) {
  const folder = /^src\/platform\/(\w+)\//.exec(file)?.[1];
  return folder === undefined || (FOLDERS[system] ?? FOLDERS.linux).includes(folder);
}

/** The system that is built for, as Node names it. */
function builtFor() {
  return process.env.npm_config_platform ?? process.platform;
}

/** @returns {string[]} The core's sources, relative to the top of the repository. */
function coreSources() {
  return fs
    .readFileSync(path.join(TOP, 'native/sources.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && isFor(line, builtFor()))
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

/** @returns {string[]} What keeps a file of the addon in memory, where the linker cannot. */
function keepers() {
  return builtFor() === 'darwin' ? ['native/src/platform/macos/keep-loaded.cpp'] : [];
}

/** @returns {string[]} The addon's sources, relative to the top of the repository. */
function addonSources() {
  return [...sourcesIn('native/node'), ...keepers()];
}

/** @returns {string[]} Those of the second addon file. */
function tlsSources() {
  return [...sourcesIn('native/tls'), ...sourcesIn('native/tls-addon'), ...keepers()];
}

/** @type {Record<string, () => string[]>} */
const LISTS = { core: coreSources, addon: addonSources, tls: tlsSources };

if (require.main === module) {
  console.log(LISTS[process.argv[2]]().join('\n'));
}

module.exports = { addonSources, coreSources, tlsSources };
