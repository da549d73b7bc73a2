/**
 * Local events. In Socket.IO's classes `emit` sends to the other side. Events for listeners in this
 * process go through EventEmitter's method instead.
 */
'use strict';

const { EventEmitter } = require('node:events');

/** `EventEmitter#emit`, called as `emitLocally.call(emitter, event, ...args)`. */
const emitLocally = EventEmitter.prototype.emit;

/**
 * The listeners of one emitter by event, in place of EventEmitter's dictionary. That takes half a
 * kilobyte for six events. Objects of one constructor share the names of their properties, and V8 turns
 * one with many properties into a dictionary by itself. It inherits nothing.
 * @this {any}
 * @param {(...args: any[]) => void} onError
 */
function Listeners(onError) {
  this.error = onError;
}

Listeners.prototype = Object.create(null);

/**
 * An EventEmitter for objects that each client has. It begins with one listener, of `error`. It does not
 * call EventEmitter's constructor, which would make the dictionary.
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
