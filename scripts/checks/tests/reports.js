'use strict';

/**
 * Reads the machine-readable reports of the test runners into counts and times.
 * A test that was skipped counts as failed: a run in which everything passed has run everything.
 */

const fs = require('node:fs');

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 *
 * @typedef {object} Timing How long a test file took.
 * @property {string} file
 * @property {string} [on] Which of several runs of this file it was.
 * @property {number} ms
 *
 * @typedef {Counts & { timings: Timing[] }} Result
 */

/**
 * @typedef {object} JestCounts Of Jest's results, what counts.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {number} numRuntimeErrorTestSuites
 *
 * @typedef {object} JestFile
 * @property {string} testFilePath
 * @property {{ name: string }} [displayName] Of its project.
 * @property {{ runtime: number }} perfStats In milliseconds.
 *
 * @typedef {JestCounts & { testResults: JestFile[] }} JestResults
 */

/**
 * Errors: throws when the report is missing or is not one; the runner then did not report.
 *
 * @param {string} file What jest-counts.js wrote.
 * @param {{ isPart?: boolean }} [options] `isPart`: tests were chosen by name, and Jest skipped the others.
 * @returns {Result} Test cases; a suite that could not run at all is one failed case.
 */
function readJestReport(file, { isPart = false } = {}) {
  const report = JSON.parse(fs.readFileSync(file, 'utf8'));
  return {
    passed: report.numPassedTests,
    failed:
      report.numFailedTests +
      (isPart ? 0 : report.numPendingTests) +
      report.numTodoTests +
      report.numRuntimeErrorTestSuites,
    timings: report.files,
  };
}

/**
 * Errors: throws when the report is missing or is not one; the runner then did not report.
 *
 * @param {string} file What `ctest --output-junit` wrote.
 * @returns {Counts & { cases: { name: string, ms: number }[] }} Test cases.
 */
function readJunitReport(file) {
  const text = fs.readFileSync(file, 'utf8');
  const head = /<testsuite\b([^>]*)>/.exec(text);
  /** @param {string} name */
  const attribute = (name) => {
    const match = new RegExp(`\\b${name}="(\\d+)"`).exec(head?.[1] ?? '');
    if (match === null) throw new Error(`${file} has no count of ${name}`);
    return Number(match[1]);
  };
  const failed = attribute('failures') + attribute('disabled') + attribute('skipped');
  const cases = [...text.matchAll(/<testcase name="([^"]*)"[^>]*?\btime="([\d.]+)"/g)];
  return {
    passed: attribute('tests') - failed,
    failed,
    cases: cases.map(([, name, seconds]) => ({ name: unescapeXml(name), ms: 1000 * +seconds })),
  };
}

/** @param {string} text */
function unescapeXml(text) {
  /** @type {Record<string, string>} */
  const characters = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => characters[name]);
}

/**
 * Errors: throws when there is no such line; the program then did not end by itself.
 *
 * @param {string} output What a Catch2 program printed.
 * @returns {Counts} Test cases, by its last line.
 */
function readCatchSummary(output) {
  const allPassed = /^All tests passed \(.* in (\d+) test cases?\)$/m.exec(output);
  if (allPassed !== null) return { passed: Number(allPassed[1]), failed: 0 };
  const some = /^test cases:\s*(\d+) \|(?:\s*(\d+) passed)?.*$/m.exec(output);
  if (some === null) throw new Error('The tests did not come to their end.');
  const passed = Number(some[2] ?? 0);
  return { passed, failed: Number(some[1]) - passed };
}

module.exports = { readCatchSummary, readJestReport, readJunitReport };
