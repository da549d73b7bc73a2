'use strict';

/**
 * A reporter for Jest that writes how many tests passed and failed, and how long each file took, to the
 * file that BEASTIO_JEST_COUNTS names. Not Jest's `--json`: that writes every error too, and writes nothing
 * if one of them refers to itself.
 */

const fs = require('node:fs');
const path = require('node:path');
const { TOP } = require('../../support/processes');

class CountsReporter {
  /**
   * @param {unknown} _contexts
   * @param {import('./reports').JestResults} results
   */
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = results;
    const { numRuntimeErrorTestSuites } = results;
    const files = results.testResults.map(({ testFilePath, displayName, perfStats }) => ({
      file: path.relative(TOP, testFilePath),
      on: displayName?.name,
      ms: perfStats.runtime,
    }));
    const report = {
      numPassedTests,
      numFailedTests,
      numPendingTests,
      numTodoTests,
      numRuntimeErrorTestSuites,
      files,
    };
    fs.writeFileSync(String(process.env.BEASTIO_JEST_COUNTS), JSON.stringify(report));
  }
}

module.exports = CountsReporter;
