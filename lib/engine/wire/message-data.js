/**
 * One message as commands take it: a well-formed text, or bytes. Also the message as those see it who watch
 * what is sent.
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
 * What is neither text nor bytes becomes what engine.io makes of it: nothing if it is falsy, else what
 * JavaScript appends to a text. A client can cause such a message: an empty one that it sends arrives as
 * `undefined`, and applications send back what they get.
 * @param {any} data a message of the application, or of its encoder
 * @returns {string | Uint8Array}
 * @throws {TypeError} if JavaScript cannot make a text of it, or if its bytes have been transferred
 */
function toMessageData(data) {
  if (typeof data === 'string') return wellFormed(data);
  if (data instanceof Uint8Array && (data.byteLength > 0 || Buffer.isBuffer(data))) return data;
  // Throws if its bytes have been transferred elsewhere, as `ws` does; a Buffer is empty then.
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (isArrayBuffer(data)) return new Uint8Array(data);
  // Not a template: that would ask an object for `toString` before `valueOf`.
  return data ? wellFormed('' + data) : '';
}

/**
 * The same for a client of protocol 3, where engine.io makes a text of other values by `String`.
 * @param {any} data
 * @returns {string | Uint8Array}
 */
function toLegacyMessage(data) {
  const isBytes = ArrayBuffer.isView(data) || isArrayBuffer(data);
  return toMessageData(data && !isBytes ? String(data) : data);
}

/** @param {any} data */
function isArrayBuffer(data) {
  return data instanceof ArrayBuffer || data instanceof SharedArrayBuffer;
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

module.exports = { byteLength, packetOf, toLegacyMessage, toMessageData, wellFormed };
