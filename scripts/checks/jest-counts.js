'use strict';

/**
 * A reporter for Jest that writes how many tests passed and failed to the file that BEASTIO_JEST_COUNTS
 * names. Not Jest's own `--json`: that writes every error too, and writes nothing if one of them refers
 * to itself.
 */

const fs = require('node:fs');

class CountsReporter {
  /**
   * @param {unknown} _contexts
   * @param {import('./reports').JestReport} results
   */
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = results;
    const { numRuntimeErrorTestSuites } = results;
    const counts = {
      numPassedTests,
      numFailedTests,
      numPendingTests,
      numTodoTests,
      numRuntimeErrorTestSuites,
    };
    fs.writeFileSync(String(process.env.BEASTIO_JEST_COUNTS), JSON.stringify(counts));
  }
}

module.exports = CountsReporter;
