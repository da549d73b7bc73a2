/** The soak as a step of `npm test`: each promise counts as one, and a soak that does not end well is a failure. */
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

jest.mock('../../scripts/support/processes', () => ({
  ...jest.requireActual('../../scripts/support/processes'),
  run: jest.fn(),
}));
const { run } = /** @type {any} */ (require('../../scripts/support/processes'));
const { soakStep } = require('../../scripts/checks/soak');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-soak-step-'));

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** @param {number} code @param {boolean[]} [checks] @param {string} [otherRun] whose report it is */
function ends(code, checks, otherRun) {
  run.mockReset().mockImplementation(async (/** @type {string} */ _command, args) => {
    const settings = { run: otherRun ?? args[args.indexOf('--run') + 1] };
    const report = { settings, checks: checks?.map((passed) => ({ passed })) };
    if (checks) fs.writeFileSync(path.join(folder, 'soak-report.json'), JSON.stringify(report));
    return { code, output: '' };
  });
}

test.each([
  ['all is well', 0, [true, true, true], { passed: 3, failed: 0 }],
  ['two promises are broken', 1, [true, false, false], { passed: 1, failed: 2 }],
  ['it breaks after its report', 1, [true], { passed: 1, failed: 1 }],
  ['it has no report', 1, undefined, { passed: 0, failed: 1 }],
  ['it has no report, but claims success', 0, undefined, { passed: 0, failed: 0 }],
])('%s', async (_what, code, checks, counts) => {
  ends(code, checks);
  expect(await soakStep(folder, 1).run()).toEqual(counts);
});

test('the report of another run does not count', async () => {
  ends(1, [true, true], 'another');
  expect(await soakStep(folder, 1).run()).toEqual({ passed: 0, failed: 1 });
});

test('it begins once, for the minutes that are asked for', async () => {
  ends(0, [true]);
  const step = soakStep(folder, 3);
  step.begin?.();
  await step.run();
  expect(run).toHaveBeenCalledTimes(1);
  const [, args, options] = run.mock.calls[0];
  expect(args).toEqual(expect.arrayContaining(['--minutes', '3', '--out', folder]));
  expect(options).toMatchObject({ isTied: true });
  expect(options.limitMs).toBeGreaterThan(3 * 60_000);
});
