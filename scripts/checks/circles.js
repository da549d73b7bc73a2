'use strict';

/** Finds files that use each other in a circle. */

/**
 * @typedef {import('./references').Reference & { file: string }} Use What a file uses, and where it says so.
 */

/**
 * @param {Map<string, Use[]>} uses By file.
 * @returns {{ file: string, line: number, message: string }[]} One for each circle that a depth-first walk closes.
 */
function findCircles(uses) {
  /** @type {{ file: string, line: number, message: string }[]} */
  const circles = [];
  /** @type {Set<string>} */
  const done = new Set();
  /**
   * @param {string} file
   * @param {string[]} above The files that led here.
   */
  const visit = (file, above) => {
    if (done.has(file)) return;
    const chain = [...above, file];
    for (const use of uses.get(file) ?? []) {
      const start = chain.indexOf(use.file);
      if (start === -1) {
        visit(use.file, chain);
      } else {
        const circle = [...chain.slice(start), use.file].join(' → ');
        circles.push({ file, line: use.line, message: `closes a circle: ${circle}` });
      }
    }
    done.add(file);
  };
  for (const file of uses.keys()) visit(file, []);
  return circles;
}

module.exports = { findCircles };
