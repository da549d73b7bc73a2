'use strict';

/**
 * `npm test`: the set-up, then every check. Its last line reads `N passed, N failed`, the sum over all of them.
 *
 *     npm test -- --only GROUP                 lint, soak, js, cpp, package or speed
 *     npm test -- PATH… [--case TEXT]          files or folders of tests; those with this text in their name
 *     npm test -- PATH… --project NAME         on this door or package: a project of jest.config.js
 *     npm test -- --case TEXT --preset NAME    cases of C++; on this preset of CMakePresets.json
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { chosenConfiguration } = require('../lib/engine/wire/addon');
const { readSelection } = require('./checks/tests/selection');
const { reportFailure, setUp } = require('./setup');
const { tellsHelp } = require('./support/help');
const { SetUpError } = require('./support/set-up-error');

/** @typedef {import('./checks/steps').Step} Step */
/** @typedef {import('./checks/tests/selection').Selection} Selection */
/** @typedef {import('./setup/addon').Configuration} Configuration */

/**
 * @param {string[]} groups
 * @returns {(Configuration | 'none')[]} The builds of the addon that they use. Speed is that of what users get.
 */
function addonsFor(groups) {
  /** @type {Set<Configuration>} */
  const addons = new Set();
  if (groups.includes('js') || groups.includes('soak')) addons.add(chosenConfiguration());
  if (groups.includes('speed')) addons.add('Release');
  return addons.size === 0 ? ['none'] : [...addons];
}

/**
 * @param {Selection} selection
 * @param {string} reportFolder
 * @returns {Step[]}
 */
function cppSteps({ isPart, cpp, caseText, preset }, reportFolder) {
  const { PRESETS, SANITIZERS, allCasesStep, chosenCasesStep } = require('./checks/tests/cpp');
  if (preset !== undefined && !PRESETS.includes(preset)) {
    throw new SetUpError(`--preset takes one of ${PRESETS.join(', ')}.`);
  }
  if (isPart) return [chosenCasesStep(preset ?? PRESETS[0], { files: cpp, caseText })];
  const presets = preset === undefined ? SANITIZERS : [preset];
  return presets.map((each) => allCasesStep(each, reportFolder));
}

/**
 * The checks are loaded here and not above: some need packages that the set-up installs.
 *
 * @param {Selection} selection
 * @param {string} reportFolder
 * @returns {Step[]}
 */
function stepsOf(selection, reportFolder) {
  const { instructionsStep } = require('./checks/instructions');
  const { lintSteps } = require('./checks/lint');
  const { tidyStep } = require('./checks/clang-tidy');
  const { soakStep } = require('./checks/soak');
  const { javascriptStep } = require('./checks/tests/javascript');
  const { packageSteps } = require('./checks/tests/package');
  const { groups, javascript, projects, caseText } = selection;
  /** @param {string} group @param {() => Step[]} make */
  const steps = (group, make) => (groups.includes(group) ? make() : []);
  return [
    ...steps('lint', lintSteps),
    ...steps('js', () => [javascriptStep(reportFolder, { files: javascript, projects, caseText })]),
    // These begin first, and run beside those above.
    ...steps('soak', () => [soakStep()]),
    ...steps('lint', () => [tidyStep()]),
    ...steps('cpp', () => cppSteps(selection, reportFolder)),
    ...steps('package', () => packageSteps(reportFolder)),
    ...steps('speed', () => [instructionsStep()]),
  ];
}

/** Runs everything; the exit code is 0 only when all of it passed. */
async function main() {
  const { describe, runSteps } = require('./checks/steps');
  const selection = readSelection(process.argv.slice(2));
  const reportFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-reports-'));
  try {
    console.log('=== Set-up ===');
    for (const addon of addonsFor(selection.groups)) await setUp({ forTests: true, addon });
    const { failed } = await runSteps(stepsOf(selection, reportFolder));
    process.exitCode = failed === 0 ? 0 : 1;
  } catch (error) {
    reportFailure(error);
    console.log(describe({ passed: 0, failed: 1 }));
  } finally {
    fs.rmSync(reportFolder, { recursive: true, force: true });
  }
}

if (!tellsHelp(__filename)) main().catch(reportFailure);
