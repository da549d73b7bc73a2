'use strict';

/** Copies of the tree, which are built with other flags or compilers. Node core modules only. */

const fs = require('node:fs');
const path = require('node:path');
const { TOP } = require('./processes');

/**
 * Brings a copy up to date. Files that have not changed keep their times, so little is built anew.
 *
 * @param {string[]} names of files, relative to the top of the repository
 * @param {string} copy a folder
 */
function copyChanged(names, copy) {
  for (const name of names) {
    const [from, to] = [path.join(TOP, name), path.join(copy, name)];
    if (fs.existsSync(to) && fs.readFileSync(from).equals(fs.readFileSync(to))) continue;
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.copyFileSync(from, to);
  }
  const packages = path.join(copy, 'node_modules');
  if (!fs.existsSync(packages)) fs.symlinkSync(path.join(TOP, 'node_modules'), packages);
}

module.exports = { copyChanged };
