/**
 * The program in C++ that the tests of this folder start. `npm test` has it built before; a test that is run
 * by itself has it built by `built`.
 */
'use strict';

const path = require('node:path');
const { configurePreset } = require('../../../scripts/checks/cmake');
const { compilerCacheEnv } = require('../../../scripts/setup/compiler-cache');
const { withLock } = require('../../../scripts/setup/lock');
const { TOP, compileJobs, run } = require('../../../scripts/support/processes');

/** Of CMakePresets.json: what the server does wrong in memory ends it. */
const PRESET = process.env.BEASTIO_CPP_PRESET ?? 'asan-ubsan';
const TARGET = 'beastio_test_server';
const FOLDER = path.join(TOP, `build-${PRESET}`);
const PROGRAM = path.join(FOLDER, TARGET);

/** For a machine that has to compile the library first. */
const BUILD_TIMEOUT_MS = 3_600_000;

/**
 * Has the program built. Errors: throws with the compiler's output.
 * @returns {Promise<string>} its path
 */
async function built() {
  await withLock(`${FOLDER}.lock`, async () => {
    await configurePreset(PRESET);
    const args = ['--build', FOLDER, '--target', TARGET, '--parallel', `${compileJobs()}`];
    const { code, output } = await run('cmake', args, { env: compilerCacheEnv() });
    if (code !== 0) throw new Error(`${output}\nThe build ended with code ${code}.`);
  });
  return PROGRAM;
}

module.exports = { BUILD_TIMEOUT_MS, PRESET, PROGRAM, built };
