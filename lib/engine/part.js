/**
 * One message as the outbox takes it: a well-formed text, or bytes; and as those see it who watch.
 */
'use strict';

/**
 * A text that ends in half a surrogate pair would merge with the one that follows it.
 * @param {string} text
 * @returns {string}
 */
function wellFormed(text) {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? /** @type {any} */ (text).toWellFormed() : text;
}

/**
 * @param {any} data a message of the application, or of its encoder
 * @returns {string | Uint8Array}
 */
function toPart(data) {
  if (typeof data === 'string') return wellFormed(data);
  if (data instanceof Uint8Array && (data.byteLength > 0 || Buffer.isBuffer(data))) return data;
  // Throws if its bytes have been transferred elsewhere, as `ws` does; a Buffer is empty then.
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) return new Uint8Array(data);
  throw new TypeError('a message must be a string, a Buffer, an ArrayBuffer or a view of one');
}

/**
 * A packet as those see it who watch what is sent.
 * @param {string} type
 * @param {any} data
 * @param {any} options
 */
function packetOf(type, data, options) {
  /** @type {any} */
  const packet = { type, options: { ...options, compress: options?.compress !== false } };
  if (data) packet.data = data;
  return packet;
}

/** @param {string | Uint8Array} part */
function byteLength(part) {
  return typeof part === 'string' ? Buffer.byteLength(part) : part.byteLength;
}

module.exports = { byteLength, packetOf, toPart };
