/**
 * Local events. In Socket.IO's classes `emit` sends to the other side, so what only the
 * application's own listeners shall hear goes through EventEmitter's method instead.
 */
'use strict';

const { EventEmitter } = require('node:events');

/** `EventEmitter#emit`, called as `emitLocally.call(emitter, event, ...args)`. */
const emitLocally = EventEmitter.prototype.emit;

/**
 * The listeners of one emitter by event, in place of EventEmitter's dictionary, which takes half a
 * kilobyte for six events: objects of one constructor share the names of their properties. It inherits
 * nothing, and becomes a dictionary by itself where there are many events.
 * @this {any}
 * @param {(...args: any[]) => void} onError
 */
function Listeners(onError) {
  this.error = onError;
}

Listeners.prototype = Object.create(null);

/**
 * An EventEmitter for objects of which there is one for each client, with a first listener of `error`.
 * It does not call EventEmitter's constructor, which would make the dictionary.
 * @this {any}
 * @param {(...args: any[]) => void} onError
 */
function LeanEmitter(onError) {
  this._events = new /** @type {any} */ (Listeners)(onError);
  this._eventsCount = 1;
  this._maxListeners = undefined;
}

Object.setPrototypeOf(LeanEmitter, EventEmitter);
Object.setPrototypeOf(LeanEmitter.prototype, EventEmitter.prototype);

module.exports = {
  EventEmitter,
  LeanEmitter:
    /** @type {new (onError: (...args: any[]) => void) => EventEmitter} */
    (/** @type {unknown} */ (LeanEmitter)),
  emitLocally,
};
