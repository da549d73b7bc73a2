'use strict';

/**
 * Finding things on disk: programs on the PATH, C++ headers, and the files of a folder.
 * Node core modules only, because the set-up runs before node_modules exists.
 */

const fs = require('node:fs');
const path = require('node:path');

const INCLUDE_DIRECTORIES = ['/usr/include', '/usr/local/include', '/opt/homebrew/include'];

/**
 * @param {string} name A program's name.
 * @returns {string | undefined} Its path, when the PATH leads to one that this user may execute.
 */
function findProgram(name) {
  const candidates = (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((directory) => path.join(directory, name));
  return candidates.find((candidate) => {
    try {
      fs.accessSync(candidate, fs.constants.X_OK);
      return fs.statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}

/**
 * @param {string} name A header as an `#include` names it.
 * @returns {string | undefined} Its path, in CPLUS_INCLUDE_PATH or where compilers look by default.
 */
function findHeader(name) {
  const added = (process.env.CPLUS_INCLUDE_PATH ?? '').split(path.delimiter).filter(Boolean);
  return [...added, ...INCLUDE_DIRECTORIES]
    .map((directory) => path.join(directory, name))
    .find((candidate) => fs.existsSync(candidate));
}

/**
 * @param {string} directory
 * @param {RegExp} pattern What a file's name must match.
 * @returns {string[]} All such files at any depth, sorted; none when the directory is missing.
 */
function listFiles(directory, pattern) {
  if (!fs.existsSync(directory)) return [];
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !file.includes(`${path.sep}node_modules${path.sep}`))
    .sort();
}

module.exports = { findHeader, findProgram, listFiles };
