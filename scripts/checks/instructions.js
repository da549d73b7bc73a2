'use strict';

/**
 * The guard against slow code that noise cannot fool. Callgrind counts the instructions of the engine's hot
 * paths (bench/instructions/) in the code that the addon is linked from. A count that has grown by a tenth
 * over bench/instructions/baseline.json fails. Counts belong to a toolchain: the baseline says which.
 * `npm run baseline` writes it anew.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { SCRIPT_NAME, countScript } = require('./script-instructions');
const { listFiles } = require('../support/files');
const { TOP, run } = require('../support/processes');

const FOLDER = path.join(TOP, 'bench/instructions');
const BASELINE = path.join(FOLDER, 'baseline.json');
const CORE = path.join(TOP, 'build/Release/core.a');

/** A count may differ from the baseline by this share. The same code differs by a thousandth at most. */
const TOLERANCE = 0.1;

/** As in binding.gyp, so that what the driver inlines is what the addon inlines. */
const FLAGS = [
  '-std=c++20',
  '-O2',
  '-DNDEBUG',
  '-Inative/include',
  '-Inative/src',
  '-Itest/native',
];

/** The C library chooses among its copies of memcpy and the like by the processor; here it has no choice. */
const PLAIN_PROCESSOR =
  'glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM,-AVX_Fast_Unaligned_Load';

/**
 * @typedef {Record<string, number>} Counts instructions of one run of each script
 *
 * @typedef {object} Baseline
 * @property {Record<string, string>} toolchain
 * @property {Counts} counts
 */

/** @returns {Promise<Record<string, string>>} What counts depend on besides the code. */
async function toolchain() {
  const compiler = await run('g++', ['--version']);
  const boost = await run('g++', [
    '-E',
    '-P',
    '-include',
    'boost/version.hpp',
    '-x',
    'c++',
    '/dev/null',
    '-dM',
  ]);
  return {
    architecture: os.arch(),
    node: process.version,
    compiler: compiler.output.split('\n')[0],
    boost: /#define BOOST_LIB_VERSION "(.*)"/.exec(boost.output)?.[1] ?? 'unknown',
    libc: /** @type {any} */ (process.report.getReport()).header.glibcVersionRuntime ?? 'unknown',
  };
}

/**
 * Errors: throws with the output of the command that failed.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function must(command, args, env) {
  const { code, output } = await run(command, args, { env });
  if (code !== 0) throw new Error(`${output}\n${command} ended with code ${code}.`);
}

/**
 * Counts the driver's scripts and, at the same time, the one in JavaScript.
 * Order: after the addon was built, whose objects the driver takes.
 *
 * @returns {Promise<Counts>}
 */
