'use strict';

/**
 * The Catch2 tests, built and run once per sanitizer. Each test case runs in a process of its own and counts as one.
 */

const path = require('node:path');
const { configurePreset } = require('./cmake');
const { readJunitReport } = require('./reports');
const { compilerCacheEnv } = require('../setup/compiler-cache');
const { TOP, compileJobs, run } = require('../support/processes');

const TEST_TIMEOUT_S = 120;

/**
 * The thread sanitizer of GCC 12 fails at start-up where the kernel spreads memory widely (newer ones do),
 * so its programs run with fixed addresses, where the machine lets us.
 *
 * @param {string} preset
 * @returns {Promise<string[]>} The words to put before a command that runs the tests.
 */
async function testPrefix(preset) {
  if (preset !== 'tsan') return [];
  const fixedAddresses = ['setarch', '--addr-no-randomize'];
  const { code } = await run(fixedAddresses[0], [fixedAddresses[1], 'true']);
  return code === 0 ? fixedAddresses : [];
}

/**
 * @param {string} preset
 * @param {string} reportFolder
 * @returns {import('./steps').Step}
 */
function cppStep(preset, reportFolder) {
  return {
    name: `C++ tests, ${preset}`,
    async run() {
      const folder = await configurePreset(preset);
      const prefix = await testPrefix(preset);
      /** @type {typeof run} */
      const runPrefixed = (command, args, options) => {
        const [first, ...rest] = [...prefix, command, ...args];
        return run(first, rest, options);
      };

      // The build runs the tests' program too, to list its cases.
      const build = await runPrefixed(
        'cmake',
        ['--build', folder, '--parallel', `${compileJobs()}`],
        { env: compilerCacheEnv(), output: 'show' },
      );
      if (build.code !== 0) throw new Error(`The build ended with code ${build.code}.`);

      const report = path.join(reportFolder, `${preset}.xml`);
      const { code, output } = await runPrefixed('ctest', [
        ...['--test-dir', path.join(TOP, folder), '--output-junit', report],
        ...['--output-on-failure', '--parallel', `${compileJobs()}`],
        ...['--timeout', `${TEST_TIMEOUT_S}`],
      ]);
      if (code !== 0) console.log(output);
      const counts = readJunitReport(report);
      if (code !== 0 && counts.failed === 0) counts.failed = 1;
      return counts;
    },
  };
}

/**
 * @param {string} reportFolder
 * @returns {import('./steps').Step[]}
 */
function cppSteps(reportFolder) {
  return ['asan-ubsan', 'tsan'].map((preset) => cppStep(preset, reportFolder));
}

module.exports = { cppSteps };
