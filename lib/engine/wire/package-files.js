/**
 * Where the files of the package lie that are no JavaScript: the addon and the browser client. They are in
 * the package, unless a bundler (esbuild, webpack and the like) has put these sources into a file of the
 * application. Then they are beside that file, or missing.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** The folder of this file, or of the bundle. Bundles that are ES modules have no such variable. */
const HERE = typeof __dirname === 'string' ? __dirname : undefined;

/** The folder of the package; none where these sources are in a bundle. */
const PACKAGE_FOLDER =
  HERE !== undefined && isThere(path.join(HERE, 'package-files.js'))
    ? path.join(HERE, '../../..')
    : undefined;

/**
 * The folders that may be meant by "beside the bundle", the likeliest first. Some bundlers replace
 * `__dirname` by another value or leave it out; the program that was started tells the folder then.
 * @returns {string[]}
 */
function bundleFolders() {
  const program = process.argv[1];
  const folders = program === undefined ? [] : [path.dirname(path.resolve(program))];
  if (HERE !== undefined) folders.unshift(HERE);
  return [...new Set(folders)];
}

/** Whether this is a developer's folder, which can build the addon; an installed package cannot. */
function isCheckout() {
  return PACKAGE_FOLDER !== undefined && isThere(path.join(PACKAGE_FOLDER, 'binding.gyp'));
}

/**
 * Whether a file is there for this process. Node 20 throws where its permission model refuses to tell.
 * @param {string} file
 */
function isThere(file) {
  try {
    return fs.existsSync(file);
  } catch {
    return false;
  }
}

module.exports = { PACKAGE_FOLDER, bundleFolders, isCheckout, isThere };
