/**
 * The options of a write to a connection: the flags of an emit, with the default of `compress`.
 */
'use strict';

/** @typedef {import('../../broadcasts/broadcast-operator').BroadcastFlags} BroadcastFlags */

/** What an emit without flags writes with. Not frozen: engine.io sets `compress` on what it is given. */
const DEFAULT_WRITE_OPTIONS = { compress: true };

/**
 * @param {BroadcastFlags | undefined} flags of the emit
 * @returns {BroadcastFlags}
 */
function writeOptionsOf(flags) {
  if (flags === undefined) return DEFAULT_WRITE_OPTIONS;
  return { ...flags, compress: flags.compress !== false };
}

module.exports = { DEFAULT_WRITE_OPTIONS, writeOptionsOf };
