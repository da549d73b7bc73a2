'use strict';

/**
 * `npm test`: the set-up, then every check. Its last line reads `N passed, N failed`, the sum over all of them.
 * For developers, `npm test -- --only lint|js|cpp|speed` runs one of the four groups.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { reportFailure, setUp } = require('./setup');

const GROUPS = ['lint', 'js', 'cpp', 'speed'];

/** The groups that use the addon, or what it is linked from. */
const ADDON_GROUPS = ['js', 'speed'];

/** @returns {string[]} The groups to run. */
function chosenGroups() {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
  if (only === undefined) return GROUPS;
  if (!GROUPS.includes(only)) throw new Error(`--only takes one of ${GROUPS.join(', ')}`);
  return [only];
}

/**
 * The checks are loaded here and not above: some need packages that the set-up installs.
 *
 * @param {string[]} groups
 * @param {string} reportFolder
 * @returns {import('./checks/steps').Step[]}
 */
function stepsOf(groups, reportFolder) {
  const { cppSteps } = require('./checks/cpp');
  const { instructionsStep } = require('./checks/instructions');
  const { javascriptSteps } = require('./checks/javascript');
  const { lintSteps } = require('./checks/lint');
  return [
    ...(groups.includes('lint') ? lintSteps() : []),
    ...(groups.includes('js') ? javascriptSteps(reportFolder) : []),
    ...(groups.includes('cpp') ? cppSteps(reportFolder) : []),
    ...(groups.includes('speed') ? [instructionsStep()] : []),
  ];
}

/** Runs everything; the exit code is 0 only when all of it passed. */
async function main() {
  const { describe, runSteps } = require('./checks/steps');
  const groups = chosenGroups();
  try {
    console.log('=== Set-up ===');
    await setUp({
      forTests: true,
      withAddon: groups.some((group) => ADDON_GROUPS.includes(group)),
    });
  } catch (error) {
    reportFailure(error);
    console.log(describe({ passed: 0, failed: 1 }));
    return;
  }
  const reportFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-reports-'));
  try {
    const { failed } = await runSteps(stepsOf(groups, reportFolder));
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    fs.rmSync(reportFolder, { recursive: true, force: true });
  }
}

main().catch(reportFailure);
