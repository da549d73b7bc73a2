'use strict';

/** The JavaScript tests, by Jest: all of test/ that ends in .test.js, or a selection. Each test case counts as one. */

const path = require('node:path');
const { readJestReport } = require('./reports');
const { TOP, run } = require('../../support/processes');

const REPORTER = path.join(__dirname, 'jest-counts.js');

/**
 * @typedef {object} JestChoice
 * @property {string[]} files Relative to the top of the repository; none means all.
 * @property {string[]} projects Names of projects of jest.config.js; none means all.
 * @property {string} [caseText] What the name of a test must contain.
 */

/**
 * @param {JestChoice} choice
 * @returns {string[]} Jest's arguments for it.
 */
function jestArguments({ files, projects, caseText }) {
  return [
    ...(projects.length > 0 ? ['--selectProjects', ...projects] : []),
    ...(caseText === undefined ? [] : [`--testNamePattern=${escapeRegExp(caseText)}`]),
    ...(files.length > 0 ? ['--runTestsByPath', '--', ...files] : []),
  ];
}

/** @param {string} text */
function escapeRegExp(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/**
 * @param {string} reportFolder
 * @param {JestChoice} [choice]
 * @returns {import('../steps').Step}
 */
function javascriptStep(reportFolder, choice = { files: [], projects: [] }) {
  const report = path.join(reportFolder, 'jest.json');
  const jest = path.join(TOP, 'node_modules/.bin/jest');
  return {
    name: 'JavaScript tests',
    async run() {
      const reporters = ['--reporters=default', `--reporters=${REPORTER}`];
      const { code } = await run(jest, ['--ci', ...reporters, ...jestArguments(choice)], {
        output: 'show',
        env: { BEASTIO_JEST_COUNTS: report },
      });
      const result = readJestReport(report, { isPart: choice.caseText !== undefined });
      if (code !== 0 && result.failed === 0) result.failed = 1;
      return result;
    },
  };
}

module.exports = { javascriptStep, jestArguments };
