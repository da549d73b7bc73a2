/**
 * An EventEmitter that makes its table of listeners with the first listener. The table takes a third of a
 * kilobyte, more than everything else of an idle session. Most sessions never have a listener.
 */
'use strict';

const { EventEmitter } = require('node:events');

/**
 * Does not call EventEmitter's constructor, which makes the table. EventEmitter's methods work without it.
 */
function LazyEmitter() {}

Object.setPrototypeOf(LazyEmitter, EventEmitter);
Object.setPrototypeOf(LazyEmitter.prototype, EventEmitter.prototype);

module.exports = {
  LazyEmitter: /** @type {typeof EventEmitter} */ (/** @type {unknown} */ (LazyEmitter)),
};
