/**
 * Programs in C++ for the tests: targets of CMakeLists.txt, built as the C++ tests are, under the address
 * sanitizer. What it finds ends the program with an error.
 */
'use strict';

const path = require('node:path');
const { configurePreset } = require('../../../scripts/checks/cmake');
const { compilerCacheEnv } = require('../../../scripts/setup/compiler-cache');
const { withLock } = require('../../../scripts/setup/lock');
const { TOP, compileJobs, run } = require('../../../scripts/support/processes');

/** Of CMakePresets.json. */
const PRESET = process.env.BEASTIO_CPP_PRESET ?? 'asan-ubsan';
const FOLDER = path.join(TOP, `build-${PRESET}`);

/** How long a build may take that finds nothing in the compiler's cache. */
const BUILD_MS = 30 * 60_000;

/**
 * Builds a program, unless nothing has changed. One build at a time: Ninja does not share a folder.
 * @param {string} target
 * @param {string} file below the build folder
 * @returns {Promise<string>} the executable
 */
async function builtProgram(target, file) {
  return withLock(`${FOLDER}.lock`, async () => {
    await configurePreset(PRESET);
    const args = ['--build', FOLDER, '--parallel', `${compileJobs()}`, '--target', target];
    const { code, output } = await run('cmake', args, { env: compilerCacheEnv() });
    if (code !== 0) throw new Error(output);
    return path.join(FOLDER, file);
  });
}

module.exports = { BUILD_MS, PRESET, builtProgram };
