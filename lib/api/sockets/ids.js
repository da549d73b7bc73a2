/**
 * Random identifiers: 20 characters of the URL-safe base64 alphabet, 120 bits. Sticky load balancers look
 * for this length and alphabet. Random bytes are drawn in blocks: a call into OpenSSL costs far more
 * than the 15 bytes of one identifier.
 */
'use strict';

const { randomFillSync } = require('node:crypto');

const ID_BYTES = 15;
const pool = Buffer.alloc(ID_BYTES * 128);
let used = pool.length;

/**
 * A new identifier, unguessable from all earlier ones.
 * @returns {string}
 */
function generateId() {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const start = used;
  used += ID_BYTES;
  return pool.toString('base64url', start, used);
}

module.exports = { generateId };
