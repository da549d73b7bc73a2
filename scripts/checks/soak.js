'use strict';

/**
 * Three minutes of `npm run soak`. They run beside the checks that come before, as both leave the other some of the
 * machine. Each promise of the soak counts as one.
 */

const fs = require('node:fs');
const path = require('node:path');
const { TOP, run } = require('../support/processes');

const MINUTES = 3;

/** Where it is found after a failure. */
const FOLDER = path.join(TOP, '.cache/soak');

/**
 * @typedef {{ passed: boolean }[]} Checks
 *
 * @param {string} report
 * @returns {Checks} None when there is no report.
 */
function readChecks(report) {
  return fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')).checks : [];
}

/** @returns {import('./steps').Step} */
function soakStep(folder = FOLDER, minutes = MINUTES) {
  const report = path.join(folder, 'soak-report.json');
  /** @type {ReturnType<typeof run> | undefined} */
  let running;
  const begin = () => {
    fs.rmSync(report, { force: true });
    const script = path.join(TOP, 'scripts/soak.js');
    running ??= run(process.execPath, [script, '--minutes', `${minutes}`, '--out', folder]);
    return running;
  };
  return {
    name: 'Soak',
    begin,
    async run() {
      const { code, output } = await (running ?? begin());
      console.log(output);
      const checks = readChecks(report);
      const passed = checks.filter((check) => check.passed).length;
      const failed = checks.length - passed;
      return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
    },
  };
}

module.exports = { soakStep };
