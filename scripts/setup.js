'use strict';

/**
 * The set-up, from a fresh clone to a machine that can run and test the server:
 * Node's version, the system's packages, npm's packages, the addon. Each step does only what is missing.
 * With `--debug` the addon is built with asserts and debug symbols: BEASTIO_ADDON=debug makes a checkout load it.
 * Order: it runs before node_modules exists, so it and its steps use Node core modules only.
 */

const path = require('node:path');
const { parseArgs } = require('node:util');
const { chosenConfiguration } = require('../lib/engine/wire/addon');
const { buildAddon, isAddonCurrent } = require('./setup/addon');
const { withLock } = require('./setup/lock');
const { BENCH_NEEDS, BUILD_NEEDS, FUZZ_NEEDS, TEST_NEEDS } = require('./setup/needs');
const { installNpmPackages, isInstalled } = require('./setup/npm-packages');
const { installSystemPackages } = require('./setup/system-packages');
const { TOP } = require('./support/processes');
const { tellsHelp } = require('./support/help');
const { SetUpError } = require('./support/set-up-error');

const OLDEST_NODE = 20;

/**
 * What is about to run (the tests, the bench, the fuzzers or the demo), and which addon that loads, if any.
 *
 * @typedef {object} Scope
 * @property {boolean} forTests
 * @property {boolean} [forBench]
 * @property {boolean} [forFuzzing]
 * @property {import('./setup/addon').Configuration | 'none'} [addon] Release unless given.
 */

/**
 * Order: each step relies on those before it, its check as well as its work.
 *
 * @param {Scope} scope
 * @returns {{ isDone: () => boolean, run: () => Promise<void> }[]}
 */
function stepsFor({ forTests, forBench = false, forFuzzing = false, addon = 'Release' }) {
  const needs = [
    ...BUILD_NEEDS,
    ...(forTests ? TEST_NEEDS : []),
    ...(forBench ? BENCH_NEEDS : []),
    ...(forFuzzing ? FUZZ_NEEDS : []),
  ];
  const packages = [
    {
      isDone: () => needs.every((need) => need.isMet()),
      run: () => installSystemPackages(needs),
    },
    { isDone: () => isInstalled(), run: () => installNpmPackages() },
  ];
  if (addon === 'none') return packages;
  return [...packages, { isDone: () => isAddonCurrent(addon), run: () => buildAddon(addon) }];
}

/**
 * Does what is missing. When nothing is, it only looks: it takes no lock and writes no file.
 * Errors: throws a SetUpError, whose message tells a person what to do.
 *
 * @param {Scope} scope
 */
async function setUp(scope) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new SetUpError(`Node ${OLDEST_NODE} or later is needed; this is ${process.version}.`);
  }
  const steps = stepsFor(scope);
  if (steps.every((step) => step.isDone())) return;
  const work = async () => {
    for (const step of steps) if (!step.isDone()) await step.run();
  };
  await withLock(path.join(TOP, '.setup-lock'), work, (pid) =>
    console.log(`Waiting for another set-up in this folder (process ${pid})`),
  );
}

/**
 * Ends the command after a failed set-up: a SetUpError as its message, anything else with its stack.
 * @param {unknown} error
 */
function reportFailure(error) {
  console.error(error instanceof SetUpError ? `\n${error.message}` : error);
  process.exitCode = 1;
}

/** The command: what BEASTIO_ADDON chooses is built, or else what the command line says. */
async function main() {
  const { debug } = parseArgs({ options: { debug: { type: 'boolean' } } }).values;
  await setUp({ forTests: true, addon: debug ? 'Debug' : chosenConfiguration() });
  console.log('Everything is set up.');
}

if (require.main === module && !tellsHelp(__filename)) main().catch(reportFailure);

module.exports = { reportFailure, setUp };
