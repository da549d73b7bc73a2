'use strict';

/**
 * The checks that read the code without running it, but for clang-tidy: layers, formats, lint, types, prose and the
 * reference. Each counts as one; prose counts each file.
 */

const path = require('node:path');
const { commandStep } = require('./command-step');
const { proseStep } = require('./prose');
const { referenceStep } = require('./reference');
const { listFiles } = require('../support/files');
const { TOP } = require('../support/processes');

const CPP_FOLDERS = ['native', 'test', 'bench', 'examples'];

/** @typedef {import('./steps').Step} Step */

/** @returns {string[]} Every C++ file that we write. */
function cppFiles() {
  return CPP_FOLDERS.flatMap((folder) => listFiles(path.join(TOP, folder), /\.(cpp|hpp|h)$/));
}

/**
 * @param {string} name
 * @param {string} program One of node_modules/.bin.
 * @param {string[]} args
 * @returns {Step}
 */
function npmToolStep(name, program, args) {
  return commandStep(name, path.join(TOP, 'node_modules/.bin', program), args);
}

/** @returns {Step[]} */
function lintSteps() {
  return [
    commandStep('Layers', process.execPath, ['scripts/check-layers.js']),
    commandStep('clang-format', 'clang-format', ['--dry-run', '-Werror', ...cppFiles()]),
    npmToolStep('Prettier', 'prettier', ['--check', '.']),
    npmToolStep('ESLint', 'eslint', ['--max-warnings', '0', '.']),
    npmToolStep('Types', 'tsc', ['--project', 'tsconfig.json']),
    proseStep(),
    referenceStep(),
  ];
}

module.exports = { lintSteps };
