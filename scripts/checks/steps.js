'use strict';

/**
 * Runs the steps of `npm test` one after the other, each under a heading and with its time, and adds up
 * what they count. A step that needs time more than the machine may begin before its turn. A failure does not stop the run, so that one run shows everything that is wrong.
 * The end tells which test files took longest.
 */

const { slowestLines } = require('./tests/slowest');

/**
 * @typedef {import('./tests/reports').Counts} Counts
 * @typedef {import('./tests/reports').Timing} Timing
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {() => unknown} [begin] Begins in the background, before the first step runs.
 * @property {() => Promise<Counts & { timings?: Timing[] }>} run Shows what there is to see. Throwing counts
 *   as one failure.
 */

/**
 * @param {number} startMs
 * @returns {string}
 */
function secondsSince(startMs) {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}

/**
 * @param {Step} step
 * @returns {Promise<Counts & { timings?: Timing[] }>} Never rejects, and never counts nothing: a runner
 *   without a single test did not do its work.
 */
async function runStep(step) {
  console.log(`\n=== ${step.name} ===`);
  const startMs = performance.now();
  /** @type {Counts & { timings?: Timing[] }} */
  let counts;
  try {
    counts = await step.run();
    if (counts.passed + counts.failed === 0) throw new Error('It reported no test at all.');
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    counts = { passed: 0, failed: 1 };
  }
  const verdict = counts.failed === 0 ? 'ok' : 'FAILED';
  console.log(`--- ${step.name}: ${verdict}, ${describe(counts)}, ${secondsSince(startMs)}`);
  return counts;
}

/**
 * @param {Counts} counts
 * @returns {string}
 */
function describe({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/** @param {Map<string, Timing[]>} timings By the runner that took them. */
function showSlowest(timings) {
  for (const [runner, ofRunner] of timings) {
    const lines = slowestLines(ofRunner);
    if (lines.length > 0) console.log([`\nSlowest files, ${runner}:`, ...lines].join('\n'));
  }
}

/**
 * @param {Step[]} steps
 * @returns {Promise<Counts>} The sum. The last line of the output states it.
 */
async function runSteps(steps) {
  const total = { passed: 0, failed: 0 };
  /** @type {string[]} */
  const failedSteps = [];
  /** @type {Map<string, Timing[]>} */
  const timings = new Map();
  for (const step of steps) step.begin?.();
  for (const step of steps) {
    const counts = await runStep(step);
    // `C++ tests, tsan` and `C++ tests, asan-ubsan` are two runs of the same files.
    const [runner] = step.name.split(',');
    timings.set(runner, [...(timings.get(runner) ?? []), ...(counts.timings ?? [])]);
    total.passed += counts.passed;
    total.failed += counts.failed;
    if (counts.failed > 0) failedSteps.push(`  ${step.name}: ${counts.failed} failed`);
  }
  showSlowest(timings);
  console.log(['', ...failedSteps, describe(total)].join('\n'));
  return total;
}

module.exports = { describe, runSteps };
