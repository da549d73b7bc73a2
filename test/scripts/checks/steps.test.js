'use strict';

/** How `npm test` goes through its steps and what its last line says. */

const { runSteps } = require('../../../scripts/checks/steps');

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

test('a step may begin before its turn', async () => {
  /** @type {string[]} */
  const order = [];
  const log = (/** @type {string} */ what) => async () => {
    order.push(what);
    return { passed: 1, failed: 0 };
  };
  const slow = { ...step('slow', log('slow')), begin: () => order.push('slow begins') };
  await runSteps([step('first', log('first')), slow]);
  expect(order).toEqual(['slow begins', 'first', 'slow']);
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

test('before it, the slowest files are told by runner, with the times of their cases summed', async () => {
  const result = { passed: 1, failed: 0 };
  /** @param {string} file @param {string} on @param {number} ms */
  const timing = (file, on, ms) => ({ file, on, ms });
  const many = Array.from({ length: 12 }, (_, i) => timing(`${i}.test.js`, 'a door', 1000 * i));
  await runSteps([
    { name: 'JavaScript tests', run: async () => ({ ...result, timings: many }) },
    {
      name: 'C++ tests, tsan',
      run: async () => ({
        ...result,
        timings: [timing('a.cpp', 'tsan', 700), timing('b.cpp', 'tsan', 900)],
      }),
    },
    {
      name: 'C++ tests, asan',
      run: async () => ({
        ...result,
        timings: [timing('a.cpp', 'asan', 100), timing('a.cpp', 'asan', 1100)],
      }),
    },
  ]);
  const lines = printed.join('\n').split('\n');
  const told = lines.slice(lines.indexOf('Slowest files, JavaScript tests:'));
  expect(told.slice(0, 3)).toEqual([
    'Slowest files, JavaScript tests:',
    '    11.0 s  11.test.js (a door)',
    '    10.0 s  10.test.js (a door)',
  ]);
  expect(told.slice(11)).toEqual([
    '',
    'Slowest files, C++ tests:',
    '     1.2 s  a.cpp (asan)',
    '     0.9 s  b.cpp (tsan)',
    '     0.7 s  a.cpp (tsan)',
    '',
    '3 passed, 0 failed',
  ]);
});

test('a runner that found no test is a failure', async () => {
  const total = await runSteps([step('empty', async () => ({ passed: 0, failed: 0 }))]);
  expect(total).toEqual({ passed: 0, failed: 1 });
});
