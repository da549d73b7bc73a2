/**
 * Local events. In Socket.IO's classes `emit` sends to the other side, so what only the
 * application's own listeners shall hear goes through EventEmitter's method instead.
 */
'use strict';

const { EventEmitter } = require('node:events');

/** `EventEmitter#emit`, called as `emitLocally.call(emitter, event, ...args)`. */
const emitLocally = EventEmitter.prototype.emit;

module.exports = { EventEmitter, emitLocally };
