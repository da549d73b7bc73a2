/**
 * Compares two traces, lane by lane, and shows in which lines they differ.
 */
'use strict';

/** @typedef {Record<string, string[]>} Lanes */
/**
 * @typedef {[string[], string[]]} Difference lines of the genuine package, and of ours in their
 *   place; each begins with its lane
 */

/**
 * What two traces differ in; empty if they are equal.
 * @param {Lanes} genuine
 * @param {Lanes} ours
 * @returns {Difference[]}
 */
function compare(genuine, ours) {
  const lanes = [...new Set([...Object.keys(genuine), ...Object.keys(ours)])].sort();
  return lanes.flatMap((lane) =>
    hunks(align(genuine[lane] ?? [], ours[lane] ?? [])).map((hunk) => {
      const of = (/** @type {string} */ sign) =>
        hunk.filter((step) => step.sign === sign).map(({ line }) => `${lane}: ${line}`);
      return /** @type {Difference} */ ([of('-'), of('+')]);
    }),
  );
}

/**
 * Two traces side by side, for the reader of a failed test.
 * @param {Lanes} genuine
 * @param {Lanes} ours
 */
function explain(genuine, ours) {
  const lanes = [...new Set([...Object.keys(genuine), ...Object.keys(ours)])].sort();
  const text = lanes.flatMap((lane) => [
    `${lane}:`,
    ...align(genuine[lane] ?? [], ours[lane] ?? []).map(({ sign, line }) => `  ${sign} ${line}`),
  ]);
  return ['- genuine, + ours', ...text].join('\n');
}

/** @typedef {{ sign: ' ' | '-' | '+', line: string }} Step */

/**
 * The shortest way from one list of lines to another (longest common subsequence).
 * @param {string[]} from
 * @param {string[]} to
 * @returns {Step[]}
 */
function align(from, to) {
  /** common[i][j]: the length of the longest common subsequence of from[i…] and to[j…]. */
  const common = Array.from({ length: from.length + 1 }, () => new Array(to.length + 1).fill(0));
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      common[i][j] =
        from[i] === to[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  /** @type {Step[]} */
  const steps = [];
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    if (i < from.length && j < to.length && from[i] === to[j]) {
      steps.push({ sign: ' ', line: from[i++] });
      j++;
    } else if (j === to.length || (i < from.length && common[i + 1][j] >= common[i][j + 1])) {
      steps.push({ sign: '-', line: from[i++] });
    } else {
      steps.push({ sign: '+', line: to[j++] });
    }
  }
  return steps;
}

/**
 * Runs of lines that are not common.
 * @param {Step[]} steps
 */
function hunks(steps) {
  /** @type {Step[][]} */
  const found = [];
  let isOpen = false;
  for (const step of steps) {
    if (step.sign === ' ') {
      isOpen = false;
    } else {
      if (!isOpen) found.push([]);
      isOpen = true;
      found[found.length - 1].push(step);
    }
  }
  return found;
}

module.exports = { compare, explain };
