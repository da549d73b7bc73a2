'use strict';

/** The packages that the package depends on, as tarballs made of what is installed here: for a registry without a network. */

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const { TOP } = require('../../support/programs/programs');

/**
 * @param {string} from a folder
 * @param {string} name of a package that it depends on
 * @returns {string} where that is, as Node finds it
 */
function placeOf(from, name) {
  const place = path.join(from, 'node_modules', name);
  if (fs.existsSync(place)) return place;
  if (from === TOP) throw new Error(`${name} is not installed`);
  return placeOf(path.dirname(from), name);
}

/** @returns {Set<string>} the folders of all that the package depends on */
function dependencyFolders() {
  const folders = new Set([TOP]);
  for (const folder of folders) {
    const { dependencies = {} } = require(path.join(folder, 'package.json'));
    for (const name of Object.keys(dependencies)) folders.add(placeOf(folder, name));
  }
  folders.delete(TOP);
  return folders;
}

/**
 * @param {string} destination a folder
 * @returns {Promise<string[]>} the tarballs in it
 */
async function packDependencies(destination) {
  const tarballs = [...dependencyFolders()].map(async (folder, index) => {
    const tarball = path.join(destination, `dependency-${index}.tgz`);
    const args = [
      '-czf',
      tarball,
      '-C',
      folder,
      '--exclude=./node_modules',
      '--transform=s,^\\.,package,',
      '.',
    ];
    await promisify(execFile)('tar', args);
    return tarball;
  });
  return Promise.all(tarballs);
}

module.exports = { dependencyFolders, packDependencies };
