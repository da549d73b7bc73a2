/**
 * An EventEmitter that makes its table of listeners with the first listener. The table is a third of
 * a kilobyte, more than all else that an idle session is, and most sessions never have a listener.
 */
'use strict';

const { EventEmitter } = require('node:events');

/** Does not call EventEmitter's constructor, which makes the table; its methods can do without. */
function LazyEmitter() {}

Object.setPrototypeOf(LazyEmitter, EventEmitter);
Object.setPrototypeOf(LazyEmitter.prototype, EventEmitter.prototype);

module.exports = {
  LazyEmitter: /** @type {typeof EventEmitter} */ (/** @type {unknown} */ (LazyEmitter)),
};
