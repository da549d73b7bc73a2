'use strict';

/** The counts that `npm test` takes from the runners' reports. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const CountsReporter = require('../../scripts/checks/jest-counts');
const { readJestReport, readJunitReport } = require('../../scripts/checks/reports');

/** @type {string} */
let folder;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-reports-'));
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

/**
 * @param {string} content
 * @returns {string} The path of a file with this content.
 */
function fileWith(content) {
  const file = path.join(folder, 'report');
  fs.writeFileSync(file, content);
  return file;
}

describe('Jest', () => {
  const allPassed = {
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
  };

  test('passed tests are counted', () => {
    expect(readJestReport(fileWith(JSON.stringify(allPassed)))).toEqual({ passed: 5, failed: 0 });
  });

  test('failures are counted whose errors refer to themselves', () => {
    /** @type {any} */
    const failure = new Error('a failure');
    failure.error = failure;
    const file = path.join(folder, 'counts');
    process.env.BEASTIO_JEST_COUNTS = file;
    const results = { ...allPassed, numFailedTests: 1, testResults: [failure] };
    new CountsReporter().onRunComplete(undefined, results);
    expect(readJestReport(file)).toEqual({ passed: 5, failed: 1 });
  });

  test.each(['numFailedTests', 'numPendingTests', 'numTodoTests', 'numRuntimeErrorTestSuites'])(
    '%s count as failures',
    (name) => {
      const report = { ...allPassed, [name]: 2 };
      expect(readJestReport(fileWith(JSON.stringify(report)))).toEqual({ passed: 5, failed: 2 });
    },
  );
});

describe('CTest', () => {
  /** @param {string} attributes */
  const report = (attributes) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="(empty)"\n\t${attributes}>\n</testsuite>\n`;

  test('what did not fail has passed', () => {
    const file = fileWith(report('tests="7" failures="2" disabled="0" skipped="0"'));
    expect(readJunitReport(file)).toEqual({ passed: 5, failed: 2 });
  });

  test('skipped and disabled tests count as failures', () => {
    const file = fileWith(report('tests="7" failures="0" disabled="1" skipped="2"'));
    expect(readJunitReport(file)).toEqual({ passed: 4, failed: 3 });
  });

  test('a report without counts is no report', () => {
    const file = fileWith('<testsuite name="x"></testsuite>');
    expect(() => readJunitReport(file)).toThrow('has no count of failures');
  });
});

test('a missing report throws', () => {
  const missing = path.join(folder, 'missing');
  expect(() => readJestReport(missing)).toThrow('ENOENT');
  expect(() => readJunitReport(missing)).toThrow('ENOENT');
});
