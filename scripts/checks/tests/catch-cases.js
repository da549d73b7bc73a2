'use strict';

/** Tells in which file of test/native/ a Catch2 test case stands: reports name cases, people open files. */

const fs = require('node:fs');
const path = require('node:path');
const { listFiles } = require('../../support/files');
const { TOP } = require('../../support/processes');

/** The name may be put together of several literals. */
const TEST_CASE = /^TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)/gm;

/**
 * @param {string} source
 * @returns {string[]} The names of its test cases.
 */
function caseNames(source) {
  return [...source.matchAll(TEST_CASE)].map(([, literals]) =>
    [...literals.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([literal]) => JSON.parse(literal)).join(''),
  );
}

/** @type {Map<string, string> | undefined} */
let files;

/**
 * @param {string} name
 * @returns {string} The file, relative to the top of the repository; the name itself where no file has it,
 *   as with the tests that CMakeLists.txt adds.
 */
function fileOfCase(name) {
  files ??= new Map(
    listFiles(path.join(TOP, 'test/native'), /-test\.cpp$/).flatMap((file) =>
      caseNames(fs.readFileSync(file, 'utf8')).map(
        (known) => /** @type {const} */ ([known, path.relative(TOP, file)]),
      ),
    ),
  );
  return files.get(name) ?? name;
}

module.exports = { caseNames, fileOfCase };
