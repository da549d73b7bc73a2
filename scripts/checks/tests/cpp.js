'use strict';

/**
 * The Catch2 tests. All of them are built and run once per sanitizer, each test case in a separate process. A
 * selection runs in one process, without a sanitizer unless one is asked for. Each test case counts as one.
 */

const path = require('node:path');
const { configurePreset } = require('../cmake');
const { fileOfCase } = require('./catch-cases');
const { readCatchSummary, readJunitReport } = require('./reports');
const { compilerCacheEnv } = require('../../setup/compiler-cache');
const { TOP, compileJobs, run } = require('../../support/processes');

const TEST_TIMEOUT_S = 120;
const SANITIZERS = ['asan-ubsan', 'tsan'];

/** The presets of CMakePresets.json that tests run on; the first has no sanitizer. */
const PRESETS = ['dev', ...SANITIZERS];

/**
 * @typedef {object} CatchChoice
 * @property {string[]} files Relative to the top of the repository.
 * @property {string} [caseText] What the name of a test case must contain.
 */

/**
 * The thread sanitizer of GCC 12 fails at start-up where the kernel spreads memory widely (newer kernels do).
 * So its programs run with fixed addresses, where the machine lets us.
 *
 * @param {string} preset
 * @returns {Promise<typeof run>} Runs commands that run the tests.
 */
async function runnerFor(preset) {
  if (preset !== 'tsan') return run;
  const fixedAddresses = ['setarch', '--addr-no-randomize'];
  const { code } = await run(fixedAddresses[0], [fixedAddresses[1], 'true']);
  if (code !== 0) return run;
  const [setarch, option] = fixedAddresses;
  return (command, args, options) => run(setarch, [option, command, ...args], options);
}

/**
 * Errors: throws when the build fails; the compiler has shown its reasons by then.
 *
 * @param {string} preset
 * @param {string[]} [targets] None means all.
 * @returns {Promise<{ folder: string, runTests: typeof run }>} The build folder; how to run what is in it.
 */
async function build(preset, targets = []) {
  const folder = await configurePreset(preset);
  const runTests = await runnerFor(preset);
  const args = ['--build', folder, '--parallel', `${compileJobs()}`];
  if (targets.length > 0) args.push('--target', ...targets);
  // The build runs the tests' program too, to list its cases.
  const { code } = await runTests('cmake', args, { env: compilerCacheEnv(), output: 'show' });
  if (code !== 0) throw new Error(`The build ended with code ${code}.`);
  return { folder: path.join(TOP, folder), runTests };
}

/**
 * @param {string} preset
 * @param {string} reportFolder
 * @returns {import('../steps').Step}
 */
function allCasesStep(preset, reportFolder) {
  return {
    name: `C++ tests, ${preset}`,
    async run() {
      const { folder, runTests } = await build(preset);
      const report = path.join(reportFolder, `${preset}.xml`);
      const { code, output } = await runTests('ctest', [
        ...['--test-dir', folder, '--output-junit', report],
        ...['--output-on-failure', '--parallel', `${compileJobs()}`],
        ...['--timeout', `${TEST_TIMEOUT_S}`],
      ]);
      if (code !== 0) console.log(output);
      const { passed, failed, cases } = readJunitReport(report);
      const timings = cases.map(({ name, ms }) => ({ file: fileOfCase(name), on: preset, ms }));
      return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, timings };
    },
  };
}

/**
 * @param {CatchChoice} choice
 * @returns {string} Catch2's words for it: names of files are tags there, and a comma means "or".
 */
function testSpec({ files, caseText }) {
  const name = caseText === undefined ? '' : `"*${caseText}*"`;
  if (files.length === 0) return name;
  return files.map((file) => `[#${path.basename(file, '.cpp')}]${name}`).join(',');
}

/**
 * @param {string} preset
 * @param {CatchChoice} choice
 * @returns {import('../steps').Step}
 */
function chosenCasesStep(preset, choice) {
  return {
    name: `C++ tests, ${preset}`,
    async run() {
      const { folder, runTests } = await build(preset, ['beastio_tests']);
      const program = path.join(folder, 'beastio_tests');
      const { code, output } = await runTests(program, ['--filenames-as-tags', testSpec(choice)]);
      console.log(output);
      if (/^No test cases matched/m.test(output)) return { passed: 0, failed: 0 };
      const counts = readCatchSummary(output);
      if (code !== 0 && counts.failed === 0) counts.failed = 1;
      return counts;
    },
  };
}

module.exports = { PRESETS, SANITIZERS, allCasesStep, chosenCasesStep, testSpec };
