/**
 * Whether a session is among those that a packet was for.
 */
'use strict';

/**
 * @param {{ rooms: Iterable<string>, except?: Iterable<string> }} opts of the packet; no rooms: it was for all
 * @param {string[]} rooms of the session
 */
function isFor({ rooms: targets, except = [] }, rooms) {
  const isIn = (/** @type {string[]} */ names) => names.some((name) => rooms.includes(name));
  const names = [...targets];
  return (names.length === 0 || isIn(names)) && !isIn([...except]);
}

module.exports = { isFor };
