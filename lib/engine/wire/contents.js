/**
 * The file that `npm run pack` puts beside the binaries of a platform. It has their digests. A binary that was cut
 * off or altered on its way must not be loaded: it would kill the process.
 */
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { isThere } = require('./package-files');

/** Its name. */
const CONTENTS = 'contents.json';

/**
 * Whether a binary is another one than was packed. Where the file is missing, as beside a build of a developer's and
 * beside many a bundle, nothing is known of it.
 * @param {string} binary its path
 * @returns {boolean}
 */
function isDamaged(binary) {
  const contents = path.join(path.dirname(binary), CONTENTS);
  if (!isThere(contents)) return false;
  try {
    const { sha256 } = JSON.parse(fs.readFileSync(contents, 'utf8'));
    const digest = crypto.createHash('sha256').update(fs.readFileSync(binary)).digest('hex');
    return digest !== sha256[path.basename(binary)];
  } catch {
    return true;
  }
}

module.exports = { CONTENTS, isDamaged };
