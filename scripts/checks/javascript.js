'use strict';

/** The JavaScript tests, by Jest: all of test/ that ends in .test.js. Each test case counts as one. */

const path = require('node:path');
const { readJestReport } = require('./reports');
const { TOP, run } = require('../support/processes');

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
        const args = ['--ci', '--json', `--outputFile=${report}`];
        const { code } = await run(jest, args, { output: 'show' });
        const counts = readJestReport(report);
        if (code !== 0 && counts.failed === 0) counts.failed = 1;
        return counts;
      },
    },
  ];
}

module.exports = { javascriptSteps };
