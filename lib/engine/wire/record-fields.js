/**
 * One batch of records, and how the fields of a record that are more than a number are taken out of
 * it. The addon puts them down in native/node/wire/record-fields.cpp. Texts and extras are consumed
 * in order.
 */
'use strict';

const { TEXT_PLACE } = require('./layout');
const { readTlsFacts } = require('./tls-facts');

/** The extras of most batches. @type {any[]} */
const NONE = [];

/** What stands for the length of bytes that are a Buffer. */
const BUFFER = -1;
/** Stand for the count of certificates where there is no TLS, and where there is no request. */
const NO_TLS = -1;
const NO_REQUEST = -2;

/**
 * A request of the own port, "address port\nheader", with what there is of TLS.
 * @typedef {string | { text: string, facts: import('./tls-facts').TlsFacts }} OwnRequest
 */

class RecordFields {
  constructor() {
    /** @type {Int32Array} */
    this.records = new Int32Array(0);
    this.latin1 = '';
    this.utf16 = '';
    this.extras = NONE;
    // How far the batch has been read.
    this.position = 0;
    this.latin1Position = 0;
    this.utf16Position = 0;
    this.extrasPosition = 0;
    /** How many numbers the batch has. */
    this.count = 0;
  }

  /**
   * @param {Int32Array} records
   * @param {number} count
   * @param {string} latin1
   * @param {string} [utf16]
   * @param {any[]} [extras]
   */
  begin(records, count, latin1, utf16 = '', extras = NONE) {
    this.records = records;
    this.count = count;
    this.latin1 = latin1;
    this.utf16 = utf16;
    this.extras = extras;
    this.position = 0;
    this.latin1Position = 0;
    this.utf16Position = 0;
    this.extrasPosition = 0;
  }

  /** Lets go of the batch's texts and extras. */
  end() {
    this.latin1 = '';
    this.utf16 = '';
    this.extras = NONE;
  }

  /** @param {number} length */
  takeLatin1(length) {
    const from = this.latin1Position;
    this.latin1Position = from + length;
    return this.latin1.slice(from, from + length);
  }

  /** @param {number} length */
  takeNamespace(length) {
    return length === 0 ? '/' : this.takeLatin1(length);
  }

  /**
   * @param {number} where
   * @param {number} length
   * @returns {string}
   */
  takeText(where, length) {
    if (where === TEXT_PLACE.LATIN1) return this.takeLatin1(length);
    if (where === TEXT_PLACE.EXTRA) return this.#takeExtra();
    const from = this.utf16Position;
    this.utf16Position = from + length;
    return this.utf16.slice(from, from + length);
  }

  /** @returns {string} */
  takeLargeText() {
    return this.#takeExtra();
  }

  /** @returns {Buffer} */
  takeBuffer() {
    return this.#takeExtra();
  }

  /**
   * @param {number} length
   * @returns {Buffer | string} characters up to U+00FF
   */
  takeFewBytes(length) {
    return length === BUFFER ? this.#takeExtra() : this.takeLatin1(length);
  }

  /**
   * @param {number} length
   * @returns {Buffer | string} ASCII
   */
  takeAsciiOrBuffer(length) {
    return this.takeFewBytes(length);
  }

  /**
   * @param {number} length
   * @returns {Buffer}
   */
  takeBytes(length) {
    return length === BUFFER ? this.#takeExtra() : Buffer.from(this.takeLatin1(length), 'latin1');
  }

  /** @param {number} count of certificates */
  takeTlsFacts(count) {
    const text = this.#takeExtra();
    return readTlsFacts(
      text,
      Array.from({ length: count }, () => this.#takeExtra()),
    );
  }

  /**
   * @param {number} count of certificates
   * @returns {OwnRequest | undefined}
   */
  takeOwnRequest(count) {
    if (count === NO_REQUEST) return undefined;
    const text = this.#takeExtra();
    return count === NO_TLS ? text : { text, facts: this.takeTlsFacts(count) };
  }

  /** @returns {any} */
  #takeExtra() {
    return this.extras[this.extrasPosition++];
  }
}

module.exports = { RecordFields };
