'use strict';

/**
 * `npm run fuzz`: the fuzz targets of test/fuzz/targets on clang's libFuzzer, one after the other.
 *
 *     npm run fuzz -- --seconds N [TARGET…]     each for so long; all of them unless some are named
 *
 * What they find is kept in build-fuzz/corpus/, and what breaks them in build-fuzz/crashes/: to be run again by
 * `build-fuzz/fuzz-TARGET FILE`.
 */

const fs = require('node:fs');
const path = require('node:path');
const { reportFailure, setUp } = require('./setup');
const { listFiles } = require('./support/files');
const { TOP, compileJobs, run } = require('./support/processes');
const { readCommandLine, readSeconds } = require('./support/arguments');
const { tellsHelp } = require('./support/help');
const { SetUpError } = require('./support/set-up-error');

const PRESET = 'fuzz';
const SOURCES = path.join(TOP, 'test/fuzz/targets');
/** Inputs that are kept, in a folder for each target. */
const CORPORA = path.join(TOP, 'test/fuzz/corpus');
const USUAL_SECONDS = 60;

/** An input that takes longer than this is a finding. */
const MOST_SECONDS_PER_INPUT = 30;
const MOST_MEMORY_MB = 2048;

/** @returns {string[]} The names of all targets: each is a source. */
function allTargets() {
  return listFiles(SOURCES, /\.cpp$/)
    .map((file) => path.parse(file).name)
    .sort();
}

/**
 * Errors: throws a SetUpError that says what is wrong with the command line.
 *
 * @param {string[]} argv
 * @returns {{ seconds: number, targets: string[] }}
 */
function readArguments(argv) {
  const { values, positionals } = readCommandLine(argv, ['seconds']);
  const seconds = readSeconds(values.seconds, USUAL_SECONDS);
  const known = allTargets();
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new SetUpError(
      `There is no target ${unknown.join(', ')}. There are ${known.join(', ')}.`,
    );
  }
  return { seconds, targets: positionals.length > 0 ? positionals : known };
}

/**
 * Errors: throws when the build fails; the compiler has shown its reasons by then.
 *
 * @param {string[]} targets
 * @returns {Promise<string>} The build folder.
 */
async function build(targets) {
  const { configurePreset } = require('./checks/cmake');
  const { compilerCacheEnv } = require('./setup/compiler-cache');
  const folder = await configurePreset(PRESET);
  const programs = targets.map((name) => `fuzz-${name}`);
  const args = ['--build', folder, '--parallel', `${compileJobs()}`, '--target', ...programs];
  const { code } = await run('cmake', args, { env: compilerCacheEnv(), output: 'show' });
  if (code !== 0) throw new Error(`The build ended with code ${code}.`);
  return path.join(TOP, folder);
}

/**
 * Runs one target, and tells in a line how it went. Of one that breaks, all that the fuzzer said is shown.
 *
 * @param {string} folder The build folder.
 * @param {string} target
 * @param {number} seconds
 * @returns {Promise<boolean>} Whether it kept its promises.
 */
async function fuzz(folder, target, seconds) {
  const found = path.join(folder, 'corpus', target);
  const crashes = path.join(folder, 'crashes');
  for (const each of [found, crashes]) fs.mkdirSync(each, { recursive: true });
  const { code, output } = await run(path.join(folder, `fuzz-${target}`), [
    ...[`-max_total_time=${seconds}`, `-timeout=${MOST_SECONDS_PER_INPUT}`],
    ...[`-rss_limit_mb=${MOST_MEMORY_MB}`, `-artifact_prefix=${crashes}${path.sep}${target}-`],
    '-print_final_stats=1',
    ...[found, path.join(CORPORA, target)], // new inputs go to the first
  ]);
  const inputs =
    /^stat::number_of_executed_units:\s*(\d+)/m.exec(output)?.[1] ?? 'an unknown number of';
  const [sign, words] = code === 0 ? ['✓', 'kept its promises'] : ['✗', 'broke one'];
  if (code !== 0) console.log(output);
  console.log(`${sign} ${target} ${words} in ${inputs} inputs`);
  return code === 0;
}

async function main() {
  const { seconds, targets } = readArguments(process.argv.slice(2));
  await setUp({ forTests: true, forFuzzing: true, addon: 'none' });
  const folder = await build(targets);
  const broken = [];
  for (const target of targets) if (!(await fuzz(folder, target, seconds))) broken.push(target);
  if (broken.length > 0) {
    throw new SetUpError(`Broken: ${broken.join(', ')}. The inputs are in ${folder}/crashes.`);
  }
}

if (require.main === module && !tellsHelp(__filename)) main().catch(reportFailure);

module.exports = { CORPORA, allTargets, readArguments };
