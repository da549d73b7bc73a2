/**
 * Tells whether a value must travel as a binary packet. It must if a Buffer, a typed array, an ArrayBuffer, a
 * Blob or a File sits anywhere in it. Runs once per outgoing packet, before encoding. It agrees with
 * socket.io-parser on every value, `toJSON()` included; primitives leave at once.
 */
'use strict';

const hasOwn = Object.prototype.hasOwnProperty;
const plainPrototype = Object.prototype;

/**
 * Whether an object is itself an attachment.
 * @param {object} object
 */
function isBinary(object) {
  return (
    ArrayBuffer.isView(object) ||
    object instanceof ArrayBuffer ||
    object instanceof Blob ||
    object instanceof File
  );
}

/**
 * Whether an object holds an attachment in one of its enumerable properties, inherited ones left out.
 * @param {Record<string, unknown>} object
 */
function anyPropertyHasBinary(object) {
  for (const key in object) {
    if (!hasOwn.call(object, key)) continue;
    const value = object[key];
    if (typeof value === 'object' && value !== null && hasBinary(value)) return true;
  }
  return false;
}

/**
 * Whether a value contains binary data at any depth.
 * @param {unknown} value
 * @returns {boolean}
 */
function hasBinary(value) {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const element = value[i];
      if (typeof element === 'object' && element !== null && hasBinary(element)) return true;
    }
    return false;
  }
  // An object literal is never an attachment: four instance checks saved on the common case.
  if (Object.getPrototypeOf(value) !== plainPrototype && isBinary(value)) return true;
  const object = /** @type {Record<string, any>} */ (value);
  if (typeof object.toJSON === 'function') {
    const replacement = object.toJSON();
    if (typeof replacement !== 'object' || replacement === null) return false;
    if (Array.isArray(replacement)) return hasBinary(replacement);
    // One level only: what toJSON() returned is taken as it is, even with another toJSON().
    return isBinary(replacement) || anyPropertyHasBinary(replacement);
  }
  return anyPropertyHasBinary(object);
}

module.exports = { hasBinary, isBinary };
