/**
 * What happens to the callback of an acknowledgement when its client leaves without an answer.
 * Most callbacks are dropped. One that takes an error says what to call instead.
 */
'use strict';

/** @typedef {(...args: any[]) => void} Callback */

/** The property of a callback that holds what to call when its client has left. */
const kGiveUp = Symbol('giveUp');

/**
 * Registers what to call when the client that a callback waits for has left.
 * @template {Callback} T
 * @param {T} callback
 * @param {(err: Error) => void} handler
 * @returns {T} the same callback
 */
function onGivenUp(callback, handler) {
  return Object.assign(callback, { [kGiveUp]: handler });
}

/**
 * Tells a callback that its client has left. The handler runs in a separate tick: the `disconnect` event
 * comes first, and what the handler throws stops no other callback.
 * @param {Callback} callback
 */
function giveUp(callback) {
  const handler = /** @type {any} */ (callback)[kGiveUp];
  if (handler) process.nextTick(handler, new Error('socket has been disconnected'));
}

module.exports = { giveUp, onGivenUp };
