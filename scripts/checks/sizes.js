'use strict';

/** Finds files and folders that have grown too large to be read: they are to be split by what they are about. */

const fs = require('node:fs');
const path = require('node:path');
const { listFiles } = require('../support/files');

const MOST_LINES = 400;
/** A header and its source count once. */
const MOST_SOURCES = 16;
const CODE = ['lib', 'native', 'scripts', 'test', 'bench', 'examples'];
const SOURCE = /\.(js|mjs|cpp|hpp|h)$/;

/**
 * @param {string} top The folder that holds the code.
 * @returns {{ file: string, line: number, message: string }[]}
 */
function findLarge(top) {
  const files = CODE.flatMap((room) => listFiles(path.join(top, room), SOURCE)).filter(
    (file) => !file.includes(`${path.sep}.cache${path.sep}`),
  ); // what the bench has installed
  /** @type {Map<string, Set<string>>} */
  const folders = new Map();
  const large = [];
  for (const absolute of files) {
    const file = path.relative(top, absolute);
    const lines = fs.readFileSync(absolute, 'utf8').split('\n').length - 1;
    if (lines > MOST_LINES) {
      const message = `has ${lines} lines; split it, ${MOST_LINES} are the most`;
      large.push({ file, line: lines, message });
    }
    const folder = path.dirname(file);
    const stems = folders.get(folder) ?? new Set();
    folders.set(folder, stems.add(path.parse(file).name));
  }
  for (const [file, { size }] of folders) {
    if (size <= MOST_SOURCES) continue;
    const message = `has ${size} sources; give it folders, ${MOST_SOURCES} are the most`;
    large.push({ file, line: 1, message });
  }
  return large;
}

module.exports = { findLarge };