async function countInstructions() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-instructions-'));
  const env = { GLIBC_TUNABLES: PLAIN_PROCESSOR };
  try {
    const [native, script] = await Promise.all([
      countNative(folder, env),
      countScript(folder, env),
    ]);
    return { ...native, ...script };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 */
async function countNative(folder, env) {
  const driver = path.join(folder, 'driver');
  const libraries = [CORE, '-l:libz.a', '-lpthread'];
  await must('g++', [...FLAGS, ...listFiles(FOLDER, /\.cpp$/), ...libraries, '-o', driver]);
  const output = `--callgrind-out-file=${path.join(folder, 'counts')}`;
  await must('valgrind', ['--tool=callgrind', output, driver], env);
  return readCounts(folder);
}

/**
 * @param {string} folder
 * @returns {Counts} From the files that callgrind has written there, one for each script.
 */
function readCounts(folder) {
  /** @type {Counts} */
  const counts = {};
  const files = listFiles(folder, /^counts\.\d+$/);
  const numberOf = (/** @type {string} */ file) => Number(path.extname(file).slice(1));
  for (const file of files.sort((a, b) => numberOf(a) - numberOf(b))) {
    const text = fs.readFileSync(file, 'utf8');
    const name = /^desc: Trigger: Client Request: (.*)$/m.exec(text)?.[1];
    const count = /^(?:summary|totals): (\d+)/m.exec(text)?.[1];
    if (name !== undefined && count !== undefined) counts[name] = Number(count);
  }
  return counts;
}

/**
 * @typedef {object} Comparison
 * @property {string[]} lines One for each script, for a person.
 * @property {boolean} isSlower Whether one of them fails.
 * @property {boolean} isFaster Whether a count is so much lower that the baseline should be renewed.
 */

/**
 * @param {Counts} counts
 * @param {Counts} baseline
 * @returns {Comparison}
 */
function compareCounts(counts, baseline) {
  const names = [...new Set([...Object.keys(baseline), ...Object.keys(counts)])];
  const changes = names.map((name) => ({ name, change: counts[name] / baseline[name] - 1 }));
  const lines = changes.map(({ name, change }) => {
    if (Number.isNaN(change))
      return `  ${name}: not in both the baseline and the program  <-- FAILED`;
    const percent = `${change >= 0 ? '+' : ''}${(100 * change).toFixed(1)} %`;
    const failed = change > TOLERANCE ? '  <-- FAILED' : '';
    return `  ${name}: ${counts[name].toLocaleString('en-US')} (${percent})${failed}`;
  });
  return {
    lines,
    isSlower: changes.some(({ change }) => !(change <= TOLERANCE)),
    isFaster: changes.some(({ change }) => change < -TOLERANCE),
  };
}

/** @returns {Baseline} */
function readBaseline() {
  return JSON.parse(fs.readFileSync(BASELINE, 'utf8'));
}

const HOW_TO_RENEW =
  'If that is meant, run `npm run baseline` on Debian 12 and commit bench/instructions/baseline.json with the reason.';

/**
 * Says in what the toolchain differs from the baseline's, and leaves out what cannot be compared then.
 *
 * @param {Baseline} baseline
 * @param {Record<string, string>} ours
 * @param {Counts} counts
 * @returns {[counts: Counts, baseline: Counts]}
 */
function comparable(baseline, ours, counts) {
  const other = Object.keys(ours).filter((key) => ours[key] !== baseline.toolchain[key]);
  if (other.length === 0) return [counts, baseline.counts];
  const differences = other.map((key) => `${key} ${ours[key]}, not ${baseline.toolchain[key]}`);
  console.log(`The baseline is of another toolchain (${differences.join('; ')}).`);
  const onlyNode = other.every((key) => key === 'node');
  // What V8 spends depends on its version. The rest cannot be compared on a developer's machine either. In
  // CI, where changes are judged, it must be compared.
  if (!onlyNode && !process.env.CI) return [counts, counts];
  if (!other.includes('node')) return [counts, baseline.counts];
  return [withoutScript(counts), withoutScript(baseline.counts)];
}

/**
 * @param {Counts} counts
 * @returns {Counts}
 */
function withoutScript(counts) {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => name !== SCRIPT_NAME));
}

/** @returns {import('./steps').Step} Counts one check for each script. */
function instructionsStep() {
  return {
    name: 'Instructions of the hot paths',
    async run() {
      const counts = await countInstructions();
      const pair = comparable(readBaseline(), await toolchain(), counts);
      const { lines, isSlower, isFaster } = compareCounts(...pair);
      console.log(lines.join('\n'));
      if (isSlower) console.log(`Slower by a tenth or more than the baseline. ${HOW_TO_RENEW}`);
      if (isFaster) console.log(`Faster by a tenth or more: keep it so. ${HOW_TO_RENEW}`);
      const failed = lines.filter((line) => line.endsWith('FAILED')).length;
      return { passed: lines.length - failed, failed };
    },
  };
}

/** Writes the baseline of the code and the toolchain as they are now. */
async function renewBaseline() {
  const counts = await countInstructions();
  const baseline = { toolchain: await toolchain(), counts };
  if (fs.existsSync(BASELINE)) {
    console.log(compareCounts(counts, readBaseline().counts).lines.join('\n'));
  }
  fs.writeFileSync(BASELINE, `${JSON.stringify(baseline, null, 2)}\n`);
  console.log(`Written: ${path.relative(TOP, BASELINE)}`);
}

module.exports = { compareCounts, instructionsStep, renewBaseline };
