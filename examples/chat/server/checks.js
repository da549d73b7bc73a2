/**
 * What the chat accepts from a browser: each check returns the clean value or throws a Refusal,
 * whose sentence the person reads. Nothing that arrives is used before it passed here.
 */
'use strict';

const { imageType } = require('./image-type');

const NICK_MAX = 20;
const TEXT_MAX = 2000;
const IMAGE_MAX_BYTES = 1_500_000;

/** An answer in the person's words; `code` is for the page. */
class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} sentence
   */
  constructor(code, sentence) {
    super(sentence);
    this.code = code;
  }
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>} an object, whatever came
 */
function record(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? /** @type {Record<string, unknown>} */ (value)
    : {};
}

/**
 * @param {unknown} value
 * @returns {string} one line in NFKC without surplus blanks
 */
function line(value) {
  return typeof value === 'string' && value.length <= 200
    ? value.normalize('NFKC').replace(/\s+/gu, ' ').trim()
    : '';
}

/** @param {unknown} value */
function nick(value) {
  const clean = line(value);
  if (clean.length < 2 || clean.length > NICK_MAX) {
    throw new Refusal('nick', `A nickname has 2 to ${NICK_MAX} characters.`);
  }
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._'-]*$/u.test(clean)) {
    throw new Refusal('nick', 'A nickname starts with a letter or digit, and has no symbols.');
  }
  return clean;
}

/**
 * @param {unknown} value with or without the leading #
 * @returns {string} `#name`
 */
function roomName(value) {
  const clean = line(value).toLowerCase().replace(/^#/, '').replace(/ /g, '-');
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]{0,23}$/u.test(clean)) {
    throw new Refusal('room', 'A room name has 1 to 24 letters, digits or hyphens.');
  }
  return `#${clean}`;
}

/**
 * @param {unknown} value
 * @param {number} most
 * @returns {string[]} the names of an array, of which the others are passed over
 */
function roomNames(value, most) {
  return Array.isArray(value) ? value.slice(0, most).map(roomName) : [];
}

/**
 * @param {unknown} value
 * @returns {string} the words of a message, '' when there are none
 */
function text(value) {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new Refusal('text', 'A message is text.');
  if (value.length > TEXT_MAX) {
    throw new Refusal('text', `A message has at most ${TEXT_MAX} characters.`);
  }
  return value.replace(/\r\n?/g, '\n').trim();
}

/** @param {unknown} value */
function dimension(value) {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 20_000
    ? Number(value)
    : 0;
}

/**
 * The type is read from the bytes: what the browser called the file counts for nothing.
 * @param {unknown} value
 * @returns {import('./history').Image | undefined}
 */
function image(value) {
  if (value === undefined || value === null) return undefined;
  const { data, width, height } = record(value);
  if (!Buffer.isBuffer(data) || data.length === 0) {
    throw new Refusal('image', 'The image did not arrive as binary data.');
  }
  if (data.length > IMAGE_MAX_BYTES) {
    throw new Refusal('image', `An image has at most ${IMAGE_MAX_BYTES / 1e6} MB.`);
  }
  const type = imageType(data);
  if (type === null) throw new Refusal('image', 'Only PNG, JPEG, GIF and WebP images can be sent.');
  return { type, bytes: data.length, width: dimension(width), height: dimension(height), data };
}

/**
 * @param {unknown} value
 * @returns {string | undefined} the secret of a returning browser
 */
function token(value) {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value) ? value : undefined;
}

/**
 * @param {unknown} value
 * @returns {string | undefined} the browser's name for a message, to recognise a repeated one
 */
function nonce(value) {
  return typeof value === 'string' && /^[\w-]{8,40}$/.test(value) ? value : undefined;
}

module.exports = {
  IMAGE_MAX_BYTES,
  Refusal,
  record,
  nick,
  roomName,
  roomNames,
  text,
  image,
  token,
  nonce,
};
