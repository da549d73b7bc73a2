/** Waits for as long as there is progress, however slow the machine. */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');

const LOOK_MS = 100;

/**
 * Waits until nothing is left to do, or until it has not become less for the time of its patience.
 * @param {() => number} rest how much is to be done. It may throw, and ends the wait thereby.
 * @param {number} patienceMs
 * @returns {Promise<number>} what is left then
 */
async function progress(rest, patienceMs) {
  let least = Infinity;
  let end = 0;
  for (let left = rest(); left > 0; left = rest()) {
    if (left < least) end = performance.now() + patienceMs;
    least = Math.min(least, left);
    if (performance.now() > end) return left;
    await delay(Math.min(LOOK_MS, patienceMs));
  }
  return 0;
}

module.exports = { progress };
