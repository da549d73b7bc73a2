'use strict';

/**
 * What the command line of `npm test` chooses.
 * Node core modules only: it is read before the set-up.
 */

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { listFiles } = require('../../support/files');
const { TOP } = require('../../support/processes');
const { SetUpError } = require('../../support/set-up-error');

const GROUPS = ['lint', 'soak', 'js', 'cpp', 'package', 'speed'];

/** A file of tests in JavaScript, and one in C++. */
const JAVASCRIPT = /\.test\.js$/;
const CPP = /-test\.cpp$/;

/**
 * @typedef {object} Selection
 * @property {string[]} groups Which of GROUPS run.
 * @property {boolean} isPart Whether files or cases are chosen, not whole groups.
 * @property {string[]} javascript Files, relative to the top of the repository.
 * @property {string[]} cpp Likewise.
 * @property {string[]} projects Of jest.config.js; none means all.
 * @property {string} [caseText] What the name of a test must contain.
 * @property {string} [preset] Of CMakePresets.json.
 */

/**
 * Errors: throws a SetUpError that says what is wrong with the command line.
 *
 * @param {string[]} argv
 * @param {string} [folder] What paths are relative to.
 * @returns {Selection}
 */
function readSelection(argv, folder = process.cwd()) {
  const { values, positionals } = parse(argv);
  const { only, project: projects = [], case: caseText, preset } = values;
  if (only !== undefined && !GROUPS.includes(only)) {
    throw new SetUpError(`--only takes one of ${GROUPS.join(', ')}.`);
  }
  const isPart = positionals.length > 0 || caseText !== undefined;
  if (isPart && only !== undefined) throw new SetUpError('--only chooses no files: leave it out.');
  const files = [...new Set(positionals.flatMap((place) => testFiles(place, folder)))];
  const javascript = files.filter((file) => JAVASCRIPT.test(file));
  const cpp = files.filter((file) => CPP.test(file));
  return {
    groups: isPart ? chosenGroups(javascript, cpp) : only === undefined ? GROUPS : [only],
    isPart,
    javascript,
    cpp,
    projects,
    caseText,
    preset,
  };
}

/**
 * @param {string[]} javascript
 * @param {string[]} cpp
 * @returns {string[]} Without any file it is a case of C++, whose tests are one program.
 */
function chosenGroups(javascript, cpp) {
  if (javascript.length === 0) return ['cpp'];
  return cpp.length === 0 ? ['js'] : ['js', 'cpp'];
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        only: { type: 'string' },
        project: { type: 'string', multiple: true },
        case: { type: 'string' },
        preset: { type: 'string' },
      },
    });
  } catch (error) {
    throw new SetUpError(/** @type {Error} */ (error).message);
  }
}

/**
 * @param {string} place A file of tests, or a folder.
 * @param {string} folder
 * @returns {string[]} The files of tests there, relative to the top of the repository.
 */
function testFiles(place, folder) {
  const absolute = path.resolve(folder, place);
  const isFolder = fs.statSync(absolute, { throwIfNoEntry: false })?.isDirectory();
  const files = isFolder ? listFiles(absolute, /./) : fs.existsSync(absolute) ? [absolute] : [];
  const tests = files.filter((file) => JAVASCRIPT.test(file) || CPP.test(file));
  if (tests.length === 0) {
    throw new SetUpError(`${place} is no test file (*.test.js, *-test.cpp) and no folder of them.`);
  }
  return tests.map((file) => path.relative(TOP, file));
}

module.exports = { readSelection };
