/**
 * Values as one line of text: the same text for what an application cannot tell apart. Objects that
 * lead everywhere (servers, sockets, requests) are shown by the name of their class.
 */
'use strict';

const { EventEmitter } = require('node:events');

const MAX_DEPTH = 8;
const MAX_BYTES_SHOWN = 64;
const MAX_CHARS_SHOWN = 2000;

/**
 * @param {unknown} value
 * @param {number} [depth]
 * @returns {string}
 */
function show(value, depth = 0) {
  switch (typeof value) {
    case 'string':
      return showString(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return isClass(value) ? `class ${value.name}` : `function/${value.length}`;
    case 'object':
      if (value === null) return 'null';
      return depth > MAX_DEPTH ? '…' : showObject(value, depth + 1);
    default:
      return String(value);
  }
}

/** @param {string} text */
function showString(text) {
  if (text.length <= MAX_CHARS_SHOWN) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, 100))}… (${text.length} characters)`;
}

/** @param {Function} value */
function isClass(value) {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/**
 * @param {any} object
 * @param {number} depth
 * @returns {string}
 */
function showObject(object, depth) {
  if (ArrayBuffer.isView(object) || object instanceof ArrayBuffer) return showBytes(object);
  if (Array.isArray(object)) {
    return `[${Array.from(object, (element) => show(element, depth)).join(', ')}]`;
  }
  if (object instanceof Set) {
    return `Set(${[...object].map((element) => show(element, depth)).join(', ')})`;
  }
  if (object instanceof Map) {
    const entries = [...object].map(
      ([key, value]) => `${show(key, depth)} => ${show(value, depth)}`,
    );
    return `Map(${entries.join(', ')})`;
  }
  if (object instanceof Date) return `Date(${object.toJSON()})`;
  if (object instanceof Error) return showError(object, depth);
  const prototype = Object.getPrototypeOf(object);
  const name = prototype === null ? 'null-prototype ' : className(prototype);
  if (object instanceof EventEmitter) return `<${name.trim()}>`;
  return `${name}${showProperties(object, depth)}`;
}

/** @param {any} prototype */
function className(prototype) {
  const name = prototype.constructor?.name;
  return name === 'Object' || !name ? '' : `${name} `;
}

/**
 * @param {any} object
 * @param {number} depth
 */
function showProperties(object, depth) {
  const properties = Object.keys(object).map((key) => {
    const name = /^\w+$/.test(key) ? key : JSON.stringify(key);
    return `${name}: ${show(object[key], depth)}`;
  });
  return `{${properties.join(', ')}}`;
}

/**
 * @param {any} error
 * @param {number} depth
 */
function showError(error, depth) {
  const more = Object.keys(error).length > 0 ? ` ${showProperties(error, depth)}` : '';
  return `${error.constructor.name}(${error.message})${more}`;
}

/** @param {any} bytes */
function showBytes(bytes) {
  const isBuffer = ArrayBuffer.isView(bytes);
  const buffer = isBuffer
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Buffer.from(bytes);
  const shown = buffer.toString('hex', 0, MAX_BYTES_SHOWN);
  const more = buffer.length > MAX_BYTES_SHOWN ? `… (${buffer.length} bytes)` : '';
  return `${bytes.constructor.name}(${shown}${more})`;
}

module.exports = { show };
