'use strict';

/**
 * The C++ library as others get it: built, installed, and used by the programs of test/package/. Once it is
 * static and embedded in a project of a user, by g++ with optimisation; once shared, by clang without.
 * Each program, each question to find_package and each look at what was installed counts as one.
 */

const fs = require('node:fs');
const path = require('node:path');
const { checkSymbols } = require('../symbols');
const { compilerCacheEnv } = require('../../setup/compiler-cache');
const { findProgram, listFiles } = require('../../support/files');
const { TOP, compileJobs, run } = require('../../support/processes');
const { readJunitReport } = require('./reports');

const TEST_TIMEOUT_S = 120;

/**
 * @typedef {object} Variant
 * @property {string} name
 * @property {string} source The project, relative to the top of the repository.
 * @property {string} compiler
 * @property {RegExp} library What its files are named like.
 * @property {string[]} options
 * @property {string} [program] That is built with it, and must run.
 */

/** @type {Variant[]} */
const VARIANTS = [
  {
    name: 'static',
    source: 'test/package/embedded',
    compiler: 'g++',
    library: /\.a$/,
    options: ['-DCMAKE_BUILD_TYPE=Release'],
    program: 'embedded',
  },
  {
    name: 'shared',
    source: '.',
    compiler: 'clang++',
    library: /\.so\.[\d.]+$/,
    options: [
      '-DCMAKE_BUILD_TYPE=Debug',
      '-DCMAKE_CXX_FLAGS_DEBUG=-g0', // nobody debugs it, and it compiles in two thirds of the time
      '-DBUILD_SHARED_LIBS=ON',
      '-DBEASTIO_WERROR=ON',
    ],
  },
];

/**
 * Errors: throws with the output of a command that fails.
 *
 * @param {string} command
 * @param {string[]} args
 */
async function must(command, args) {
  const { code, output } = await run(command, args, { env: compilerCacheEnv() });
  if (code !== 0) throw new Error(`${output}\n${command} ${args.join(' ')} ended with ${code}.`);
}

/**
 * @param {string} source
 * @param {string} folder
 * @param {string} compiler
 * @param {string[]} options
 */
async function build(source, folder, compiler, options) {
  const cached = findProgram('ccache') ? ['-DCMAKE_CXX_COMPILER_LAUNCHER=ccache'] : [];
  await must('cmake', [
    ...['-S', source, '-B', folder, '-G', 'Ninja', `-DCMAKE_CXX_COMPILER=${compiler}`],
    ...[...cached, ...options],
  ]);
  await must('cmake', ['--build', folder, '--parallel', `${compileJobs()}`]);
}

/**
 * Runs what CTest has in a build folder.
 *
 * @param {string} folder
 * @param {string} report
 */
async function runTests(folder, report) {
  const { code, output } = await run('ctest', [
    ...['--test-dir', folder, '--output-junit', report, '--output-on-failure'],
    ...['--parallel', `${compileJobs()}`, '--timeout', `${TEST_TIMEOUT_S}`],
  ]);
  if (code !== 0) console.log(output);
  const { passed, failed } = readJunitReport(report);
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

/**
 * Errors: throws with the files that name a place of this machine: they would not bear to be moved.
 *
 * @param {string} installed
 */
async function checkPaths(installed) {
  const files = listFiles(installed, /\.(cmake|pc)$/);
  const bound = files.filter((file) => {
    const text = fs.readFileSync(file, 'utf8');
    return [TOP, '/usr/'].some((place) => text.includes(place));
  });
  if (files.length < 6 || bound.length > 0) {
    throw new Error(`Of ${files.length} files these name a place: ${bound.join(', ') || 'none'}`);
  }
}

/**
 * @param {Variant} variant
 * @param {string} reportFolder
 * @returns {import('../steps').Step}
 */
function packageStep(variant, reportFolder) {
  const { name, source, compiler, library, options, program } = variant;
  return {
    name: `C++ package, ${name}`,
    async run() {
      const folder = path.join(TOP, `build-package-${name}`);
      const installed = path.join(folder, 'installed');
      const consumers = path.join(folder, 'consumers');
      await build(source, folder, compiler, options);
      fs.rmSync(installed, { recursive: true, force: true });
      await must('cmake', ['--install', folder, '--prefix', installed]);
      await build('test/package', consumers, compiler, [`-DCMAKE_PREFIX_PATH=${installed}`]);

      const libraries = listFiles(installed, library);
      const checks = [...libraries.map(checkSymbols), checkPaths(installed)];
      if (program !== undefined) checks.push(must(path.join(folder, program), []));
      const refusals = (await Promise.allSettled(checks)).filter(isRefusal);
      for (const { reason } of refusals) console.log(reason.message);
      if (libraries.length !== 2) throw new Error(`There are not two libraries in ${installed}.`);

      const counts = await runTests(consumers, path.join(reportFolder, `package-${name}.xml`));
      return {
        passed: counts.passed + checks.length - refusals.length,
        failed: counts.failed + refusals.length,
      };
    },
  };
}

/**
 * @param {PromiseSettledResult<void>} result
 * @returns {result is PromiseRejectedResult}
 */
function isRefusal(result) {
  return result.status === 'rejected';
}

/**
 * @param {string} reportFolder
 * @returns {import('../steps').Step[]}
 */
function packageSteps(reportFolder) {
  return VARIANTS.map((variant) => packageStep(variant, reportFolder));
}

module.exports = { packageSteps };
