'use strict';

/**
 * The file beside the binaries of a platform: their digests and sizes, which the loader compares, and what they are made of.
 * It travels with them from the machine that made them to the one that packs. Node core modules only.
 */

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { CONTENTS } = require('../../lib/engine/wire/contents');
const { TOP } = require('../support/processes');
const { nativeComponents } = require('./components');

/**
 * @param {string} file
 * @param {'sha256' | 'sha512'} algorithm
 */
function digestOf(file, algorithm) {
  return crypto.createHash(algorithm).update(fs.readFileSync(file)).digest('hex');
}

/**
 * Writes it.
 * @param {string} folder Of prebuilds/.
 * @param {string[]} names Of the binaries in it.
 */
async function writeContents(folder, names) {
  const digests = names.map((name) => [name, digestOf(path.join(folder, name), 'sha256')]);
  const sizes = names.map((name) => [name, fs.statSync(path.join(folder, name)).size]);
  const components = await nativeComponents(path.basename(folder));
  const contents = {
    sha256: Object.fromEntries(digests),
    bytes: Object.fromEntries(sizes),
    components,
  };
  const draft = path.join(TOP, 'build', `${CONTENTS}.${process.pid}`);
  fs.writeFileSync(draft, `${JSON.stringify(contents, null, 2)}\n`);
  fs.renameSync(draft, path.join(folder, CONTENTS)); // at once, as the binaries
}

module.exports = { CONTENTS, digestOf, writeContents };
