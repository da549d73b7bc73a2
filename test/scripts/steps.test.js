'use strict';

/** How `npm test` goes through its steps and what its last line says. */

const { runSteps } = require('../../scripts/checks/steps');

/** @type {string[]} */
let printed;

beforeEach(() => {
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text) => printed.push(`${text}`));
});

afterEach(() => {
  jest.restoreAllMocks();
});

/**
 * @param {string} name
 * @param {() => Promise<{ passed: number, failed: number }>} run
 */
const step = (name, run) => ({ name, run });

test('the last line is the sum over all steps', async () => {
  const total = await runSteps([
    step('one', async () => ({ passed: 3, failed: 0 })),
    step('two', async () => ({ passed: 4, failed: 0 })),
  ]);
  expect(total).toEqual({ passed: 7, failed: 0 });
  expect(printed.join('\n').split('\n').at(-1)).toBe('7 passed, 0 failed');
});

test('a step that throws is one failure, is named at the end, and the next one still runs', async () => {
  const total = await runSteps([
    step('broken', () => Promise.reject(new Error('no report'))),
    step('fine', async () => ({ passed: 1, failed: 0 })),
  ]);
  expect(total).toEqual({ passed: 1, failed: 1 });
  expect(printed.join('\n')).toContain('no report');
  expect(printed.join('\n').split('\n').slice(-2)).toEqual([
    '  broken: 1 failed',
    '1 passed, 1 failed',
  ]);
});

test('a runner that found no test is a failure', async () => {
  const total = await runSteps([step('empty', async () => ({ passed: 0, failed: 0 }))]);
  expect(total).toEqual({ passed: 0, failed: 1 });
});
