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
const { SetUpError } = require('../support/set-up-error');
const { nativeComponents } = require('./components');

/**
 * @param {string} file
 * @param {'sha256' | 'sha512'} algorithm
 */
function digestOf(file, algorithm) {
  return crypto.createHash(algorithm).update(fs.readFileSync(file)).digest('hex');
}

/** A name beside which no `npm run pack` looks. @param {string} name */
function draftOf(name) {
  const folder = path.join(TOP, 'build');
  fs.mkdirSync(folder, { recursive: true });
  return path.join(folder, `${name}.${process.pid}`);
}

/**
 * Writes it.
 * @param {string} folder Of prebuilds/.
 * @param {string[]} names Of the binaries in it.
 * @param {import('./components').Tools} [tools] Those that built them, if not this machine's.
 */
async function writeContents(folder, names, tools) {
  const digests = names.map((name) => [name, digestOf(path.join(folder, name), 'sha256')]);
  const sizes = names.map((name) => [name, fs.statSync(path.join(folder, name)).size]);
  const components = await nativeComponents(path.basename(folder), tools);
  const contents = {
    sha256: Object.fromEntries(digests),
    bytes: Object.fromEntries(sizes),
    components,
  };
  const draft = draftOf(CONTENTS);
  fs.writeFileSync(draft, `${JSON.stringify(contents, null, 2)}\n`);
  fs.renameSync(draft, path.join(folder, CONTENTS)); // at once, as the binaries
}

/**
 * Looks whether all binaries are those that their digests are of.
 * Errors: throws a SetUpError that names the folders where it is not so.
 *
 * @param {string} prebuilds
 */
function checkContents(prebuilds) {
  const bad = fs.readdirSync(prebuilds).filter((platform) => {
    const folder = path.join(prebuilds, platform);
    const names = fs.readdirSync(folder);
    const binaries = names.filter((name) => name !== CONTENTS);
    if (binaries.length === 0 || binaries.length === names.length) return true;
    const { sha256 } = JSON.parse(fs.readFileSync(path.join(folder, CONTENTS), 'utf8'));
    return binaries.some((name) => digestOf(path.join(folder, name), 'sha256') !== sha256[name]);
  });
  if (bad.length === 0) return;
  const folders = bad.map((platform) => `prebuilds/${platform}`).join(', ');
  throw new SetUpError(`Its ${CONTENTS} does not fit: ${folders}. Remove it, or make it anew.`);
}

module.exports = { CONTENTS, checkContents, digestOf, draftOf, writeContents };
