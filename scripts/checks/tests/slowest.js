'use strict';

/** Which test files took longest, for the end of `npm test`. */

const MOST = 10;

/** @typedef {import('./reports').Timing} Timing */

/**
 * Adds up the times of a file's cases in one run, and keeps the runs that took longest.
 *
 * @param {Timing[]} timings
 * @returns {string[]} Lines for a person, the slowest first.
 */
function slowestLines(timings) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const { file, on, ms } of timings) {
    const name = on === undefined ? file : `${file} (${on})`;
    sums.set(name, (sums.get(name) ?? 0) + ms);
  }
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST)
    .map(([name, ms]) => `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${name}`);
}

module.exports = { slowestLines };
