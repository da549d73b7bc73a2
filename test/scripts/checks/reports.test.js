'use strict';

/** The counts and times that `npm test` takes from the runners' reports. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { TOP } = require('../../support/programs/programs');
const CountsReporter = require('../../../scripts/checks/tests/jest-counts');
const {
  readCatchSummary,
  readJestReport,
  readJunitReport,
} = require('../../../scripts/checks/tests/reports');

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
    files: [],
  };
  const PASSED = { passed: 5, failed: 0, timings: [] };

  test('passed tests are counted', () => {
    expect(readJestReport(fileWith(JSON.stringify(allPassed)))).toEqual(PASSED);
  });

  test('failures are counted whose errors refer to themselves', () => {
    /** @type {any} */
    const failure = new Error('a failure');
    failure.error = failure;
    const file = path.join(folder, 'counts');
    process.env.BEASTIO_JEST_COUNTS = file;
    const result = {
      testFilePath: path.join(TOP, 'test/a.test.js'),
      displayName: { name: 'a door' },
      perfStats: { runtime: 1500 },
      failure,
    };
    const results = { ...allPassed, numFailedTests: 1, testResults: [result] };
    new CountsReporter().onRunComplete(undefined, results);
    const timings = [{ file: 'test/a.test.js', on: 'a door', ms: 1500 }];
    expect(readJestReport(file)).toEqual({ passed: 5, failed: 1, timings });
  });

  test('tests that were not chosen by their name do not count', () => {
    const report = fileWith(JSON.stringify({ ...allPassed, numPendingTests: 2 }));
    expect(readJestReport(report, { isPart: true })).toEqual(PASSED);
  });

  test.each(['numFailedTests', 'numPendingTests', 'numTodoTests', 'numRuntimeErrorTestSuites'])(
    '%s count as failures',
    (name) => {
      const report = { ...allPassed, [name]: 2 };
      expect(readJestReport(fileWith(JSON.stringify(report)))).toEqual({ ...PASSED, failed: 2 });
    },
  );
});

describe('CTest', () => {
  /** @param {string} attributes @param {string} [content] */
  const report = (attributes, content = '') =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="(empty)"\n\t${attributes}>\n${content}</testsuite>\n`;

  test('what did not fail has passed', () => {
    const file = fileWith(report('tests="7" failures="2" disabled="0" skipped="0"'));
    expect(readJunitReport(file)).toMatchObject({ passed: 5, failed: 2 });
  });

  test('skipped and disabled tests count as failures', () => {
    const file = fileWith(report('tests="7" failures="0" disabled="1" skipped="2"'));
    expect(readJunitReport(file)).toMatchObject({ passed: 4, failed: 3 });
  });

  test('cases are told with their times', () => {
    const one =
      '\t<testcase name="&quot;a&quot; &amp; b" classname="x" time="0.25" status="run">\n\t</testcase>\n';
    const file = fileWith(report('tests="1" failures="0" disabled="0" skipped="0"', one));
    expect(readJunitReport(file).cases).toEqual([{ name: '"a" & b', ms: 250 }]);
  });

  test('a report without counts is no report', () => {
    const file = fileWith('<testsuite name="x"></testsuite>');
    expect(() => readJunitReport(file)).toThrow('has no count of failures');
  });
});

describe('Catch2', () => {
  test.each([
    ['All tests passed (12 assertions in 3 test cases)\n', { passed: 3, failed: 0 }],
    ['All tests passed (1 assertion in 1 test case)\n', { passed: 1, failed: 0 }],
    [
      'test cases: 3 | 2 passed | 1 failed\nassertions: 9 | 8 passed | 1 failed\n',
      { passed: 2, failed: 1 },
    ],
    ['test cases: 1 | 1 failed\nassertions: 1 | 1 failed\n', { passed: 0, failed: 1 }],
  ])('%j is read', (output, counts) => {
    expect(readCatchSummary(output)).toEqual(counts);
  });

  test('a program that died is no report', () => {
    expect(() => readCatchSummary('==1==ERROR: AddressSanitizer\n')).toThrow('did not come to');
  });
});

test('a missing report throws', () => {
  const missing = path.join(folder, 'missing');
  expect(() => readJestReport(missing)).toThrow('ENOENT');
  expect(() => readJunitReport(missing)).toThrow('ENOENT');
});
