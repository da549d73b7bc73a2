/**
 * Whether something grows without end. It is looked at once in each cycle, when it has been calm and garbage is
 * collected. The slope between any two looks says how fast it grows; their median is not moved by a few odd
 * looks. Pure.
 */
'use strict';

/** Fewer looks than this say nothing. */
const LEAST_LOOKS = 5;

/** What happens while caches fill and code is compiled is no growth: this share is left out. */
const WARM_UP_SHARE = 0.25;

/** @typedef {{ at: number, value: number }} Look `at` in seconds */

/**
 * @param {Look[]} looks
 * @returns {number | undefined} how much it has grown from the end of the warm-up to the last look
 */
function growthOf(looks) {
  const warm = looks.slice(Math.max(1, Math.floor(looks.length * WARM_UP_SHARE)));
  if (warm.length < LEAST_LOOKS - 1) return undefined;
  const slopes = warm.flatMap((a, i) =>
    warm.slice(i + 1).map((b) => (b.value - a.value) / (b.at - a.at)),
  );
  return median(slopes) * (warm[warm.length - 1].at - warm[0].at);
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

module.exports = { growthOf };
