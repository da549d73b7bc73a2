/**
 * Compression of polling answers (`httpCompression`), by Node's zlib as engine.io does it.
 */
'use strict';

const zlib = require('node:zlib');
const accepts = require('accepts');

const STREAMS = Object.freeze({ gzip: zlib.createGzip, deflate: zlib.createDeflate });

/** @typedef {keyof typeof STREAMS} Encoding */

/**
 * The encoding for an answer, if it is to be compressed.
 * @param {import('node:http').IncomingMessage} req
 * @param {number} length of the answer in bytes
 * @param {any} options of zlib, and `threshold`; false: no compression
 * @returns {Encoding | undefined}
 */
function chooseEncoding(req, length, options) {
  if (!options || length < options.threshold) return undefined;
  const encoding = accepts(req).encodings(['gzip', 'deflate']);
  return encoding ? /** @type {Encoding} */ (encoding) : undefined;
}

/**
 * @param {import('node:http').ServerResponse} res whose headers are written
 * @param {Buffer | string} body
 * @param {Encoding} encoding
 * @param {any} options
 */
function writeCompressed(res, body, encoding, options) {
  const stream = STREAMS[encoding](options);
  stream.on('error', () => res.end());
  stream.pipe(res);
  stream.end(body);
}

module.exports = { chooseEncoding, writeCompressed };
