'use strict';

/** The JavaScript tests, by Jest: all of test/ that ends in .test.js. Each test case counts as one. */

const path = require('node:path');
const { readJestReport } = require('./reports');
const { TOP, run } = require('../support/processes');

const REPORTER = path.join(__dirname, 'jest-counts.js');

/**
 * @param {string} reportFolder
 * @returns {import('./steps').Step[]}
 */
function javascriptSteps(reportFolder) {
  const report = path.join(reportFolder, 'jest.json');
  const jest = path.join(TOP, 'node_modules/.bin/jest');
  return [
    {
      name: 'JavaScript tests',
      async run() {
        const args = ['--ci', '--reporters=default', `--reporters=${REPORTER}`];
        const env = { BEASTIO_JEST_COUNTS: report };
        const { code } = await run(jest, args, { output: 'show', env });
        const counts = readJestReport(report);
        if (code !== 0 && counts.failed === 0) counts.failed = 1;
        return counts;
      },
    },
  ];
}

module.exports = { javascriptSteps };
