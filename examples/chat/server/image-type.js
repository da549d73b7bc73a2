/**
 * Tells an image by its first bytes. SVG is left out on purpose: it is a document with scripts.
 */
'use strict';

/** @type {{ type: string, at: number, magic: Buffer }[][]} every part of a row must be there */
const SIGNATURES = [
  [{ type: 'image/png', at: 0, magic: Buffer.from('89504e470d0a1a0a', 'hex') }],
  [{ type: 'image/jpeg', at: 0, magic: Buffer.from('ffd8ff', 'hex') }],
  [{ type: 'image/gif', at: 0, magic: Buffer.from('GIF87a') }],
  [{ type: 'image/gif', at: 0, magic: Buffer.from('GIF89a') }],
  [
    { type: 'image/webp', at: 0, magic: Buffer.from('RIFF') },
    { type: 'image/webp', at: 8, magic: Buffer.from('WEBP') },
  ],
];

/**
 * @param {Buffer} bytes
 * @returns {string | null} the media type, or null when it is none of those we show
 */
function imageType(bytes) {
  const row = SIGNATURES.find((parts) =>
    parts.every(({ at, magic }) => bytes.subarray(at, at + magic.length).equals(magic)),
  );
  return row ? row[0].type : null;
}

module.exports = { imageType };
