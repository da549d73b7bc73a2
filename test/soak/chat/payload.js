/** What a message carries: known from its number, so a receiver sees whether it is whole. */
'use strict';

const MOST_BYTES = 2000;

/** Each eighth message is binary. */
const BINARY_EACH = 8;

/**
 * @param {string} sender
 * @param {number} number
 * @returns {string | Buffer}
 */
function payloadOf(sender, number) {
  const length = (number * 7919 + sender.length * 104729) % MOST_BYTES;
  const text = `${sender} ${number} ü `.repeat(MOST_BYTES / 8).slice(0, length);
  return number % BINARY_EACH === 0 ? Buffer.from(text) : text;
}

/**
 * @param {unknown} payload
 * @param {string} sender
 * @param {number} number
 */
function isWhole(payload, sender, number) {
  const wanted = payloadOf(sender, number);
  if (typeof wanted === 'string') return payload === wanted;
  return payload instanceof Uint8Array && wanted.equals(payload);
}

module.exports = { isWhole, payloadOf };
