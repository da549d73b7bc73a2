/**
 * The event names that an application may neither emit nor receive from a peer: Socket.IO and
 * Node's EventEmitter emit them by themselves.
 */
'use strict';

/** @type {ReadonlySet<unknown>} */
const RESERVED_EVENTS = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

/**
 * Refuses a reserved name where an application emits it.
 * @param {unknown} name
 * @param {ReadonlySet<unknown>} [reserved]
 */
function assertNotReserved(name, reserved = RESERVED_EVENTS) {
  if (reserved.has(name)) throw new Error(`"${String(name)}" is a reserved event name`);
}

module.exports = { RESERVED_EVENTS, assertNotReserved };
