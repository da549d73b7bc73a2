/**
 * The file that `npm run pack` puts beside the binaries of a platform. It has their digests and sizes. A binary that
 * was cut off or altered on its way must not be loaded: it would kill the process. But some put packages together
 * anew, and strip or patch each binary (Nix, Debian). Then it has another size, and is whole.
 */
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { isThere } = require('./package-files');

/** Its name. */
const CONTENTS = 'contents.json';

/** Of the format of Linux's binaries, for 64 bits (elf(5)). */
const ELF = Object.freeze({
  magic: 0x7f454c46,
  segmentsAt: 32,
  segmentSizeAt: 54,
  segmentCountAt: 56,
  offsetInSegment: 8,
  sizeInSegment: 32,
});

/**
 * Whether all that a binary says it has is there.
 * @param {Buffer} bytes
 */
function isWhole(bytes) {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== ELF.magic) return false;
  const first = Number(bytes.readBigUInt64LE(ELF.segmentsAt));
  const size = bytes.readUInt16LE(ELF.segmentSizeAt);
  const count = bytes.readUInt16LE(ELF.segmentCountAt);
  for (let at = first; at < first + size * count; at += size) {
    const begin = bytes.readBigUInt64LE(at + ELF.offsetInSegment);
    const length = bytes.readBigUInt64LE(at + ELF.sizeInSegment);
    if (begin + length > bytes.length) return false;
  }
  return count > 0;
}

/**
 * Whether a binary cannot be loaded as it is. Where the file is missing, as beside a build of a developer's and
 * beside many a bundle, nothing is known of it.
 * @param {string} binary its path
 * @returns {boolean}
 */
function isDamaged(binary) {
  const contents = path.join(path.dirname(binary), CONTENTS);
  if (!isThere(contents)) return false;
  try {
    const name = path.basename(binary);
    const packed = JSON.parse(fs.readFileSync(contents, 'utf8'));
    const bytes = fs.readFileSync(binary);
    const digest = crypto.createHash('sha256').update(bytes).digest('hex');
    if (digest === packed.sha256[name]) return false;
    return bytes.length === packed.bytes[name] || !isWhole(bytes);
  } catch {
    return true;
  }
}

module.exports = { CONTENTS, isDamaged };
