'use strict';

/** Counts the sources of the engine's core that an edit of a public header compiles anew. */

const PUBLIC = 'native/include/beastio/';
const CORE = 'native/src/';
/** A host of the core, as the addon is. */
const NOT_CORE = 'native/src/socketio/';
const MOST_SOURCES = 10;

/**
 * @typedef {object} Exception
 * @property {string} header Below native/include/beastio/.
 * @property {number} most Sources that may include it, directly or not.
 * @property {string} reason
 */

/** @type {Exception[]} */
const EXCEPTIONS = [
  { header: 'export.hpp', most: Infinity, reason: 'a macro, which never changes' },
  { header: 'session-id.hpp', most: 33, reason: 'the value that every layer holds' },
];

/**
 * @param {string} source
 * @param {Map<string, import('../circles').Use[]>} uses By file.
 * @returns {Set<string>} All that it includes, directly or not.
 */
function findIncluded(source, uses) {
  /** @type {Set<string>} */
  const included = new Set();
  const waiting = [source];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const fresh = (uses.get(file) ?? []).filter((use) => !included.has(use.file));
    for (const use of fresh) included.add(use.file);
    waiting.push(...fresh.map((use) => use.file));
  }
  return included;
}

/**
 * @param {string} file
 * @returns {boolean}
 */
function isCoreSource(file) {
  return file.startsWith(CORE) && !file.startsWith(NOT_CORE) && file.endsWith('.cpp');
}

/**
 * @param {Map<string, import('../circles').Use[]>} uses What the files of native/ include, by file.
 * @returns {{ file: string, line: number, message: string }[]} One for each header that reaches too many sources.
 */
function findFarReaching(uses) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const source of [...uses.keys()].filter(isCoreSource)) {
    for (const file of findIncluded(source, uses)) {
      if (file.startsWith(PUBLIC)) counts.set(file, (counts.get(file) ?? 0) + 1);
    }
  }
  return [...counts].sort().flatMap(([file, count]) => {
    const exception = EXCEPTIONS.find(({ header }) => file === PUBLIC + header);
    const most = exception?.most ?? MOST_SOURCES;
    if (count <= most) return [];
    const message = `an edit of it compiles ${count} sources of the core; ${most} are the most`;
    return [{ file, line: 1, message }];
  });
}

module.exports = { findFarReaching };
