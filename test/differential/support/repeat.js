/**
 * Repeats what differs. Plans and programs (support/bytes, support/random) wait for times, not for events
 * alone, so a busy machine may bring their steps into another order. A difference counts if it comes each time.
 */
'use strict';

const { compare } = require('./compare');

/** @typedef {import('./compare').Lanes} Lanes */
/** @typedef {import('./programs').FileRun} FileRun */

/** How often a scenario is played again while it differs. */
const REPETITIONS = 3;

/**
 * The traces of a scenario: the first that are equal, or the last where they differ each time.
 * @param {string} name
 * @param {FileRun} genuine
 * @param {FileRun} ours
 * @returns {Promise<[Lanes, Lanes]>}
 */
async function repeatedTraces(name, genuine, ours) {
  let traces = await Promise.all([genuine.traceOf(name), ours.traceOf(name)]);
  for (let left = REPETITIONS; left > 0 && !isEqual(...traces); left--) {
    traces = [await genuine.playAgain(name), await ours.playAgain(name)];
  }
  return traces;
}

/** @param {Lanes} genuine @param {Lanes} ours */
function isEqual(genuine, ours) {
  return compare(genuine, ours).length === 0;
}

module.exports = { isEqual, repeatedTraces };
