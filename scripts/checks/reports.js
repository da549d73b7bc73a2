'use strict';

/**
 * Reads the machine-readable reports of the test runners into counts.
 * A test that was skipped counts as failed: a run in which everything passed has run everything.
 */

const fs = require('node:fs');

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 */

/**
 * @typedef {object} JestReport Of Jest's results, what counts.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {number} numRuntimeErrorTestSuites
 */

/**
 * Errors: throws when the report is missing or is not one; the runner then did not report.
 *
 * @param {string} file What jest-counts.js wrote.
 * @returns {Counts} Test cases; a suite that could not run at all is one failed case.
 */
function readJestReport(file) {
  const report = JSON.parse(fs.readFileSync(file, 'utf8'));
  return {
    passed: report.numPassedTests,
    failed:
      report.numFailedTests +
      report.numPendingTests +
      report.numTodoTests +
      report.numRuntimeErrorTestSuites,
  };
}

/**
 * Errors: throws when the report is missing or is not one; the runner then did not report.
 *
 * @param {string} file What `ctest --output-junit` wrote.
 * @returns {Counts} Test cases.
 */
function readJunitReport(file) {
  const head = /<testsuite\b([^>]*)>/.exec(fs.readFileSync(file, 'utf8'));
  /** @param {string} name */
  const attribute = (name) => {
    const match = new RegExp(`\\b${name}="(\\d+)"`).exec(head?.[1] ?? '');
    if (match === null) throw new Error(`${file} has no count of ${name}`);
    return Number(match[1]);
  };
  const failed = attribute('failures') + attribute('disabled') + attribute('skipped');
  return { passed: attribute('tests') - failed, failed };
}

module.exports = { readJestReport, readJunitReport };
